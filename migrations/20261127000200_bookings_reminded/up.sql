-- That both sides of a booking were reminded of it: a look for those that are due passes nothing that was done before. It is
-- no news of the booking.
ALTER TABLE bookings ADD COLUMN reminded_at timestamptz;
DROP TRIGGER bookings_tell ON bookings;
CREATE TRIGGER bookings_tell_made AFTER INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION bookings_tell();
CREATE TRIGGER bookings_tell_changed AFTER UPDATE ON bookings FOR EACH ROW
    WHEN (old.reminded_at IS NOT DISTINCT FROM new.reminded_at) EXECUTE FUNCTION bookings_tell();

UPDATE bookings b SET reminded_at = n.created_at
FROM notifications n WHERE n.booking_id = b.id AND n.kind = 'reminder_24h';
DROP INDEX bookings_confirmed_start_idx;
CREATE INDEX bookings_unreminded_idx ON bookings (start_at) WHERE status = 'confirmed' AND reminded_at IS NULL;
