-- Which budget of a call that was refused is used up by what was spent; none where only what calls in flight have reserved stands
-- in its way, which passes. What was spent never gets less, so what is answered for good holds. A limit of 0 is none.
CREATE FUNCTION llm_used_up(
  payer uuid, conversation uuid, amount bigint,
  guests_limit bigint, address_limit bigint, user_limit bigint, session_limit bigint
) RETURNS llm_budget LANGUAGE sql STABLE AS $$
  WITH guest AS (
    SELECT u.guest_address FROM users u WHERE u.id = llm_used_up.payer AND u.role = 'guest'
  ), limits (scope, key, day, most) AS (
    SELECT 'guests'::llm_budget, '00000000-0000-0000-0000-000000000000'::uuid, (now() AT TIME ZONE 'UTC')::date, guests_limit
      FROM guest
    UNION ALL SELECT 'address', guest_address, (now() AT TIME ZONE 'UTC')::date, address_limit FROM guest
    UNION ALL SELECT 'user', llm_used_up.payer, (now() AT TIME ZONE 'UTC')::date, user_limit
    UNION ALL SELECT 'session', conversation, date '1970-01-01', session_limit
  )
  SELECT l.scope FROM limits l LEFT JOIN llm_budgets b ON b.scope = l.scope AND b.key = l.key AND b.day = l.day
  WHERE l.key IS NOT NULL AND l.most > 0 AND coalesce(b.spent_micros, 0) + amount > l.most
  ORDER BY l.scope LIMIT 1
$$;
