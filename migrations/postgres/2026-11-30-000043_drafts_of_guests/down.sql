DELETE FROM drafts WHERE person_id IS NULL;
DROP INDEX drafts_of_guests;
ALTER TABLE drafts DROP COLUMN guest;
ALTER TABLE drafts ALTER COLUMN person_id SET NOT NULL;
