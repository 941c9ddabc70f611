//! A marketplace with so many of everything, made by SQL: most of it is other people's, a part is of two who deal with
//! each other all the time.

use std::ops::RangeInclusive;
use std::time::Duration;

use proxie_shared::model::users::Role;
use uuid::Uuid;

use crate::support::{App, Caller, tokens};

/// The number of the two whom this is about.
const OURS: usize = 2;

/// An id that says what it is of and its number.
const NAMED: &str = "
CREATE FUNCTION named(kind text, i bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (to_hex(ascii(kind)) || '000000-0000-0000-7000-8000' || lpad(to_hex(i), 8, '0'))::uuid";

/// How the rows of number `i` are named, `mine` of them being of the two.
const CROWD: &str = r#"
INSERT INTO users (id, issuer, subject, role, name)
  SELECT named('c', i), 'proxie', named('c', i)::text, 'consumer', 'Consumer ' || i FROM n;
INSERT INTO users (id, issuer, subject, role, role_earned, name)
  SELECT named('u', i), 'proxie', named('u', i)::text, 'provider', true, 'Provider ' || i FROM n;
INSERT INTO providers (id, user_id, name, bio, city, zone, latitude, longitude, radius_km, rating, rating_mean, review_count)
  SELECT named('p', i), named('u', i), 'Provider ' || i, CASE i % 500 WHEN 2 THEN 'balayage' ELSE 'cuts' END,
    'City ' || i % 200, 'America/New_York', 25 + i % 200 * 0.12, -100 + i % 200 * 0.2, 10,
    CASE WHEN i % 3 > 0 THEN 3 + i % 20 / 10.0 END, CASE WHEN i % 3 > 0 THEN 3 + i % 20 / 10.0 END, i % 3 * 4
  FROM n;
INSERT INTO provider_services (provider_id, service_id, places, price_min_cents, price_max_cents, duration_minutes,
                               specializations)
  SELECT named('p', i), s.id, '{provider,consumer}', 3000 + i % 97 * 100, 13000 + i % 89 * 100, 60, '{curly hair}'
  FROM n, LATERAL (
    (SELECT 'haircut' AS id) UNION ALL
    (SELECT id FROM catalog_services WHERE NOT licensed AND retired_at IS NULL AND id <> 'haircut'
     ORDER BY md5(id || i % 20) LIMIT 2)) s;
INSERT INTO availability (provider_id, weekly, notice_minutes)
  SELECT named('p', i), '{"monday": [{"start": "09:00", "end": "17:00"}], "friday": [{"start": "09:00", "end": "17:00"}]}', 0
  FROM n;
INSERT INTO media (id, user_id, kind, mime, bytes, width, height, ready_at)
  SELECT named('m', i), provider_user, 'image', 'image/jpeg', 1000, 640, 480, now() FROM n;
INSERT INTO portfolio_items (id, provider_id, media_id, title)
  SELECT named('w', i), provider, named('m', i), 'Work ' || i FROM n;
INSERT INTO provider_templates (id, provider_id, name, body)
  SELECT named('t', i), provider, 'Template ' || i, 'Hello' FROM n;
INSERT INTO requests (id, user_id, service_id, city, zone, budget_max_cents, budget_currency, description, specializations,
                      status, expires_at)
  SELECT named('r', i), consumer, 'haircut', 'City ' || i % 200, 'America/New_York', 6000, 'USD', 'curls',
    '{curly hair}',
    ('{matched,offers_received,booked,completed,cancelled}'::text[])[i % 5 + 1]::request_status, now() + interval '9 days'
  FROM n;
INSERT INTO request_matches (request_id, provider_id, score, factors, viewed_at, passed_at)
  SELECT named('r', i), provider, 0.5, '[]', CASE i % 2 WHEN 0 THEN now() END, CASE i % 7 WHEN 0 THEN now() END FROM n;
INSERT INTO offers (id, request_id, provider_id, service_id, price_cents, currency, duration_minutes, snapshot, status,
                    expires_at)
  SELECT named('o', i), named('r', i), provider, 'haircut', 5000, 'USD', 60,
    '{"name": "Curls", "city": "Brooklyn", "rating": null, "review_count": 0, "completed_jobs": 0}',
    ('{withdrawn,pending,accepted,accepted,accepted}'::text[])[i % 5 + 1]::offer_status, now() + interval '20 hours'
  FROM n;
INSERT INTO offer_slots (offer_id, start_at, end_at)
  SELECT named('o', i), now() + interval '30 hours', now() + interval '31 hours' FROM n;
INSERT INTO bookings (id, request_id, offer_id, provider_id, user_id, service_id, price_cents, currency, start_at, end_at,
                      zone, place, status, cancel_reason, ended_at)
  SELECT named('b', i), named('r', i), named('o', i), provider, consumer, 'haircut', 5000, 'USD',
    now() + i * interval '2 hours', now() + i * interval '2 hours' + interval '1 hour', 'America/New_York', 'provider',
    ('{confirmed,completed,cancelled}'::text[])[i % 5 - 1]::booking_status,
    CASE i % 5 WHEN 4 THEN 'ill' END, CASE i % 5 WHEN 2 THEN NULL ELSE now() END
  FROM n WHERE i % 5 >= 2;
INSERT INTO reviews (id, provider_id, booking_id, user_id, author, rating, text)
  SELECT named('v', i), provider, named('b', i), consumer, 'Maya', 4, 'good' FROM n WHERE i % 5 IN (2, 3);
INSERT INTO notifications (id, user_id, kind, request_id, read_at)
  SELECT named('n', i * 2 + side), CASE side WHEN 1 THEN consumer ELSE provider_user END, 'offer', named('r', i),
    CASE i % 3 WHEN 0 THEN now() END
  FROM n, generate_series(1, 2) side;
INSERT INTO enrollments (id, user_id, status, submitted_at, expires_at)
  SELECT named('e', i), named('c', i), 'pending_verification', now(), now() + interval '90 days' FROM n;
INSERT INTO chat_sessions (id, user_id, role) SELECT named('s', i), consumer, 'consumer' FROM n;
INSERT INTO chat_messages (id, session_id, seq, turn, author, text, data)
  SELECT named('h', i), CASE WHEN i <= mine THEN named('s', ours) ELSE named('s', i) END, i, i, 'assistant', 'Hi',
    jsonb_build_object('shows', jsonb_build_object('request', named('r', i), 'offers', ARRAY[named('o', i)],
      'bookings', ARRAY[named('b', i)], 'leads', ARRAY[named('r', i)], 'enrollment', named('e', i)))
  FROM n;
INSERT INTO chat_media (message_id, media_id, position) SELECT named('h', i), named('m', i), 0 FROM n;
INSERT INTO tasks (id, kind, user_id, request_id, trace_id, status, stage, error_code)
  SELECT named('k', i), 'matching', consumer, named('r', i), 'trace',
    CASE i % 500 WHEN 2 THEN 'failed' ELSE 'cancelled' END::task_status, 'done', CASE i % 500 WHEN 2 THEN 'internal' END
  FROM n;
INSERT INTO audit_log (id, action, object_id, owner_id)
  SELECT named('a', i), 'booking.cancel', named('b', i), consumer FROM n;
"#;

/// One request of the consumer's has also been routed to all these, and they have offered.
const SOUGHT_AFTER: &str = r#"
INSERT INTO request_matches (request_id, provider_id, score, factors)
  SELECT named('r', ours), named('p', i), 0.4, '[]' FROM n WHERE i <= mine AND i <> ours;
INSERT INTO offers (id, request_id, provider_id, service_id, price_cents, currency, duration_minutes, snapshot, expires_at)
  SELECT named('f', i), named('r', ours), named('p', i), 'haircut', 5000, 'USD', 60,
    '{"name": "Curls", "city": "Brooklyn", "rating": null, "review_count": 0, "completed_jobs": 0}', now() + interval '20 hours'
  FROM n WHERE i <= mine AND i <> ours;
"#;

/// The crowd, and the two in it.
pub struct Crowd<'a> {
    app: &'a App,
    mine: usize,
    /// Who needs a lot.
    pub consumer: Caller,
    /// Who does it.
    pub provider: Caller,
    /// Who sees everything.
    pub admin: Caller,
}

