-- Business calendars. At most one is shown to customers; `version` is the number of the latest row in
-- calendar_versions.
CREATE TABLE calendars (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL UNIQUE,
    shown BOOLEAN NOT NULL,
    follows_file BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    archived_at TIMESTAMP,
    version BIGINT NOT NULL
);

-- What a calendar said, for ever: due times name the version that they were counted by. Rows are
-- added and never changed; `content` is JSON.
CREATE TABLE calendar_versions (
    calendar_id BIGINT NOT NULL REFERENCES calendars (id) ON DELETE RESTRICT,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    author_id BIGINT REFERENCES people (id) ON DELETE SET NULL,
    PRIMARY KEY (calendar_id, number)
);
