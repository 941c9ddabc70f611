-- What a message says beside its words: a button, what it is about, photos; and what an answer came from.
ALTER TABLE chat_messages
    -- {"kind": "approve"|"edit"|"cancel", "draft_id", "draft_version"}
    ADD COLUMN action  jsonb CHECK (jsonb_typeof(action) = 'object'),
    -- {"request_id"|"offer_id"|"booking_id"|"provider_id"}
    ADD COLUMN context jsonb CHECK (jsonb_typeof(context) = 'object');

CREATE TABLE chat_media (
    message_id uuid NOT NULL REFERENCES chat_messages (id) ON DELETE CASCADE,
    media_id   uuid NOT NULL REFERENCES media (id),
    position   int NOT NULL,
    PRIMARY KEY (message_id, media_id)
);
CREATE INDEX chat_media_media_idx ON chat_media (media_id);

ALTER TABLE chat_sessions
    -- What was said up to a message that the model does not see any more, in a few sentences.
    ADD COLUMN summary     text,
    -- The role that its owner has now and did not have when something was last said; cleared once it was acknowledged.
    ADD COLUMN became      agent_role,
    ADD COLUMN summary_seq bigint NOT NULL DEFAULT 0 CHECK (summary_seq >= 0);

-- Which prompts a model's answer came from.
ALTER TABLE task_steps ADD COLUMN prompt text;
