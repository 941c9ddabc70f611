CREATE TYPE notification_kind AS ENUM (
    'lead', 'offer', 'offer_declined', 'offer_expired', 'booked', 'rescheduled', 'cancelled', 'reminder_24h', 'completed',
    'review_due', 'review', 'review_response', 'enrollment_decided', 'no_match', 'request_expired');

CREATE TABLE notifications (
    id            uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind          notification_kind NOT NULL,
    -- What it is about, as far as it is about one.
    request_id    uuid REFERENCES requests (id) ON DELETE CASCADE,
    offer_id      uuid REFERENCES offers (id) ON DELETE CASCADE,
    booking_id    uuid REFERENCES bookings (id) ON DELETE CASCADE,
    review_id     uuid REFERENCES reviews (id) ON DELETE CASCADE,
    enrollment_id uuid REFERENCES enrollments (id) ON DELETE CASCADE,
    read_at       timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notifications_user_idx ON notifications (user_id, id DESC);
CREATE INDEX notifications_unread_idx ON notifications (user_id, id DESC) WHERE read_at IS NULL;
-- Said once, whoever says it and however often it is tried.
CREATE UNIQUE INDEX notifications_once_booking_key ON notifications (booking_id, user_id, kind)
    WHERE kind IN ('booked', 'reminder_24h', 'completed', 'review_due');
CREATE UNIQUE INDEX notifications_once_request_key ON notifications (request_id, user_id, kind)
    WHERE kind IN ('lead', 'no_match', 'request_expired');
