DROP TRIGGER audit_keeps_its_words;
-- What the audit says of an event stays as well: a value may go, or lose what names somebody, in
-- whose place an ellipsis stands. Nothing else may take a value's place.
CREATE TRIGGER audit_keeps_its_words BEFORE UPDATE OF data, facts ON events
WHEN OLD.audit IS NOT NULL
    AND EXISTS (
        SELECT 1
        FROM (
            SELECT 'data' AS part, fullkey, type, atom FROM json_tree(NEW.data)
            UNION ALL
            SELECT 'facts', fullkey, type, atom FROM json_tree(NEW.facts)
        ) AS said
        WHERE said.atom IS NOT NULL AND said.atom <> ''
            AND NOT (said.type = 'text' AND said.atom LIKE '%…%')
            AND NOT EXISTS (
                SELECT 1
                FROM (
                    SELECT 'data' AS part, fullkey, type, atom FROM json_tree(OLD.data)
                    UNION ALL
                    SELECT 'facts', fullkey, type, atom FROM json_tree(OLD.facts)
                ) AS was
                WHERE was.part = said.part AND was.fullkey = said.fullkey AND was.type = said.type
                    AND was.atom = said.atom
            )
    )
BEGIN
    SELECT RAISE(ABORT, 'events cannot be changed, only blanked');
END;
