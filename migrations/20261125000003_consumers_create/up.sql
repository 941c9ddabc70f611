CREATE TABLE consumer_profiles (
    user_id    uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Contact: shown to the other side of a booking only.
    email      text CHECK (length(email) BETWEEN 3 AND 254),
    phone      text CHECK (length(phone) BETWEEN 3 AND 40),
    street     text CHECK (length(street) BETWEEN 1 AND 300),
    city       text CHECK (length(city) BETWEEN 1 AND 200),
    zone       text,
    latitude   float8 CHECK (latitude BETWEEN -90 AND 90),
    longitude  float8 CHECK (longitude BETWEEN -180 AND 180),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
