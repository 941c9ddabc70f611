-- That a row is made changes no role: what an issuer said before its user first came counts.
ALTER TABLE users ALTER COLUMN role_changed_at SET DEFAULT 'epoch';
