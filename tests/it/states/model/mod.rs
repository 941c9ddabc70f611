//! What becomes of requests, offers, bookings and businesses, as the contract says it (§6, and the table of endpoints).
//! Written from its text and not from the code. Where the contract leaves it to us, it is said here what we chose.
//!
//! Things are numbered in the order in which they come. What time makes of a thing is so at once, whenever that is written
//! down. A refusal is a code of the contract.

mod bookings;
mod businesses;
mod offers;
mod requests;

pub use bookings::Booking;
pub use businesses::Business;
use chrono::{DateTime, Duration, Utc};
pub use offers::{Acceptance, Offer};
pub use requests::{Like, Request};

/// An instant.
pub type At = DateTime<Utc>;

/// What was made or moved, or the code of the refusal.
pub type Verdict<T = ()> = Result<T, &'static str>;

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A consumer of this number.
    Consumer(usize),
    /// The owner of the business of this number.
    Owner(usize),
    /// Somebody with the role admin, who needs nothing and does nothing for anybody.
    Admin,
}

/// Whose a booking is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who needs the work.
    Consumer,
    /// Who does it.
    Business,
}

/// A little world.
#[derive(Debug, Default)]
pub struct Model {
    pub now: At,
    pub requests: Vec<Request>,
    pub offers: Vec<Offer>,
    pub bookings: Vec<Booking>,
    pub businesses: Vec<Business>,
}

impl Model {
    /// Goes on to an instant.
    pub fn go_to(&mut self, now: At) {
        self.now = now;
        self.lapse();
    }

    /// What time makes of everything.
    fn lapse(&mut self) {
        for offer in 0..self.offers.len() {
            let with_its_request = self.requests[self.offers[offer].request].is_over(self.now);
            let one = &mut self.offers[offer];
            if one.status == "pending" && (one.expires <= self.now || with_its_request) {
                one.moved("expired", None);
                one.with_its_request = with_its_request;
            }
        }
        for request in &mut self.requests {
            if request.is_over(self.now) {
                request.moved("expired", None);
            }
        }
        for booking in 0..self.bookings.len() {
            let one = &mut self.bookings[booking];
            if one.proposal.is_some_and(|open| open.until <= self.now) {
                one.proposal = None;
            }
            if one.status == "confirmed" && one.end + Duration::hours(48) <= self.now {
                self.finish(booking, "completed", None);
            }
        }
        for request in 0..self.requests.len() {
            self.settle(request, None);
        }
    }

    /// What the sweep does that time alone does not: an offer with no slot left that is free expires.
    pub fn sweep(&mut self) {
        for offer in 0..self.offers.len() {
            let one = &self.offers[offer];
            let is_free = |start: &At| self.is_free(one.business, *start, one.minutes, None);
            if one.status == "pending" && !one.good_slots(self.now).any(|start| is_free(&start)) {
                self.offers[offer].moved("expired", None);
                self.settle(self.offers[offer].request, None);
            }
        }
    }

    /// The instants after which something would be answered in another way.
    pub fn deadlines(&self) -> Vec<At> {
        let mut all = Vec::new();
        for request in self.requests.iter().filter(|request| request.is_open()) {
            all.extend([request.expires, request.matched + Duration::minutes(10)]);
        }
        for offer in self.offers.iter().filter(|offer| offer.status == "pending") {
            all.push(offer.expires);
            let notice = Duration::minutes(self.businesses[offer.business].notice);
            for (start, until) in &offer.slots {
                all.push(*start - notice);
                all.extend(*until);
            }
        }
        for booking in &self.bookings {
            all.extend([booking.end + Duration::days(30), booking.end + Duration::hours(48)]);
            if booking.status == "confirmed" {
                let notice = Duration::minutes(self.businesses[booking.business].notice);
                all.extend([booking.start, booking.start - Duration::hours(24)]);
                all.extend(booking.proposal.map(|open| open.until));
                all.extend(booking.proposal.map(|open| open.start - notice));
            }
        }
        all
    }

    /// Everything lies so much further back: time has passed.
    pub fn let_pass(&mut self, time: Duration) {
        for request in &mut self.requests {
            request.expires -= time;
            request.matched -= time;
            request.window = request.window.map(|(from, to)| (from - time, to - time));
        }
        for offer in &mut self.offers {
            offer.expires -= time;
            offer.accepted = offer.accepted.map(|start| start - time);
            for (start, until) in &mut offer.slots {
                *start -= time;
                *until = until.map(|until| until - time);
            }
        }
        for booking in &mut self.bookings {
            booking.start -= time;
            booking.end -= time;
            if let Some(open) = &mut booking.proposal {
                open.start -= time;
                open.until -= time;
            }
        }
    }
}
