-- Addresses for which somebody asked for a new password, until a worker has looked whether they
-- belong to an account.
CREATE TABLE reset_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email TEXT NOT NULL,
    asked_at TIMESTAMP NOT NULL
);
