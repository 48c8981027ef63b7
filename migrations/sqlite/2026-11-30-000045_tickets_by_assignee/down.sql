DROP INDEX tickets_by_assignee;
