-- Lists of articles read all columns but the texts. Behind the texts, the last columns cost
-- SQLite a walk through all pages of each text.
ALTER TABLE articles ADD COLUMN kept_html TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN kept_plain TEXT NOT NULL DEFAULT '';
UPDATE articles SET kept_html = html, kept_plain = plain;
ALTER TABLE articles DROP COLUMN html;
ALTER TABLE articles DROP COLUMN plain;
ALTER TABLE articles RENAME COLUMN kept_html TO html;
ALTER TABLE articles RENAME COLUMN kept_plain TO plain;

-- How many requests a kind has.
CREATE INDEX tickets_by_request_type ON tickets (request_type_id);
