ALTER TABLE bookings DROP COLUMN proposed_note;
