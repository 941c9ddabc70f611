-- The span of the call that made the task, in the trace `trace_id`; null unless traces are sent somewhere.
ALTER TABLE tasks ADD COLUMN parent_span text;
