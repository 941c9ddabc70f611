-- Reserves of every budget that a call falls under, or of none: then it answers which is used up. A limit of 0 is none.
-- Each row is locked before it is read, each statement sees what was committed before it, and the locks last till the
-- transaction ends: calls that run at once cannot reserve the same money.
CREATE OR REPLACE FUNCTION llm_reserve(
  call uuid, payer uuid, conversation uuid, amount bigint, lasts interval,
  guests_limit bigint, address_limit bigint, user_limit bigint, session_limit bigint
) RETURNS llm_budget LANGUAGE plpgsql AS $$
DECLARE
  r llm_reservations;
  b record;
  used bigint;
BEGIN
  r.id := call;
  r.micros := amount;
  r.day := (now() AT TIME ZONE 'UTC')::date;
  r.expires_at := now() + lasts;
  r.payer := CASE WHEN user_limit > 0 THEN llm_reserve.payer END;
  r.session := CASE WHEN session_limit > 0 THEN conversation END;
  SELECT CASE WHEN guests_limit > 0 THEN '00000000-0000-0000-0000-000000000000'::uuid END,
         CASE WHEN address_limit > 0 THEN u.guest_address END
    INTO r.guests, r.address FROM users u WHERE u.id = llm_reserve.payer AND u.role = 'guest';
  FOR b IN SELECT * FROM llm_budgets_of(r) LOOP
    SELECT spent_micros + reserved_micros INTO used FROM llm_budgets x
      WHERE x.scope = b.scope AND x.key = b.key AND x.day = b.day FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      INSERT INTO llm_budgets (scope, key, day) VALUES (b.scope, b.key, b.day) ON CONFLICT DO NOTHING;
      SELECT spent_micros + reserved_micros INTO STRICT used FROM llm_budgets x
        WHERE x.scope = b.scope AND x.key = b.key AND x.day = b.day FOR NO KEY UPDATE;
    END IF;
    IF (used + amount > CASE b.scope WHEN 'guests' THEN guests_limit WHEN 'address' THEN address_limit
                                    WHEN 'user' THEN user_limit ELSE session_limit END) THEN
      RETURN b.scope;
    END IF;
  END LOOP;
  UPDATE llm_budgets x SET reserved_micros = x.reserved_micros + amount
    FROM llm_budgets_of(r) o WHERE x.scope = o.scope AND x.key = o.key AND x.day = o.day;
  INSERT INTO llm_reservations SELECT (r).*;
  RETURN NULL;
END
$$;

DROP FUNCTION llm_settle(uuid, uuid, uuid, bigint);
