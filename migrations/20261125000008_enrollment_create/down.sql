DROP TABLE enrollment_media;
DROP TABLE enrollment_history;
DROP TABLE enrollments;
DROP TYPE enrollment_status;
