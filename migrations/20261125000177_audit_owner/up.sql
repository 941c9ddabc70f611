-- What admins did with what is somebody's: taken along by whom it is about.
CREATE INDEX audit_log_owner_idx ON audit_log (owner_id, id) WHERE owner_id IS NOT NULL;
