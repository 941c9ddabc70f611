DROP TABLE drafts;
DROP TABLE chat_messages;
DROP TABLE chat_sessions;
DROP TYPE draft_status;
DROP TYPE draft_kind;
DROP TYPE message_author;
DROP TYPE agent_role;
