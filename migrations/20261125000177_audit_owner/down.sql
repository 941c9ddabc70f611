DROP INDEX audit_log_owner_idx;
