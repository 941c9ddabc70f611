-- What a user's provider had made: found when they leave. Other tasks are found by their conversation or request.
CREATE INDEX tasks_user_idx ON tasks (user_id) WHERE session_id IS NULL AND kind <> 'matching';
