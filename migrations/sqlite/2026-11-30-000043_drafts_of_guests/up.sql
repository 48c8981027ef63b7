-- Drafts of people who are not signed in: told apart by their browser.
-- SQLite cannot lift NOT NULL: the table is made anew, and its files are told again whose they are.
CREATE TABLE drafts_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- Whose it is: somebody signed in, or nobody and then a browser's, by its mark.
    person_id BIGINT REFERENCES people (id) ON DELETE CASCADE,
    -- Which form, and what it is about; 0 is nothing.
    form TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    -- A JSON object of texts.
    fields TEXT NOT NULL,
    -- Key of the form that wrote last: tells a window from another.
    form_key TEXT NOT NULL,
    -- Microseconds of the last change; grows with each, and never comes again.
    revision BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    guest TEXT,
    CHECK ((person_id IS NULL) <> (guest IS NULL)),
    UNIQUE (person_id, form, subject_id),
    UNIQUE (guest, form, subject_id)
);
INSERT INTO drafts_anew
    SELECT id, person_id, form, subject_id, fields, form_key, revision, updated_at, NULL FROM drafts;
CREATE TABLE draft_of_file AS
    SELECT id, draft_id FROM draft_files WHERE draft_id IS NOT NULL;
DROP TABLE drafts;
ALTER TABLE drafts_anew RENAME TO drafts;
UPDATE draft_files
    SET draft_id = (SELECT draft_id FROM draft_of_file WHERE draft_of_file.id = draft_files.id)
    WHERE id IN (SELECT id FROM draft_of_file);
DROP TABLE draft_of_file;
CREATE INDEX drafts_by_age ON drafts (updated_at);
CREATE INDEX drafts_of_guests ON drafts (updated_at, id) WHERE guest IS NOT NULL;
