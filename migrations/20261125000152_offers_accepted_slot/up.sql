ALTER TABLE offers
    -- Which of its slots was accepted; the booking may move later on.
    ADD COLUMN accepted_start_at timestamptz CHECK (accepted_start_at IS NULL OR status = 'accepted');
-- A request whose booking was called off may be booked again, from another offer. One at a time is what
-- `bookings_one_confirmed_key` is for.
DROP INDEX offers_one_accepted_key;
