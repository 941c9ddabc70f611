-- What the catalog holds has slugs for ids.
ALTER TABLE audit_log
    ALTER COLUMN object_id DROP NOT NULL,
    ADD COLUMN object_slug text CHECK (length(object_slug) BETWEEN 1 AND 100),
    ADD CONSTRAINT audit_log_object_check CHECK ((object_id IS NULL) <> (object_slug IS NULL));
CREATE INDEX audit_log_slug_idx ON audit_log (object_slug) WHERE object_slug IS NOT NULL;
