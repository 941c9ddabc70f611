-- Keys and routes are compared, never sorted for people: bytes do, and cost less than letters.
ALTER TABLE idempotency_keys
    ALTER COLUMN route TYPE text COLLATE "C",
    ALTER COLUMN key TYPE text COLLATE "C";
