DROP TABLE task_steps;
DROP TABLE tasks;
DROP FUNCTION tasks_stay_ended();
DROP TYPE step_kind;
DROP TYPE task_stage;
DROP TYPE task_status;
DROP TYPE task_kind;
