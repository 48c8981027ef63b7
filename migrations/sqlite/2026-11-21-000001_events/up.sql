CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    stream TEXT NOT NULL,
    stream_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    facts TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    cause TEXT NOT NULL,
    UNIQUE (stream, stream_id, seq)
);
CREATE INDEX events_by_time ON events (at, id);

-- One row for each form that was accepted: the same form sent again gets the same answer.
CREATE TABLE submissions (
    key TEXT NOT NULL PRIMARY KEY,
    outcome TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX submissions_by_age ON submissions (created_at);

-- Which documents an index has to read again; `revision` grows by one with each change.
CREATE TABLE search_revisions (
    index_name TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
CREATE TABLE search_changes (
    index_name TEXT NOT NULL,
    revision BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    PRIMARY KEY (index_name, revision),
    UNIQUE (index_name, item_id)
);
