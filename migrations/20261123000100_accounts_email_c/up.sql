-- Case of e-mails is folded as the code does it (ASCII), whatever the collation of the database: the unique index on
-- lower(email) takes the column's.
ALTER TABLE accounts ALTER COLUMN email TYPE text COLLATE "C";
