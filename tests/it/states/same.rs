//! Whether both stand alike.

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{At, Side, Who};
use super::world::World;

/// A noun, where it begins, and from where it goes to where.
type Arrows = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The arrows of the contract (§6); what leaves a booking confirmed is written down as well.
const ARROWS: [Arrows; 3] = [
    (
        "request",
        "matching",
        &[
            ("matching", "matched"),
            ("matched", "offers_received"),
            ("offers_received", "booked"),
            ("booked", "completed"),
            ("matching", "cancelled"),
            ("matched", "cancelled"),
            ("offers_received", "cancelled"),
            ("matching", "expired"),
            ("matched", "expired"),
            ("offers_received", "expired"),
            ("matched", "matching"),
            ("offers_received", "matched"),
            ("booked", "matching"),
            ("booked", "cancelled"),
        ],
    ),
    (
        "offer",
        "pending",
        &[("pending", "accepted"), ("pending", "declined"), ("pending", "withdrawn"), ("pending", "expired")],
    ),
    (
        "booking",
        "confirmed",
        &[
            ("confirmed", "confirmed"),
            ("confirmed", "completed"),
            ("confirmed", "cancelled"),
            ("confirmed", "no_show"),
        ],
    ),
];

/// Everything of some consumers and businesses, by id: as it is written, and as it stands where time has made more of it.
fn state(consumers: &str, businesses: &str) -> String {
    format!(
        "WITH r AS MATERIALIZED (SELECT * FROM requests WHERE user_id IN ({consumers})),
         o AS MATERIALIZED (
           SELECT o.*, o.status = 'pending' AND (o.expires_at <= now() OR r.expires_at <= now()) AS is_over
           FROM offers o JOIN r ON r.id = o.request_id),
         b AS MATERIALIZED (
           SELECT b.*, b.status = 'confirmed' AND b.end_at <= now() - interval '48 hours' AS is_over
           FROM bookings b JOIN r ON r.id = b.request_id)
         SELECT jsonb_build_object(
           'requests', (SELECT jsonb_object_agg(r.id, jsonb_build_object(
             'written', r.status, 'at', extract(epoch FROM r.expires_at),
             'status', CASE
               WHEN r.status IN ('matching', 'matched', 'offers_received') AND r.expires_at <= now() THEN 'expired'
               WHEN r.status = 'offers_received'
                 AND NOT EXISTS (SELECT FROM o WHERE o.request_id = r.id AND o.status = 'pending' AND NOT o.is_over)
                 THEN 'matched'
               WHEN r.status = 'booked' AND EXISTS (SELECT FROM b WHERE b.request_id = r.id AND b.is_over) THEN 'completed'
               ELSE r.status::text END,
             'leads', (SELECT jsonb_object_agg(m.provider_id, m.passed_at IS NOT NULL)
                       FROM request_matches m WHERE m.request_id = r.id))) FROM r),
           'offers', (SELECT jsonb_object_agg(o.id, jsonb_build_object(
             'written', o.status, 'at', extract(epoch FROM o.expires_at),
             'status', CASE WHEN o.is_over THEN 'expired' ELSE o.status::text END,
             'slots', (SELECT jsonb_agg(extract(epoch FROM s.start_at)::bigint ORDER BY s.start_at) FROM offer_slots s
                       WHERE s.offer_id = o.id AND (s.good_until IS NULL OR s.good_until > now())))) FROM o),
           'bookings', (SELECT jsonb_object_agg(b.id, jsonb_build_object(
             'written', b.status, 'at', extract(epoch FROM b.start_at),
             'status', CASE WHEN b.is_over THEN 'completed' ELSE b.status::text END,
             'late', b.late, 'by', b.cancelled_by, 'end', extract(epoch FROM b.end_at)::bigint,
             'proposed', CASE WHEN b.proposed_until > now() THEN
               jsonb_build_array(extract(epoch FROM b.proposed_start_at)::bigint, b.proposed_by) END)) FROM b),
           'businesses', (SELECT jsonb_object_agg(p.id, jsonb_build_object(
             'status', p.status, 'late', p.late_cancellations,
             'jobs', p.completed_jobs + (SELECT count(*) FROM b WHERE b.provider_id = p.id AND b.is_over)))
             FROM providers p WHERE p.id IN ({businesses})))"
    )
}

fn listed(ids: &[Uuid]) -> String {
    ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ")
}

fn epoch(at: At) -> i64 {
    at.timestamp()
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Consumer => "consumer",
        Side::Business => "provider",
    }
}

