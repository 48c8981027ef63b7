-- The desk counts by status, team and assignee: these indexes hold all that it reads.
CREATE INDEX tickets_counted ON tickets (open, status, team_id, assignee_id);
DROP INDEX tickets_open;
CREATE INDEX tickets_open ON tickets (open, updated_at, id, status, team_id, assignee_id);
