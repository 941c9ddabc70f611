DROP TRIGGER audit_log_stays_whole ON audit_log;
