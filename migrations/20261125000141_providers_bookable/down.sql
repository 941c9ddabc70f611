DROP FUNCTION is_bookable(licence_status, date);
