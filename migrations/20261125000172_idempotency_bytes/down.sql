ALTER TABLE idempotency_keys
    ALTER COLUMN route TYPE text COLLATE "default",
    ALTER COLUMN key TYPE text COLLATE "default";
