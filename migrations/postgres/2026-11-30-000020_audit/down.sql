DROP TRIGGER events_stay_as_they_are ON events;
DROP TRIGGER events_stay ON events;
DROP FUNCTION refuse_to_change_events();
DROP INDEX events_audited_by_thing;
DROP INDEX events_audited_by_actor_and_area;
DROP INDEX events_audited_by_actor;
DROP INDEX events_audited_by_area;
DROP INDEX events_audited;
ALTER TABLE events DROP COLUMN audit;
