DROP TRIGGER bookings_tell_made ON bookings;
DROP TRIGGER bookings_tell_changed ON bookings;
CREATE TRIGGER bookings_tell AFTER INSERT OR UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION bookings_tell();
DROP INDEX bookings_unreminded_idx;
CREATE INDEX bookings_confirmed_start_idx ON bookings (start_at) WHERE status = 'confirmed';
ALTER TABLE bookings DROP COLUMN reminded_at;
