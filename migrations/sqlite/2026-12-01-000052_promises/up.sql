-- The ledger of promises: what customers were told, line by line. A line is settled once (kept,
-- moved, broken) and never changes afterwards. `watch_at` is when it has to be looked at next.
-- `extended`: it took the place of one that could not be kept.
CREATE TABLE promises (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    goal TEXT NOT NULL,
    turn BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    made_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    watch_at TIMESTAMP NOT NULL,
    warned_at TIMESTAMP,
    settled_at TIMESTAMP,
    extended BOOLEAN NOT NULL,
    policy_id BIGINT NOT NULL REFERENCES sla_policies (id) ON DELETE RESTRICT,
    policy_version BIGINT NOT NULL,
    calendar_id BIGINT NOT NULL REFERENCES calendars (id) ON DELETE RESTRICT,
    calendar_version BIGINT NOT NULL
);
-- One promise stands about each thing that is awaited.
CREATE UNIQUE INDEX promises_standing ON promises (ticket_id, goal) WHERE state IN ('made', 'paused');
CREATE INDEX promises_by_ticket ON promises (ticket_id, id);
CREATE INDEX promises_watched ON promises (state, watch_at, id);
CREATE INDEX promises_by_age ON promises (made_at, id);
CREATE INDEX promises_by_state ON promises (state, made_at, id);
