CREATE TABLE sections (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    icon TEXT NOT NULL,
    position INTEGER NOT NULL,
    UNIQUE (language, key)
);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    language TEXT NOT NULL,
    slug TEXT NOT NULL,
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    audience TEXT NOT NULL,
    tags TEXT NOT NULL,
    questions TEXT NOT NULL,
    headings TEXT NOT NULL,
    review_on TEXT,
    translation TEXT,
    path TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    html TEXT NOT NULL,
    plain TEXT NOT NULL,
    words INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP,
    revision BIGINT NOT NULL,
    UNIQUE (language, slug)
);
CREATE INDEX articles_by_section ON articles (language, section, title);
CREATE INDEX articles_by_translation ON articles (translation, language);

-- Files that could not be read: their last good version stays up meanwhile.
CREATE TABLE article_faults (
    path TEXT NOT NULL PRIMARY KEY,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    since TIMESTAMP NOT NULL
);

-- An article opened from the form of a new request. Without a ticket it is a deflection.
CREATE TABLE deflections (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    form_key TEXT NOT NULL,
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    person_id BIGINT REFERENCES people (id) ON DELETE SET NULL,
    subject TEXT NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    settled_at TIMESTAMP,
    ticket_id BIGINT,
    UNIQUE (form_key, article_id)
);
CREATE INDEX deflections_by_age ON deflections (opened_at);
