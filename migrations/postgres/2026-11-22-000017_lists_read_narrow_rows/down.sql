-- The order of the columns means nothing to a program.
DROP INDEX tickets_by_request_type;
