-- Whose matching was lost: nothing says when they are matched next.
CREATE INDEX requests_forgotten_idx ON requests ((coalesce(matched_at, created_at)))
    WHERE next_match_at IS NULL AND status IN ('matching', 'matched');
