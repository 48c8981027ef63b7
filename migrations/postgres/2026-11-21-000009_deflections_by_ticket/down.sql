DROP INDEX deflections_by_ticket;
