-- What admins did with what is not theirs.
CREATE TABLE audit_log (
    id         uuid PRIMARY KEY,
    -- Null where an operator did it on the command line.
    admin_id   uuid REFERENCES users (id),
    action     text NOT NULL CHECK (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
    object_id  uuid NOT NULL,
    -- Whose it was.
    owner_id   uuid REFERENCES users (id),
    note       jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_object_idx ON audit_log (object_id);

-- What happened stays as it was written.
CREATE FUNCTION audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_log_stays';
END $$;
CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_stays();
