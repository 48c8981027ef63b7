-- Which part of the audit an event belongs to; NULL for the many that do not.
ALTER TABLE events ADD COLUMN audit TEXT;

UPDATE events SET audit = CASE
    WHEN kind = 'sign_in_denied' THEN 'denial'
    WHEN stream = 'person' AND kind IN ('signed_in', 'signed_out', 'session_ended', 'sessions_ended',
        'password_changed', 'factor_added', 'factor_removed', 'factor_reset', 'recovery_codes_made',
        'recovery_code_used') THEN 'sign_in'
    WHEN stream = 'person' AND kind IN ('invited', 'role_changed', 'disabled', 'enabled') THEN 'rights'
    WHEN stream = 'team' AND kind = 'members_set' THEN 'rights'
    WHEN stream = 'organisation' AND kind IN ('member_joined', 'member_left') THEN 'rights'
    WHEN stream IN ('team', 'organisation', 'request_type', 'company', 'sign_in') THEN 'settings'
END
WHERE stream IN ('person', 'team', 'organisation', 'request_type', 'company', 'sign_in');

CREATE INDEX events_audited ON events (at, id) WHERE audit IS NOT NULL;
CREATE INDEX events_audited_by_area ON events (audit, at, id) WHERE audit IS NOT NULL;
CREATE INDEX events_audited_by_actor ON events (actor_id, at, id) WHERE audit IS NOT NULL;
CREATE INDEX events_audited_by_actor_and_area ON events (actor_id, audit, at, id)
    WHERE audit IS NOT NULL;
CREATE INDEX events_audited_by_thing ON events (stream, stream_id, at, id) WHERE audit IS NOT NULL;

-- What is recorded stays. Only `data` and `facts` may be blanked, when somebody's data has to go.
CREATE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events cannot be deleted, and not changed, only blanked';
END
$$;
CREATE TRIGGER events_stay BEFORE DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_events();
CREATE TRIGGER events_stay_as_they_are
    BEFORE UPDATE OF id, stream, stream_id, seq, at, kind, actor_kind, actor_id, cause, audit
    ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_events();
