DROP TRIGGER audit_keeps_its_words ON events;
DROP FUNCTION keep_words_of_audit();
DROP FUNCTION words_of_event(TEXT, TEXT);
-- What the audit says of an event stays as well: a value may go, or lose what names somebody, in
-- whose place an ellipsis stands. Nothing else may take a value's place.
CREATE FUNCTION words_of_event(event_data TEXT, event_facts TEXT)
    RETURNS TABLE (place TEXT, said JSONB) LANGUAGE sql AS $$
    WITH RECURSIVE parts (place, said) AS (
        SELECT * FROM (VALUES ('data', event_data::jsonb), ('facts', event_facts::jsonb)) AS roots (place, said)
        UNION ALL
        SELECT parts.place || '.' || inner_part.name, inner_part.said
        FROM parts, LATERAL (
            SELECT name, value AS said
            FROM jsonb_each(CASE jsonb_typeof(parts.said) WHEN 'object' THEN parts.said ELSE '{}' END)
                AS fields (name, value)
            UNION ALL
            SELECT number::text, value
            FROM jsonb_array_elements(CASE jsonb_typeof(parts.said) WHEN 'array' THEN parts.said ELSE '[]' END)
                WITH ORDINALITY AS items (value, number)
        ) AS inner_part
    )
    SELECT parts.place, parts.said FROM parts
    WHERE jsonb_typeof(parts.said) NOT IN ('object', 'array', 'null') AND parts.said <> '""'
$$;
CREATE FUNCTION keep_words_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM words_of_event(NEW.data, NEW.facts) AS now
        WHERE NOT (jsonb_typeof(now.said) = 'string' AND now.said #>> '{}' LIKE '%…%')
            AND NOT EXISTS (
                SELECT 1 FROM words_of_event(OLD.data, OLD.facts) AS was
                WHERE was.place = now.place AND was.said = now.said
            )
    ) THEN
        RAISE EXCEPTION 'events cannot be changed, only blanked';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_keeps_its_words BEFORE UPDATE OF data, facts ON events
    FOR EACH ROW WHEN (OLD.audit IS NOT NULL) EXECUTE FUNCTION keep_words_of_audit();
