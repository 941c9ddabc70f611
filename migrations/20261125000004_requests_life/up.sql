ALTER TABLE requests
    -- Where the work shall be done; null: where the provider will.
    ADD COLUMN place        service_place,
    -- When it was last matched, and when it is to be matched again without anybody asking.
    ADD COLUMN matched_at   timestamptz,
    ADD COLUMN next_match_at timestamptz,
    -- The consumer hears once that nobody fits.
    ADD COLUMN no_match_told_at timestamptz,
    ADD CONSTRAINT requests_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog_services (id) NOT VALID;
CREATE INDEX requests_user_idx ON requests (user_id, id DESC);
CREATE INDEX requests_expiry_idx ON requests (expires_at) WHERE status IN ('matching', 'matched', 'offers_received');
CREATE INDEX requests_next_match_idx ON requests (next_match_at)
    WHERE next_match_at IS NOT NULL AND status IN ('matching', 'matched');
-- Whom a new provider may fit.
CREATE INDEX requests_unmatched_idx ON requests (service_id) WHERE status = 'matching';

CREATE TABLE request_history (
    request_id uuid NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    "from"     request_status NOT NULL,
    "to"       request_status NOT NULL,
    -- Null where nobody did it but time or a task.
    actor_id   uuid REFERENCES users (id),
    note       text CHECK (length(note) <= 2000),
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (request_id, at)
);

CREATE TABLE request_media (
    request_id uuid NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    media_id   uuid NOT NULL REFERENCES media (id),
    position   int NOT NULL,
    PRIMARY KEY (request_id, media_id)
);
CREATE INDEX request_media_media_idx ON request_media (media_id);

ALTER TABLE request_matches
    -- Which routing it came with.
    ADD COLUMN round       int NOT NULL DEFAULT 1 CHECK (round > 0),
    -- When the provider offered or passed, for the first time.
    ADD COLUMN answered_at timestamptz;
