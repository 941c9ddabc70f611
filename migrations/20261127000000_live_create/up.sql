-- What people's clients are told as it happens: one row for each thing of somebody's that is new or other than it was,
-- written by triggers, so that no way of changing it can forget to. What a row is about is read when it is told, by whoever
-- may then read it; the row itself says only that there is something.
CREATE TYPE live_event_kind AS ENUM (
    'task:update', 'chat:delta', 'message:new', 'request:updated', 'offer:new', 'offer:updated', 'lead:new',
    'booking:confirmed', 'booking:updated', 'booking:cancelled', 'notification:new');

CREATE TABLE live_events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       live_event_kind NOT NULL,
    -- What it is about: a task, message, request, offer, booking or notification, by its kind.
    subject_id uuid NOT NULL,
    -- What is told of a delta, which is kept nowhere else.
    data       jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Given once the transaction is over, in the order in which transactions ended: the number among this user's, without a
    -- gap, and the place among everybody's. Numbers given in the transaction would make all that concerns somebody wait
    -- for each other.
    seq        bigint CHECK (seq > 0),
    position   bigint CHECK (position > 0),
    CHECK ((kind = 'chat:delta') = (data IS NOT NULL)),
    CHECK ((seq IS NULL) = (position IS NULL)),
    CONSTRAINT live_events_user_seq_key UNIQUE (user_id, seq),
    CONSTRAINT live_events_position_key UNIQUE (position)
) WITH (fillfactor = 80);
CREATE INDEX live_events_unnumbered_idx ON live_events (id) WHERE position IS NULL;
CREATE INDEX live_events_created_idx ON live_events (created_at);
-- What is told of a task goes with its conversation.
CREATE INDEX live_events_delta_idx ON live_events (subject_id) WHERE kind = 'chat:delta';

-- The last number of each user's, which outlives the events.
CREATE TABLE live_counters (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    last    bigint NOT NULL CHECK (last > 0)
) WITH (fillfactor = 70);
-- The last place.
CREATE TABLE live_log (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    last bigint NOT NULL CHECK (last >= 0)
);
INSERT INTO live_log (last) VALUES (0);

CREATE FUNCTION tasks_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id) VALUES (new.user_id, 'task:update', new.id);
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_tell AFTER UPDATE ON tasks FOR EACH ROW
    WHEN (new.kind IN ('chat', 'matching')
          AND (old.status, old.stage, old.user_id) IS DISTINCT FROM (new.status, new.stage, new.user_id))
    EXECUTE FUNCTION tasks_tell();

CREATE FUNCTION chat_messages_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id)
    SELECT s.user_id, 'message:new', new.id FROM chat_sessions s WHERE s.id = new.session_id;
    RETURN NULL;
END $$;
CREATE TRIGGER chat_messages_tell AFTER INSERT ON chat_messages FOR EACH ROW EXECUTE FUNCTION chat_messages_tell();

CREATE FUNCTION requests_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id) VALUES (new.user_id, 'request:updated', new.id);
    RETURN NULL;
END $$;
-- Not of what only the matching keeps for itself.
CREATE TRIGGER requests_tell AFTER UPDATE ON requests FOR EACH ROW
    WHEN ((old.status, old.updated_at) IS DISTINCT FROM (new.status, new.updated_at))
    EXECUTE FUNCTION requests_tell();

CREATE FUNCTION offers_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id)
    SELECT r.user_id, CASE tg_op WHEN 'INSERT' THEN 'offer:new' ELSE 'offer:updated' END::live_event_kind, new.id
    FROM requests r WHERE r.id = new.request_id;
    INSERT INTO live_events (user_id, kind, subject_id)
    SELECT p.user_id, 'offer:updated', new.id FROM providers p WHERE p.id = new.provider_id AND tg_op = 'UPDATE';
    RETURN NULL;
END $$;
CREATE TRIGGER offers_tell AFTER INSERT OR UPDATE ON offers FOR EACH ROW EXECUTE FUNCTION offers_tell();

CREATE FUNCTION bookings_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id)
    SELECT side, CASE WHEN tg_op = 'INSERT' THEN 'booking:confirmed'
                      WHEN new.status = 'cancelled' THEN 'booking:cancelled'
                      ELSE 'booking:updated' END::live_event_kind, new.id
    FROM (SELECT new.user_id UNION SELECT p.user_id FROM providers p WHERE p.id = new.provider_id) sides (side);
    RETURN NULL;
END $$;
CREATE TRIGGER bookings_tell AFTER INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION bookings_tell();

-- A lead is new when its provider is told of it.
CREATE FUNCTION notifications_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id) VALUES (new.user_id, 'notification:new', new.id);
    IF new.kind = 'lead' THEN
        INSERT INTO live_events (user_id, kind, subject_id) VALUES (new.user_id, 'lead:new', new.request_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notifications_tell AFTER INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION notifications_tell();

-- What was said goes with what it was said of; the number stays, so that nobody takes it for lost.
CREATE FUNCTION tasks_untell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE live_events SET data = '{}' WHERE kind = 'chat:delta' AND subject_id = old.id;
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_untell AFTER DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION tasks_untell();
