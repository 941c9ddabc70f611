DROP FUNCTION llm_used_up;
