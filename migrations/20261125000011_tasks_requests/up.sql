ALTER TABLE tasks ADD CONSTRAINT tasks_lead_check CHECK (kind NOT IN ('offer_draft', 'auto_offer') OR request_id IS NOT NULL);
