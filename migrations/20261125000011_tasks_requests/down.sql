ALTER TABLE tasks DROP CONSTRAINT tasks_lead_check;
