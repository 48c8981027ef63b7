-- Drafts of people who are not signed in: told apart by their browser.
ALTER TABLE drafts ALTER COLUMN person_id DROP NOT NULL;
-- The mark of the browser.
ALTER TABLE drafts ADD COLUMN guest TEXT;
ALTER TABLE drafts ADD CHECK ((person_id IS NULL) <> (guest IS NULL));
ALTER TABLE drafts ADD UNIQUE (guest, form, subject_id);
CREATE INDEX drafts_of_guests ON drafts (updated_at, id) WHERE guest IS NOT NULL;
