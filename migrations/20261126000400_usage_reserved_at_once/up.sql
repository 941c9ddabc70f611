-- Reserves of every budget that a call falls under, or of none: then it answers which is used up. A limit of 0 is none.
-- One statement for each budget looks, locks and adds: the row that a conflict locks is judged as it then is, and stays locked till
-- the transaction ends. So calls that run at once cannot reserve the same money. What was added is taken back if a later budget is
-- used up: few calls are refused.
CREATE OR REPLACE FUNCTION llm_reserve(
  call uuid, payer uuid, conversation uuid, amount bigint, lasts interval,
  guests_limit bigint, address_limit bigint, user_limit bigint, session_limit bigint
) RETURNS llm_budget LANGUAGE plpgsql AS $$
DECLARE
  r llm_reservations;
  b record;
  most bigint;
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
    most := CASE b.scope WHEN 'guests' THEN guests_limit WHEN 'address' THEN address_limit
                         WHEN 'user' THEN user_limit ELSE session_limit END;
    INSERT INTO llm_budgets AS x (scope, key, day, reserved_micros)
      SELECT b.scope, b.key, b.day, amount WHERE amount <= most
      ON CONFLICT (scope, key, day) DO UPDATE SET reserved_micros = x.reserved_micros + amount
        WHERE x.spent_micros + x.reserved_micros + amount <= most;
    IF NOT FOUND THEN
      UPDATE llm_budgets x SET reserved_micros = x.reserved_micros - amount
        FROM llm_budgets_of(r) o WHERE o.scope < b.scope AND x.scope = o.scope AND x.key = o.key AND x.day = o.day;
      RETURN b.scope;
    END IF;
  END LOOP;
  INSERT INTO llm_reservations SELECT (r).*;
  RETURN NULL;
END
$$;

-- Puts what a call has cost in the place of what it had reserved. A reservation is not waited for till it is on the disk: one that is
-- gone went with the last moments of a database that crashed, and the cost is charged all the same, to what it would have been
-- reserved of. (The function of two arguments goes with the release after this one: older processes call it.)
CREATE FUNCTION llm_settle(call uuid, payer uuid, conversation uuid, cost bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  r llm_reservations;
  b record;
BEGIN
  DELETE FROM llm_reservations WHERE id = call RETURNING * INTO r;
  IF NOT FOUND THEN
    r.micros := 0;
    r.day := (now() AT TIME ZONE 'UTC')::date;
    r.payer := llm_settle.payer;
    r.session := conversation;
    SELECT '00000000-0000-0000-0000-000000000000'::uuid, u.guest_address
      INTO r.guests, r.address FROM users u WHERE u.id = llm_settle.payer AND u.role = 'guest';
  END IF;
  FOR b IN SELECT * FROM llm_budgets_of(r) LOOP
    INSERT INTO llm_budgets AS x (scope, key, day, spent_micros) VALUES (b.scope, b.key, b.day, cost)
      ON CONFLICT (scope, key, day) DO UPDATE
      SET reserved_micros = x.reserved_micros - r.micros, spent_micros = x.spent_micros + cost;
  END LOOP;
  RETURN true;
END
$$;
