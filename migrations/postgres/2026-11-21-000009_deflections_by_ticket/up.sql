-- What somebody had read is shown beside each ticket.
CREATE INDEX deflections_by_ticket ON deflections (ticket_id);