impl World<'_> {
    /// How the model stands, as [`state`] says it; and about when, which the two need not know to the second.
    fn expected(&self) -> Vec<(&'static str, Uuid, Value, Option<At>)> {
        let mut all = Vec::new();
        for (id, one) in self.requests.iter().zip(&self.model.requests) {
            let leads = one.leads.iter().map(|(n, passed)| (self.businesses[*n].to_string(), json!(passed)));
            let leads: serde_json::Map<_, _> = leads.collect();
            let leads = if leads.is_empty() { Value::Null } else { json!(leads) };
            let row = json!({"status": one.status, "leads": leads});
            all.push(("requests", *id, row, Some(one.expires)));
        }
        for (id, one) in self.offers.iter().zip(&self.model.offers) {
            let mut slots: Vec<i64> = one.good_slots(self.model.now).map(epoch).collect();
            slots.sort_unstable();
            let slots = if slots.is_empty() { Value::Null } else { json!(slots) };
            all.push(("offers", *id, json!({"status": one.status, "slots": slots}), Some(one.expires)));
        }
        for (id, one) in self.bookings.iter().zip(&self.model.bookings) {
            let proposed = one.proposal.map(|open| json!([epoch(open.start), side(open.by)]));
            let row = json!({
                "status": one.status, "late": one.late, "by": one.cancelled_by.map(side), "end": epoch(one.end),
                "proposed": proposed,
            });
            all.push(("bookings", *id, row, Some(one.start)));
        }
        for (id, one) in self.businesses.iter().zip(&self.model.businesses) {
            let row =
                json!({"status": one.status, "late": one.late_cancellations, "jobs": one.completed_jobs});
            all.push(("businesses", *id, row, None));
        }
        all
    }

    /// Asserts that both stand alike; after a sweep, that it is written down as well.
    pub async fn compare(&self, is_swept: bool) {
        let sql = state(&listed(&self.consumer_ids()), &listed(&self.businesses));
        let mut found = self.database().value(&sql).await;
        let expected = self.expected();
        for (noun, id, row, at) in &expected {
            let mut there = found[noun][id.to_string()].take();
            let here = there.as_object_mut().unwrap_or_else(|| panic!("no {id} among {noun}"));
            let (written, when) = (here.remove("written"), here.remove("at"));
            assert_eq!(&there, row, "{noun}: {id}, and what is expected");
            if is_swept && let Some(written) = written {
                assert_eq!(written, row["status"], "{noun}: {id} is not written down");
            }
            if let Some((when, at)) = when.and_then(|when| when.as_f64()).zip(*at) {
                let apart = (when - epoch(at) as f64).abs();
                assert!(apart < 60.0, "{noun}: {id} is {apart} s off");
            }
        }
        let there: usize = found
            .as_object()
            .expect("nouns")
            .values()
            .filter_map(Value::as_object)
            .map(|all| all.len())
            .sum();
        assert_eq!(there, expected.len(), "there is more than is expected");
        if is_swept {
            self.compare_history().await;
        }
    }

    /// Each move was a legal one, and the last of each thing was made by whom the model says.
    async fn compare_history(&self) {
        for (noun, first, arrows) in ARROWS {
            let sql = format!(
                r#"SELECT jsonb_object_agg(id, moves) FROM (
                     SELECT h.{noun}_id AS id, jsonb_agg(jsonb_build_array(h."from", h."to", h.actor_id) ORDER BY h.at) AS moves
                     FROM {noun}_history h JOIN {noun}s t ON t.id = h.{noun}_id
                     WHERE {} IN ({}) GROUP BY 1) q"#,
                if noun == "offer" {
                    "(SELECT user_id FROM requests r WHERE r.id = t.request_id)"
                } else {
                    "t.user_id"
                },
                listed(&self.consumer_ids())
            );
            let written = self.database().value(&sql).await;
            for (id, status, by) in self.last_moves(noun) {
                let moves = written[id.to_string()].as_array().cloned().unwrap_or_default();
                let (mut stands, mut actor) = (first.to_owned(), Value::Null);
                for step in moves {
                    let name = |at: usize| step[at].as_str().expect("a state").to_owned();
                    let (from, to) = (name(0), name(1));
                    assert_eq!(from, stands, "{noun} {id}: a move from where it was not");
                    let is_drawn = arrows.contains(&(from.as_str(), to.as_str()));
                    assert!(is_drawn, "{noun} {id}: {from} > {to} is in no drawing");
                    (stands, actor) = (to, step[2].clone());
                }
                assert_eq!(stands, status, "{noun} {id}: its moves lead elsewhere");
                assert_eq!(
                    actor,
                    json!(by.map(|by| self.id_of(by))),
                    "{noun} {id}: who moved it to {status}"
                );
            }
        }
    }

    /// Where the things of a noun stand, and who moved them there.
    fn last_moves(&self, noun: &str) -> Vec<(Uuid, &'static str, Option<Who>)> {
        let model = &self.model;
        match noun {
            "request" => {
                let all = self.requests.iter().zip(&model.requests);
                all.map(|(id, one)| (*id, one.status, one.by)).collect()
            }
            "offer" => {
                let all = self.offers.iter().zip(&model.offers);
                all.map(|(id, one)| (*id, one.status, one.by)).collect()
            }
            _ => {
                let all = self.bookings.iter().zip(&model.bookings);
                // What was proposed and said of it is no move.
                let ended = all.filter(|(_, one)| one.status != "confirmed");
                ended.map(|(id, one)| (*id, one.status, one.last.1)).collect()
            }
        }
    }
}
