DROP TABLE offer_history;
DROP TABLE offer_slots;
DROP TABLE offers;
DROP TYPE offer_status;
