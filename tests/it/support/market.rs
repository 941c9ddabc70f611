//! Things of the marketplace, made by SQL, for tests that are about what becomes of them.

use proxie_shared::model::users::Role;
use uuid::Uuid;

use super::App;

impl App {
    /// A new user of this role, as a row.
    pub async fn user_row(&self, role: Role) -> Uuid {
        let id = Uuid::now_v7();
        let made = format!(
            "INSERT INTO users (id, issuer, subject, role, role_earned) VALUES ('{id}', 'proxie', '{id}', '{role}', {})",
            role == Role::Provider
        );
        self.database.execute(&made).await;
        id
    }

    /// A provider in the middle of Brooklyn who cuts hair for $40 to $80 in an hour, there or at the consumer's, at any
    /// time of any day, without notice.
    pub async fn provider_row(&self, user: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        let day = r#"[{"start": "00:00", "end": "00:00"}]"#;
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let weekly = days.map(|name| format!(r#""{name}": {day}"#)).join(", ");
        let made = format!(
            "INSERT INTO providers (id, user_id, name, city, zone, latitude, longitude, radius_km, email, phone, street)
               VALUES ('{id}', '{user}', 'Curls & Co', 'Brooklyn', 'America/New_York', 40.68, -73.94, 10,
                       'curls@example.com', '+1 718 555 0100', '12 Bergen Street');
             INSERT INTO provider_services (provider_id, service_id, places, price_min_cents, price_max_cents,
                                            duration_minutes, specializations)
               VALUES ('{id}', 'haircut', '{{provider,consumer}}', 4000, 8000, 60, '{{curly hair}}');
             INSERT INTO availability (provider_id, weekly, notice_minutes) VALUES ('{id}', '{{{weekly}}}', 0)"
        );
        self.database.execute(&made).await;
        id
    }

    /// A request for a haircut in Brooklyn, without a window, which is being matched; its matching has not begun.
    pub async fn request_row(&self, consumer: Uuid) -> Uuid {
        let (id, task) = (Uuid::now_v7(), Uuid::now_v7());
        let made = format!(
            "INSERT INTO requests (id, user_id, service_id, city, zone, latitude, longitude, budget_max_cents,
                                   budget_currency, description, specializations, expires_at)
               VALUES ('{id}', '{consumer}', 'haircut', 'Brooklyn', 'America/New_York', 40.68, -73.94, 6000, 'USD',
                       'curly hair', '{{curly hair}}', now() + interval '14 days');
             INSERT INTO tasks (id, kind, user_id, request_id, trace_id)
               VALUES ('{task}', 'matching', '{consumer}', '{id}', 'trace')"
        );
        self.database.execute(&made).await;
        id
    }

    /// Routes a request to a provider.
    pub async fn lead_row(&self, request: Uuid, provider: Uuid) {
        let made = format!(
            "INSERT INTO request_matches (request_id, provider_id, score, factors)
               VALUES ('{request}', '{provider}', 0.5, '[]');
             UPDATE requests SET status = 'matched' WHERE id = '{request}' AND status = 'matching'"
        );
        self.database.execute(&made).await;
    }

    /// Providers who have not said when they work, work at any time, without notice.
    pub async fn open_calendars(&self) {
        let hours = r#"[{"start": "00:00", "end": "00:00"}]"#;
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let weekly = days.map(|name| format!(r#""{name}": {hours}"#)).join(", ");
        let made = format!(
            "INSERT INTO availability (provider_id, weekly, notice_minutes) SELECT id, '{{{weekly}}}', 0 FROM providers
             ON CONFLICT DO NOTHING"
        );
        self.database.execute(&made).await;
    }

    /// A live offer of an hour for $50, tomorrow at noon and at three in New York.
    pub async fn offer_row(&self, request: Uuid, provider: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        let at = |hour: u32| {
            format!(
                "((now() AT TIME ZONE 'America/New_York')::date + 1 + time '{hour}:00') AT TIME ZONE 'America/New_York'"
            )
        };
        let slot = |hour: u32| format!("('{id}', {0}, {0} + interval '1 hour')", at(hour));
        let made = format!(
            r#"INSERT INTO offers (id, request_id, provider_id, service_id, price_cents, currency, duration_minutes, message,
                                 snapshot, expires_at)
               VALUES ('{id}', '{request}', '{provider}', 'haircut', 5000, 'USD', 60, 'I would love to',
                       '{{"name": "Curls & Co", "city": "Brooklyn", "rating": null, "review_count": 0,
                          "completed_jobs": 0}}', now() + interval '12 hours');
             INSERT INTO offer_slots (offer_id, start_at, end_at) VALUES {}, {};
             UPDATE requests SET status = 'offers_received' WHERE id = '{request}' AND status IN ('matching', 'matched')"#,
            slot(12),
            slot(15)
        );
        self.database.execute(&made).await;
        id
    }

    /// A booking of an offer, from so many hours from now on; its offer and request stand accordingly.
    pub async fn booking_row(&self, offer: Uuid, from_hours: i32) -> Uuid {
        let id = Uuid::now_v7();
        let made = format!(
            "UPDATE offers SET status = 'accepted' WHERE id = '{offer}';
             UPDATE requests SET status = 'booked' WHERE id = (SELECT request_id FROM offers WHERE id = '{offer}');
             INSERT INTO bookings (id, request_id, offer_id, provider_id, user_id, service_id, price_cents, currency,
                                   start_at, end_at, zone, place)
               SELECT '{id}', o.request_id, o.id, o.provider_id, r.user_id, o.service_id, o.price_cents, o.currency,
                 date_trunc('minute', now()) + interval '{from_hours} hours',
                 date_trunc('minute', now()) + interval '{from_hours} hours' + interval '1 hour', r.zone, 'provider'
               FROM offers o JOIN requests r ON r.id = o.request_id WHERE o.id = '{offer}'"
        );
        self.database.execute(&made).await;
        id
    }

    /// A booking of a consumer with a provider that is done: it began so many hours ago.
    pub async fn done_booking_row(&self, consumer: Uuid, provider: Uuid, hours_ago: i32) -> Uuid {
        let request = self.request_row(consumer).await;
        self.lead_row(request, provider).await;
        let offer = self.offer_row(request, provider).await;
        let booking = self.booking_row(offer, -hours_ago).await;
        let done = format!(
            "UPDATE bookings SET status = 'completed', ended_at = end_at WHERE id = '{booking}';
             UPDATE requests SET status = 'completed' WHERE id = '{request}'"
        );
        self.database.execute(&done).await;
        booking
    }

    /// What the consumer of a booking says of it; the provider's reputation does not follow.
    pub async fn review_row(&self, booking: Uuid, rating: i32) -> Uuid {
        let id = Uuid::now_v7();
        let made = format!(
            "INSERT INTO reviews (id, provider_id, booking_id, user_id, author, rating, text)
               SELECT '{id}', provider_id, id, user_id, 'Maya', {rating}, 'Lovely curls'
               FROM bookings WHERE id = '{booking}'"
        );
        self.database.execute(&made).await;
        id
    }

    /// A photo that is in the store, as its row says.
    pub async fn media_row(&self, owner: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        let made = format!(
            "INSERT INTO media (id, user_id, kind, mime, bytes, width, height, ready_at)
               VALUES ('{id}', '{owner}', 'image', 'image/jpeg', 1000, 640, 480, now())"
        );
        self.database.execute(&made).await;
        id
    }

    /// Something that a user was told and has not read.
    pub async fn notification_row(&self, user: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        let made = format!(
            "INSERT INTO notifications (id, user_id, kind) VALUES ('{id}', '{user}', 'enrollment_decided')"
        );
        self.database.execute(&made).await;
        id
    }

    /// The row of somebody who has called.
    pub async fn id_of(&self, caller: &super::Caller) -> Uuid {
        let me = caller.get("/auth/me").await.expect(200).body;
        me["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
    }
}
