CREATE TABLE tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    request_type_id BIGINT NOT NULL REFERENCES request_types (id) ON DELETE RESTRICT,
    status TEXT NOT NULL,
    open BOOLEAN NOT NULL,
    priority TEXT NOT NULL,
    priority_rank INTEGER NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    requester_id BIGINT NOT NULL REFERENCES people (id) ON DELETE RESTRICT,
    organisation_id BIGINT REFERENCES organisations (id) ON DELETE RESTRICT,
    team_id BIGINT REFERENCES teams (id) ON DELETE RESTRICT,
    assignee_id BIGINT REFERENCES people (id) ON DELETE RESTRICT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    responded_at TIMESTAMP,
    pending_at TIMESTAMP,
    resolved_at TIMESTAMP,
    closed_at TIMESTAMP,
    last_author TEXT NOT NULL,
    message_count BIGINT NOT NULL,
    reopened_count BIGINT NOT NULL,
    version BIGINT NOT NULL
);
-- Lists are read by activity, newest first, within "open" and one of these columns.
CREATE INDEX tickets_open ON tickets (open, updated_at, id);
CREATE INDEX tickets_open_by_assignee ON tickets (open, assignee_id, updated_at, id);
CREATE INDEX tickets_open_by_team ON tickets (open, team_id, updated_at, id);
CREATE INDEX tickets_by_status ON tickets (status, updated_at, id);
CREATE INDEX tickets_by_requester ON tickets (requester_id, updated_at, id);
CREATE INDEX tickets_by_organisation ON tickets (organisation_id, updated_at, id);
CREATE INDEX tickets_open_by_age ON tickets (open, created_at, id);
CREATE INDEX tickets_open_by_priority ON tickets (open, priority_rank, id);
CREATE INDEX tickets_resolved ON tickets (status, resolved_at);

CREATE TABLE ticket_tags (
    ticket_id BIGINT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (ticket_id, tag)
);
CREATE INDEX ticket_tags_by_tag ON ticket_tags (tag, ticket_id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    visibility TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id BIGINT REFERENCES people (id) ON DELETE SET NULL,
    channel TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (ticket_id, seq)
);

CREATE TABLE attachments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX attachments_by_ticket ON attachments (ticket_id, message_id);
CREATE INDEX attachments_by_content ON attachments (sha256);
