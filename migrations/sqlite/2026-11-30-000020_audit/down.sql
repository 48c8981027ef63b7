DROP TRIGGER events_stay_as_they_are;
DROP TRIGGER events_stay;
DROP INDEX events_audited_by_thing;
DROP INDEX events_audited_by_actor_and_area;
DROP INDEX events_audited_by_actor;
DROP INDEX events_audited_by_area;
DROP INDEX events_audited;
ALTER TABLE events DROP COLUMN audit;
