DROP TABLE booking_history;
DROP TABLE bookings;
DROP TYPE booking_side;
DROP TYPE booking_status;
DROP EXTENSION btree_gist;
