//! Time passes, and what is over by it is written down.

use chrono::Duration;
use proxie_shared::domain::{bookings, offers, requests};

use super::world::World;

/// The instants of a world, and where they are.
const INSTANTS: [(&str, &[&str], &str); 5] = [
    (
        "requests",
        &["expires_at", "created_at", "matched_at", "next_match_at", "window_from", "window_to"],
        "user_id IN (CONSUMERS)",
    ),
    ("tasks", &["created_at"], "request_id IN (REQUESTS)"),
    ("offers", &["expires_at", "created_at", "accepted_start_at"], "request_id IN (REQUESTS)"),
    (
        "offer_slots",
        &["start_at", "end_at", "good_until"],
        "offer_id IN (SELECT id FROM offers WHERE request_id IN (REQUESTS))",
    ),
    (
        "bookings",
        &["start_at", "end_at", "proposed_start_at", "proposed_end_at", "proposed_until", "ended_at"],
        "user_id IN (CONSUMERS)",
    ),
];

impl World<'_> {
    /// Everything lies so much further back. In two goes, so that no row meets another's old place.
    pub async fn let_pass(&self, time: Duration) {
        let consumers: Vec<String> = self.consumer_ids().iter().map(|id| format!("'{id}'")).collect();
        let consumers = consumers.join(", ");
        let requests = format!("SELECT id FROM requests WHERE user_id IN ({consumers})");
        let back = format!("- interval '100000 days' - interval '{} minutes'", time.num_minutes());
        let mut sql = String::new();
        for by in ["+ interval '100000 days'", &back] {
            for (table, columns, whose) in INSTANTS {
                let set: Vec<String> = columns.iter().map(|at| format!("{at} = {at} {by}")).collect();
                let whose = whose.replace("REQUESTS", &requests).replace("CONSUMERS", &consumers);
                sql += &format!("UPDATE {table} SET {} WHERE {whose};", set.join(", "));
            }
        }
        self.database().execute(&sql).await;
    }

    /// Everything whose time is over is written down.
    pub async fn sweep(&self) {
        let db = &self.queue.db;
        loop {
            let mut done = offers::expire_offers(db, 100).await.expect("PostgreSQL");
            done += offers::expire_without_slots(db, 100).await.expect("PostgreSQL");
            done += bookings::complete_by_itself(db, 100).await.expect("PostgreSQL");
            done += bookings::lapse_proposals(db, 100).await.expect("PostgreSQL");
            done += requests::expire_requests(&self.queue, 100).await.expect("PostgreSQL");
            if done == 0 {
                return;
            }
        }
    }
}
