DROP INDEX tickets_open;
CREATE INDEX tickets_open ON tickets (open, updated_at, id);
DROP INDEX tickets_counted;
