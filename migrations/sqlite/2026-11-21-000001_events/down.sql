DROP TABLE search_changes;
DROP TABLE search_revisions;
DROP TABLE submissions;
DROP TABLE events;