impl<'a> Crowd<'a> {
    /// One of everything, of the two.
    pub async fn of_two(app: &'a App, mine: usize) -> Self {
        Self::behind(app, &app.anybody(), mine).await
    }

    /// The same, of whom the two call another API than the app's own.
    pub async fn behind(app: &'a App, api: &Caller, mine: usize) -> Self {
        let admin = app.user_row(Role::Admin).await;
        let user = |id: Uuid, role| {
            let token = tokens().local(&id.to_string(), role, Duration::from_secs(3_600)).expect("a token");
            api.with_token(&token)
        };
        let (consumer, provider) = (user(named('c'), Role::Consumer), user(named('u'), Role::Provider));
        let admin = user(admin, Role::Admin);
        let crowd = Self { app, mine, consumer, provider, admin };
        app.database.execute(NAMED).await;
        crowd.add(OURS..=OURS).await;
        crowd
    }

    /// Many more; `mine` of all are of the two.
    pub async fn grow(&self, all: usize) {
        self.add(1..=1).await;
        self.add(3..=all).await;
        self.app.database.execute("ANALYZE").await;
    }

    async fn add(&self, numbers: RangeInclusive<usize>) {
        let rows = format!(
            "(SELECT i, {mine} AS mine, {OURS} AS ours,
               named('c', CASE WHEN i <= {mine} THEN {OURS} ELSE i END) AS consumer,
               named('p', CASE WHEN i <= {mine} THEN {OURS} ELSE i END) AS provider,
               named('u', CASE WHEN i <= {mine} THEN {OURS} ELSE i END) AS provider_user
              FROM generate_series({}, {}) i) n",
            numbers.start(),
            numbers.end(),
            mine = self.mine,
        );
        let sql = CROWD.to_owned() + SOUGHT_AFTER;
        self.app.database.execute(&sql.replace("FROM n", &format!("FROM {rows}"))).await;
    }

    /// What the two have of a kind: `p` a provider, `r` a request, `s` a conversation.
    pub fn id(&self, kind: char) -> Uuid {
        named(kind)
    }
}

/// As the function of this name in SQL.
fn named(kind: char) -> Uuid {
    Uuid::from_u128((kind as u128) << 120 | 0x7000_8000_0000_0002)
}
