ALTER TABLE audit_log DISABLE TRIGGER audit_log_stays;
DELETE FROM audit_log WHERE object_id IS NULL;
ALTER TABLE audit_log ENABLE TRIGGER audit_log_stays;
DROP INDEX audit_log_slug_idx;
ALTER TABLE audit_log
    DROP CONSTRAINT audit_log_object_check,
    DROP COLUMN object_slug,
    ALTER COLUMN object_id SET NOT NULL;
