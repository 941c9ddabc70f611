ALTER TABLE users ALTER COLUMN role_changed_at SET DEFAULT now();
