-- Media whose row is gone and whose objects may still be in the store: written with the deletion, whoever deletes, and
-- taken out once the store has nothing of it.
CREATE TABLE media_gone (
    id      uuid PRIMARY KEY,
    gone_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION media_note_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO media_gone (id) SELECT id FROM gone ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER media_note_gone AFTER DELETE ON media
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION media_note_gone();
