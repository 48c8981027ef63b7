DROP TRIGGER audit_keeps_its_words ON events;
DROP FUNCTION keep_words_of_audit();
DROP FUNCTION words_of_event(TEXT, TEXT);
-- What the audit says of an event stays word for word: each value and each name of one stands where it
-- stood, or is gone, or is blank. An ellipsis beside other words was enough to write anything.
-- Of JSON as it is written (not JSONB): a name that is there twice is seen twice.
CREATE FUNCTION words_of_event(event_data TEXT, event_facts TEXT)
    RETURNS TABLE (place TEXT[], said TEXT) LANGUAGE sql AS $$
    WITH RECURSIVE parts (place, said) AS (
        SELECT * FROM (
            VALUES (ARRAY['data'], event_data::json), (ARRAY['facts'], event_facts::json)
        ) AS roots (place, said)
        UNION ALL
        SELECT array_append(parts.place, inner_part.name), inner_part.said
        FROM parts, LATERAL (
            SELECT name, value AS said
            FROM json_each(CASE json_typeof(parts.said) WHEN 'object' THEN parts.said ELSE '{}' END)
                AS fields (name, value)
            UNION ALL
            SELECT number::text, value
            FROM json_array_elements(CASE json_typeof(parts.said) WHEN 'array' THEN parts.said ELSE '[]' END)
                WITH ORDINALITY AS items (value, number)
        ) AS inner_part
    )
    SELECT parts.place,
        CASE json_typeof(parts.said) WHEN 'object' THEN '{' WHEN 'array' THEN '[' ELSE parts.said::text END
    FROM parts
$$;
CREATE FUNCTION keep_words_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM words_of_event(NEW.data, NEW.facts) AS now
        WHERE NOT EXISTS (
            SELECT 1 FROM words_of_event(OLD.data, OLD.facts) AS was
            WHERE was.place = now.place AND (was.said = now.said OR now.said IN ('null', '""'))
        )
    ) THEN
        RAISE EXCEPTION 'events cannot be changed, only blanked';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_keeps_its_words BEFORE UPDATE OF data, facts ON events
    FOR EACH ROW WHEN (OLD.audit IS NOT NULL) EXECUTE FUNCTION keep_words_of_audit();
