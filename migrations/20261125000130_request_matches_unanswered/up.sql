-- Leads that nobody has answered: those that become a day old count as such.
CREATE INDEX request_matches_unanswered_idx ON request_matches (routed_at) WHERE answered_at IS NULL;
