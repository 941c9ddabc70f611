ALTER TABLE task_steps DROP COLUMN prompt;
ALTER TABLE chat_sessions DROP COLUMN summary, DROP COLUMN became, DROP COLUMN summary_seq;
DROP TABLE chat_media;
ALTER TABLE chat_messages DROP COLUMN action, DROP COLUMN context;
