DROP INDEX requests_forgotten_idx;
