-- In the order in which they are locked.
CREATE TYPE llm_budget AS ENUM ('guests', 'address', 'user', 'session');

-- What was spent of a budget, and what calls in flight may yet spend. A conversation's has no day: it is that of 1970-01-01.
-- The key is a user, a conversation, the hash of an address, or nil for all guests together.
CREATE TABLE llm_budgets (
  scope llm_budget NOT NULL,
  key uuid NOT NULL,
  day date NOT NULL,
  spent_micros bigint NOT NULL DEFAULT 0 CHECK (spent_micros >= 0),
  reserved_micros bigint NOT NULL DEFAULT 0 CHECK (reserved_micros >= 0),
  PRIMARY KEY (scope, key, day)
) WITH (fillfactor = 50);
CREATE INDEX llm_budgets_day ON llm_budgets (day);

-- What a call in flight has reserved, of which budgets. One whose process has died lapses: it is given back, and kept as
-- nothing for a day, so that what a call has cost that was only late still counts.
CREATE TABLE llm_reservations (
  id uuid PRIMARY KEY,
  micros bigint NOT NULL CHECK (micros >= 0),
  day date NOT NULL,
  guests uuid,
  address uuid,
  payer uuid,
  session uuid,
  expires_at timestamptz NOT NULL
);
CREATE INDEX llm_reservations_expires ON llm_reservations (expires_at);

-- The budgets that a reservation is of, in the order in which they are locked.
CREATE FUNCTION llm_budgets_of(r llm_reservations)
RETURNS TABLE (scope llm_budget, key uuid, day date) LANGUAGE sql IMMUTABLE AS $$
  SELECT b.scope, b.key, b.day FROM (VALUES
    ('guests'::llm_budget, (r).guests, (r).day), ('address', (r).address, (r).day), ('user', (r).payer, (r).day),
    ('session', (r).session, date '1970-01-01')
  ) b (scope, key, day) WHERE b.key IS NOT NULL ORDER BY b.scope
$$;

-- Reserves of every budget that a call falls under, or of none: then it answers which is used up. A limit of 0 is none.
-- Each row is locked before it is read, each statement sees what was committed before it, and the locks last till the
-- transaction ends: calls that run at once cannot reserve the same money.
CREATE FUNCTION llm_reserve(
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

-- Puts what a call has cost in the place of what it had reserved.
CREATE FUNCTION llm_settle(call uuid, cost bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  r llm_reservations;
  b record;
BEGIN
  DELETE FROM llm_reservations WHERE id = call RETURNING * INTO r;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  FOR b IN SELECT * FROM llm_budgets_of(r) LOOP
    UPDATE llm_budgets x SET reserved_micros = x.reserved_micros - r.micros, spent_micros = x.spent_micros + cost
      WHERE x.scope = b.scope AND x.key = b.key AND x.day = b.day;
  END LOOP;
  RETURN true;
END
$$;

-- Gives back what calls have reserved of which nothing was heard any more; answers how many those were.
CREATE FUNCTION llm_release() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  r llm_reservations;
  b record;
  released bigint := 0;
BEGIN
  DELETE FROM llm_reservations WHERE expires_at <= now() AND micros = 0;
  FOR r IN SELECT * FROM llm_reservations WHERE expires_at <= now() AND micros > 0
           ORDER BY guests, address, payer, session LIMIT 1000 FOR UPDATE SKIP LOCKED LOOP
    UPDATE llm_reservations SET micros = 0, expires_at = now() + interval '1 day' WHERE id = r.id;
    FOR b IN SELECT * FROM llm_budgets_of(r) LOOP
      UPDATE llm_budgets x SET reserved_micros = x.reserved_micros - r.micros
        WHERE x.scope = b.scope AND x.key = b.key AND x.day = b.day;
    END LOOP;
    released := released + 1;
  END LOOP;
  RETURN released;
END
$$;
