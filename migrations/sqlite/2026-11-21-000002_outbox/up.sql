CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    to_address TEXT NOT NULL,
    to_name TEXT NOT NULL,
    language TEXT NOT NULL,
    data TEXT NOT NULL,
    subject TEXT NOT NULL,
    thread TEXT,
    in_reply_to TEXT,
    secret BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at TIMESTAMP NOT NULL,
    leased_until TIMESTAMP,
    exported_at TIMESTAMP,
    failing_since TIMESTAMP,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP
);
CREATE INDEX mails_to_send ON mails (status, next_attempt_at);
CREATE INDEX mails_by_age ON mails (created_at, id);
CREATE INDEX mails_by_recipient ON mails (to_address, created_at);
CREATE INDEX mails_by_thread ON mails (thread, id);
