DROP INDEX tokens_by_subject;
