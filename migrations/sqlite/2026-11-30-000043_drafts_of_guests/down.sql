CREATE TABLE drafts_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    form TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    fields TEXT NOT NULL,
    form_key TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, form, subject_id)
);
INSERT INTO drafts_anew
    SELECT id, person_id, form, subject_id, fields, form_key, revision, updated_at
    FROM drafts WHERE person_id IS NOT NULL;
CREATE TABLE draft_of_file AS
    SELECT id, draft_id FROM draft_files WHERE draft_id IN (SELECT id FROM drafts_anew);
DROP TABLE drafts;
ALTER TABLE drafts_anew RENAME TO drafts;
UPDATE draft_files
    SET draft_id = (SELECT draft_id FROM draft_of_file WHERE draft_of_file.id = draft_files.id)
    WHERE id IN (SELECT id FROM draft_of_file);
DROP TABLE draft_of_file;
CREATE INDEX drafts_by_age ON drafts (updated_at);
