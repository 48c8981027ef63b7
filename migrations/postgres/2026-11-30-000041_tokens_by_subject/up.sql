-- Links to a thing end together.
CREATE INDEX tokens_by_subject ON tokens (subject_id, purpose) WHERE subject_id IS NOT NULL;
