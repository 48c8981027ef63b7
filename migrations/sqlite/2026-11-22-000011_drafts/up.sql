-- What people have typed and not sent yet: one for each person and place.
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
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
    UNIQUE (person_id, form, subject_id)
);
CREATE INDEX drafts_by_age ON drafts (updated_at);

CREATE TABLE draft_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- None once its draft is gone: the content follows after a day.
    draft_id BIGINT REFERENCES drafts (id) ON DELETE SET NULL,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- When it was added; without a draft, since when.
    since TIMESTAMP NOT NULL
);
CREATE INDEX draft_files_by_draft ON draft_files (draft_id, id);
CREATE INDEX draft_files_by_content ON draft_files (sha256);
