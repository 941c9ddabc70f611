-- What is said with another slot that is proposed.
ALTER TABLE bookings
    ADD COLUMN proposed_note text CHECK (length(proposed_note) BETWEEN 1 AND 1000),
    ADD CONSTRAINT bookings_proposed_note_with_check CHECK (proposed_note IS NULL OR proposed_by IS NOT NULL);
