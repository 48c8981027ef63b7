DROP INDEX deflections_by_person;
DROP INDEX messages_by_author;
DROP TABLE erasures;
