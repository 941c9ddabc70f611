DROP FUNCTION llm_release;
DROP FUNCTION llm_settle;
DROP FUNCTION llm_reserve;
DROP FUNCTION llm_budgets_of;
DROP TABLE llm_reservations;
DROP TABLE llm_budgets;
DROP TYPE llm_budget;
