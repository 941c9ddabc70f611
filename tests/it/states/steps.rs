//! Each step is taken in both worlds, and both must say the same.

use chrono::Utc;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Acceptance, At, Like, Verdict, Who};
use super::world::{Step, World};
use crate::support::{Answer, check_problem};

impl World<'_> {
    /// Takes a step in both.
    pub async fn take(&mut self, step: &Step) {
        self.model.go_to(Utc::now());
        match *step {
            Step::Post { .. } | Step::Change { .. } | Step::Rematch { .. } | Step::CancelRequest { .. } => {
                self.take_with_request(step).await;
            }
            Step::Pass { who, request } => {
                let path = format!("/requests/{}/pass", self.requests[request]);
                let answer = self.put(who, path, Value::Null).await;
                judge(&answer, self.model.pass(who, request));
            }
            Step::Offer { .. } | Step::Withdraw { .. } | Step::Decline { .. } | Step::Accept { .. } => {
                self.take_with_offer(step).await;
            }
            Step::Pause { who, business, to } => {
                let path = format!("/providers/{}/status", self.businesses[business]);
                let answer = self.put(who, path, json!({"status": to})).await;
                judge(&answer, self.model.pause(who, business, to));
            }
            Step::Suspend { who, business, to } => {
                let path = format!("/admin/providers/{}/status", self.businesses[business]);
                let answer = self.put(who, path, json!({"status": to})).await;
                judge(&answer, self.model.suspend(who, business, to));
            }
            Step::Route { request, ref to } => {
                for business in to {
                    self.app.lead_row(self.requests[request], self.businesses[*business]).await;
                }
                let written = format!(
                    r#"INSERT INTO request_history (request_id, "from", "to") VALUES ('{}', 'matching', 'matched')"#,
                    self.requests[request]
                );
                self.app.database.execute(&written).await;
                self.model.route(request, to);
            }
            Step::LetPass(time) => {
                self.let_pass(time).await;
                self.model.let_pass(time);
                self.model.go_to(Utc::now());
            }
            Step::Sweep => {
                self.sweep().await;
                self.model.sweep();
            }
            _ => self.take_with_booking(step).await,
        }
    }

    async fn take_with_request(&mut self, step: &Step) {
        match *step {
            Step::Post { who, like, at_home } => {
                let place = at_home.then_some("consumer");
                let body = json!({
                    "service_id": "haircut", "city": "Brooklyn", "zone": "UTC", "place": place,
                    "window": window(like), "allow_duplicate": like.allow_duplicate,
                });
                let answer = self.post(who, "/requests".to_owned(), body).await;
                if judge(&answer, self.model.post_request(who, like, at_home)).is_some() {
                    self.requests.push(id(&answer));
                }
            }
            Step::Change { who, request, window: changes, like } => {
                let mut body =
                    json!({"description": "shoulder length", "allow_duplicate": like.allow_duplicate});
                if changes {
                    body["window"] = window(like);
                }
                let path = format!("/requests/{}", self.requests[request]);
                let answer = self.call(who, Method::PATCH, path, body).await;
                judge(&answer, self.model.change_request(who, request, changes, like));
            }
            Step::Rematch { who, request } => {
                let path = format!("/requests/{}/match", self.requests[request]);
                let answer = self.post(who, path, Value::Null).await;
                judge(&answer, self.model.rematch(who, request));
            }
            Step::CancelRequest { who, request } => {
                let path = format!("/requests/{}/cancel", self.requests[request]);
                let answer = self.post(who, path, json!({"reason": "not needed any more"})).await;
                judge(&answer, self.model.cancel_request(who, request));
            }
            ref other => unreachable!("{other:?}"),
        }
    }

    async fn take_with_offer(&mut self, step: &Step) {
        match *step {
            Step::Offer { who, request, ref slots, minutes, hours } => {
                let named: Vec<Value> = slots.iter().map(|start| slot(*start)).collect();
                let body = json!({
                    "request_id": self.requests[request], "service_id": "haircut", "price_cents": 5_000,
                    "currency": "USD", "duration_minutes": minutes, "slots": named, "expires_in_hours": hours,
                });
                let answer = self.post(who, "/offers".to_owned(), body).await;
                if judge(&answer, self.model.post_offer(who, request, slots, minutes, hours)).is_some() {
                    self.offers.push(id(&answer));
                }
            }
            Step::Withdraw { who, offer } => {
                let path = format!("/offers/{}/withdraw", self.offers[offer]);
                let answer = self.put(who, path, Value::Null).await;
                judge(&answer, self.model.end_offer(who, offer, "withdrawn"));
            }
            Step::Decline { who, offer } => {
                let path = format!("/offers/{}/decline", self.offers[offer]);
                let answer = self.put(who, path, json!({})).await;
                judge(&answer, self.model.end_offer(who, offer, "declined"));
            }
            Step::Accept { who, offer, how } => self.accept(who, offer, how).await,
            ref other => unreachable!("{other:?}"),
        }
    }

    async fn accept(&mut self, who: Who, offer: usize, how: Acceptance) {
        let address = how.address.then_some("12 Bergen Street");
        let path = format!("/offers/{}/accept", self.offers[offer]);
        let answer = self.put(who, path, json!({"slot": slot(how.slot), "address": address})).await;
        let verdict = self.model.accept(who, offer, how);
        let as_well = self.model.as_well(offer).filter(|as_well| answer.body["code"] == *as_well);
        let verdict = match (verdict, as_well) {
            (Err("offer_not_pending"), Some(as_well)) => Err(as_well),
            (verdict, _) => verdict,
        };
        if verdict == Err("slot_taken") {
            let free = answer.body["slots"].as_array().expect("slots").iter().map(|slot| &slot["start_at"]);
            let free: Vec<At> =
                free.map(|at| at.as_str().and_then(|at| at.parse().ok()).expect("an instant")).collect();
            assert!(self.model.name_instead(offer, &free), "not free in its place: {free:?}");
        }
        if let Some(booking) = judge(&answer, verdict) {
            if booking == self.bookings.len() {
                self.bookings.push(id(&answer));
            }
            assert_eq!(id(&answer), self.bookings[booking], "what it made");
        }
    }

    async fn take_with_booking(&mut self, step: &Step) {
        let path = |booking: usize, verb: &str| format!("/bookings/{}/{verb}", self.bookings[booking]);
        match *step {
            Step::CancelBooking { who, booking, rebook } => {
                let body = json!({"reason": "I have to work", "rebook": rebook});
                let answer = self.put(who, path(booking, "cancel"), body).await;
                judge(&answer, self.model.cancel_booking(who, booking, rebook));
            }
            Step::Finish { who, booking, to } => {
                let verb = if to == "completed" { "complete" } else { "no_show" };
                let answer = self.put(who, path(booking, verb), Value::Null).await;
                judge(&answer, self.model.finish_booking(who, booking, to));
            }
            Step::Propose { who, booking, start } => {
                let answer = self.put(who, path(booking, "reschedule"), json!({"slot": slot(start)})).await;
                judge(&answer, self.model.propose(who, booking, start));
            }
            Step::Agree { who, booking, only } => {
                let body = only.map_or(Value::Null, |start| json!({"slot": slot(start)}));
                let answer = self.put(who, path(booking, "reschedule/accept"), body).await;
                judge(&answer, self.model.agree(who, booking, only));
            }
            Step::Disagree { who, booking } => {
                let answer = self.put(who, path(booking, "reschedule/decline"), Value::Null).await;
                judge(&answer, self.model.disagree(who, booking));
            }
            Step::Review { who, booking } => {
                let body = json!({"booking_id": self.bookings[booking], "rating": 5});
                let answer = self.post(who, "/reviews".to_owned(), body).await;
                judge(&answer, self.model.review(who, booking));
            }
            ref other => unreachable!("{other:?}"),
        }
    }
}

/// Whether it was answered as it must be; what that made.
fn judge<T>(answer: &Answer, verdict: Verdict<T>) -> Option<T> {
    match verdict {
        Ok(made) => {
            assert!([200, 201, 202].contains(&answer.status), "it may be done: {answer:?}");
            Some(made)
        }
        Err(code) => {
            check_problem(answer, answer.status, code, None);
            None
        }
    }
}

fn id(answer: &Answer) -> Uuid {
    answer.body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

fn slot(start: At) -> Value {
    json!({"date": start.date_naive(), "start_time": start.format("%H:%M").to_string()})
}

fn window(like: Like) -> Value {
    let local = |at: At| at.format("%Y-%m-%dT%H:%M").to_string();
    like.window.map_or(Value::Null, |(from, to)| json!({"from": local(from), "to": local(to)}))
}
