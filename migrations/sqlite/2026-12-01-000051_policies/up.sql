-- What is promised to whom. The first, by position, whose condition holds applies to a ticket;
-- `version` is the number of the latest row in sla_policy_versions.
CREATE TABLE sla_policies (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    archived_at TIMESTAMP,
    version BIGINT NOT NULL
);

-- What a policy said, for ever. Rows are added and never changed; `content` is JSON.
CREATE TABLE sla_policy_versions (
    policy_id BIGINT NOT NULL REFERENCES sla_policies (id) ON DELETE RESTRICT,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    author_id BIGINT REFERENCES people (id) ON DELETE SET NULL,
    PRIMARY KEY (policy_id, number)
);

-- Which policy and calendar, in which versions, the clocks of a ticket go by: the last choice in
-- the ticket's stream "ticket_sla". `by_hand`: somebody chose it, and no rule changes it.
CREATE TABLE ticket_policies (
    ticket_id BIGINT NOT NULL PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    policy_id BIGINT REFERENCES sla_policies (id) ON DELETE RESTRICT,
    policy_version BIGINT NOT NULL,
    calendar_id BIGINT REFERENCES calendars (id) ON DELETE RESTRICT,
    calendar_version BIGINT NOT NULL,
    by_hand BOOLEAN NOT NULL
);
CREATE INDEX ticket_policies_by_policy ON ticket_policies (policy_id, ticket_id);

-- What is due next, for the lists: a projection of the ticket's history, its policy and its
-- calendar. `due_order` is what lists sort by: the due time while a clock runs, later than all of
-- those while it stands still, and last of all when nothing is due. `due_left` is what is left, in
-- seconds, of a clock that stands still.
ALTER TABLE tickets ADD COLUMN due_order TIMESTAMP NOT NULL DEFAULT '9999-01-02 00:00:00';
ALTER TABLE tickets ADD COLUMN due_goal TEXT;
ALTER TABLE tickets ADD COLUMN due_left BIGINT;
CREATE INDEX tickets_open_by_due ON tickets (open, due_order, id);
CREATE INDEX tickets_open_by_assignee_due ON tickets (open, assignee_id, due_order, id);
CREATE INDEX tickets_open_by_team_due ON tickets (open, team_id, due_order, id);

-- The work of counting all open tickets again after a change of a policy or a calendar: one row.
-- `wanted` grows with each change; what is done so far reaches up to a ticket.
CREATE TABLE sla_recounts (
    id BIGINT NOT NULL PRIMARY KEY,
    wanted BIGINT NOT NULL,
    done BIGINT NOT NULL,
    after_ticket BIGINT NOT NULL
);
