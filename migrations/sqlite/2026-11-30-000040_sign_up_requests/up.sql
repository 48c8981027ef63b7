-- Addresses for which somebody asked for an account, until a worker has looked whether they have
-- one.
CREATE TABLE sign_up_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    asked_at TIMESTAMP NOT NULL
);
