CREATE TABLE request_types (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    name_fr TEXT NOT NULL,
    name_en TEXT NOT NULL,
    hint_fr TEXT NOT NULL,
    hint_en TEXT NOT NULL,
    icon TEXT NOT NULL,
    position INTEGER NOT NULL,
    default_team_id BIGINT REFERENCES teams (id) ON DELETE SET NULL,
    default_priority TEXT NOT NULL,
    archived_at TIMESTAMP,
    version BIGINT NOT NULL
);
