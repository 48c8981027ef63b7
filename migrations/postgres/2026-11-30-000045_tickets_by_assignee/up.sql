-- When somebody's row goes, whatever names them is looked for, one person after the other. Nobody
-- waits in this index for an agent.
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, updated_at, id)
    WHERE assignee_id IS NOT NULL;
