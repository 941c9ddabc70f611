DROP INDEX tasks_user_idx;
