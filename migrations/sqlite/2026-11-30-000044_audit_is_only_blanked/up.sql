DROP TRIGGER audit_keeps_its_words;
-- What the audit says of an event stays word for word: each value and each name of one stands where it
-- stood, or is gone, or is blank. An ellipsis beside other words was enough to write anything.
CREATE TRIGGER audit_keeps_its_words BEFORE UPDATE OF data, facts ON events
WHEN OLD.audit IS NOT NULL
    AND (
        NOT json_valid(NEW.data) OR NOT json_valid(NEW.facts)
        OR EXISTS (
            SELECT 1
            FROM (
                SELECT 'data' AS part, fullkey, type, atom FROM json_tree(NEW.data)
                UNION ALL
                SELECT 'facts', fullkey, type, atom FROM json_tree(NEW.facts)
            ) AS said
            WHERE NOT EXISTS (
                SELECT 1
                FROM (
                    SELECT 'data' AS part, fullkey, type, atom FROM json_tree(OLD.data)
                    UNION ALL
                    SELECT 'facts', fullkey, type, atom FROM json_tree(OLD.facts)
                ) AS was
                WHERE was.part = said.part AND was.fullkey = said.fullkey
                    AND (
                        said.type = 'null'
                        OR (said.type = 'text' AND said.atom = '')
                        OR (was.type = said.type AND was.atom IS said.atom)
                    )
            )
        )
    )
BEGIN
    SELECT RAISE(ABORT, 'events cannot be changed, only blanked');
END;
