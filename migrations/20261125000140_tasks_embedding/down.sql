DROP INDEX tasks_embedding_idx;
