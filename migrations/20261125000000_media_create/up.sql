CREATE TYPE media_kind AS ENUM ('image', 'video');

-- What people upload. The object store holds the bytes under the id, and a small picture of it beside.
CREATE TABLE media (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id),
    kind       media_kind NOT NULL,
    mime       text NOT NULL CHECK (mime IN ('image/jpeg', 'image/png', 'image/webp', 'video/mp4')),
    bytes      bigint NOT NULL CHECK (bytes > 0),
    width      int CHECK (width > 0),
    height     int CHECK (height > 0),
    -- Null while it is on its way into the store: if that process dies, both are swept.
    ready_at   timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind = 'video') = (mime = 'video/mp4')),
    CHECK ((width IS NULL) = (height IS NULL)),
    CHECK (kind <> 'image' OR width IS NOT NULL)
);
CREATE INDEX media_user_idx ON media (user_id, id DESC);
-- What hangs on nothing is swept, the oldest first.
CREATE INDEX media_created_idx ON media (created_at);
