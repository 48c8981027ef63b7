-- A session is named in pages by an id of its own, and keeps what its owner is shown instead of what
-- the browser sent. The rows of before have neither: everybody signs in again.
DROP TABLE sessions;
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    public_id TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    device TEXT NOT NULL,
    network TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);

-- Who has to give a code besides the password. The key is sealed; last_step is the last 30 seconds
-- whose code was taken, so that none is taken twice.
CREATE TABLE second_factors (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    sealed_key TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    added_at TIMESTAMP NOT NULL
);

CREATE TABLE recovery_codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES second_factors (person_id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL UNIQUE,
    used_at TIMESTAMP
);
CREATE INDEX recovery_codes_by_person ON recovery_codes (person_id);

-- Somebody gave the right password and still owes the code: not a session, and good for nothing else.
CREATE TABLE pending_sign_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    misses INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX pending_sign_ins_by_person ON pending_sign_ins (person_id);
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);

-- One row at most, made when it is first needed; version numbers the events about signing in that are
-- about nobody in particular.
CREATE TABLE sign_in_rules (
    id BIGINT NOT NULL PRIMARY KEY,
    factor_required BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
