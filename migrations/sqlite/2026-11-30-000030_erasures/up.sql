-- Who was erased, in marks that name nobody: what a restored backup has to forget again.
CREATE TABLE erasures (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    person_mark TEXT NOT NULL UNIQUE,
    address_mark TEXT NOT NULL,
    erased_at TIMESTAMP NOT NULL,
    keep_texts BOOLEAN NOT NULL
);

-- What somebody wrote, and what was sent to them, is found without reading everybody's.
CREATE INDEX messages_by_author ON messages (author_id, id);
CREATE INDEX deflections_by_person ON deflections (person_id);
