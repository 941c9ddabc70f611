use chrono::Duration;

use super::{At, Booking, Model, Verdict, Who};

/// What a business would do a job for, and when.
#[derive(Debug)]
pub struct Offer {
    pub request: usize,
    pub business: usize,
    pub status: &'static str,
    /// Who moved it there; nobody: time.
    pub by: Option<Who>,
    /// Whether it ended because its request did, by time.
    pub with_its_request: bool,
    pub expires: At,
    pub minutes: i64,
    /// Begins; those in place of one that was taken are good until an instant.
    pub slots: Vec<(At, Option<At>)>,
    pub accepted: Option<At>,
}

/// How an offer is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Acceptance {
    pub slot: At,
    /// Whether it is said where the consumer lives.
    pub address: bool,
}

impl Offer {
    pub fn moved(&mut self, to: &'static str, by: Option<Who>) {
        self.status = to;
        self.by = by;
    }

    pub fn good_slots(&self, now: At) -> impl Iterator<Item = At> {
        self.slots
            .iter()
            .filter(move |(_, until)| until.is_none_or(|until| now < until))
            .map(|(start, _)| *start)
    }
}

impl Model {
    pub(super) fn live_offer(&self, request: usize, business: usize) -> Option<usize> {
        let is_it =
            |one: &Offer| one.request == request && one.business == business && one.status == "pending";
        self.offers.iter().position(is_it)
    }

    /// Creating needs the role provider, and the lead.
    pub fn post_offer(
        &mut self,
        who: Who,
        request: usize,
        slots: &[At],
        minutes: i64,
        hours: Option<i64>,
    ) -> Verdict<usize> {
        let Who::Owner(business) = who else { return Err("wrong_role") };
        if self.requests[request].leads.get(&business) != Some(&false) {
            return Err("not_yours");
        }
        let is_twice = |n: usize| slots[..n].contains(&slots[n]);
        let is_wrong = |n: usize| is_twice(n) || !self.is_free(business, slots[n], minutes, None);
        if (0..slots.len()).any(is_wrong) {
            return Err("invalid");
        }
        match self.requests[request].status {
            "matched" | "offers_received" => {}
            // It is looked for others; it is not closed.
            "matching" => return Err("illegal_move"),
            _ => return Err("request_closed"),
        }
        if self.businesses[business].status == "suspended" || self.live_offer(request, business).is_some() {
            return Err("illegal_move");
        }
        let last = *slots.iter().max().expect("a slot");
        self.offers.push(Offer {
            request,
            business,
            status: "pending",
            by: None,
            with_its_request: false,
            expires: (self.now + Duration::hours(hours.unwrap_or(24))).min(last),
            minutes,
            slots: slots.iter().map(|slot| (*slot, None)).collect(),
            accepted: None,
        });
        if self.requests[request].status == "matched" {
            self.requests[request].moved("offers_received", Some(who));
        }
        Ok(self.offers.len() - 1)
    }

    /// The provider takes it back, or the consumer refuses it.
    pub fn end_offer(&mut self, who: Who, offer: usize, to: &'static str) -> Verdict {
        let Offer { request, business, .. } = self.offers[offer];
        let whose = match to {
            "withdrawn" => Who::Owner(business),
            _ => Who::Consumer(self.requests[request].owner),
        };
        if who != whose && who != Who::Admin {
            return Err("not_yours");
        }
        let one = &mut self.offers[offer];
        if one.status == to && one.by == Some(who) {
            return Ok(());
        }
        if one.status != "pending" {
            return Err("offer_not_pending");
        }
        one.moved(to, Some(who));
        self.settle(request, Some(who));
        Ok(())
    }

    /// What may be answered if this is refused: where an offer ended with its request, both are true.
    pub fn as_well(&self, offer: usize) -> Option<&'static str> {
        self.offers[offer].with_its_request.then_some("request_closed")
    }

    /// The booking; where the slot is not free, others are named in its place.
    pub fn accept(&mut self, who: Who, offer: usize, how: Acceptance) -> Verdict<usize> {
        let Offer { request, business, minutes, .. } = self.offers[offer];
        let one = &self.offers[offer];
        let owner = self.requests[request].owner;
        if who != Who::Consumer(owner) && who != Who::Admin {
            return Err("not_yours");
        }
        if one.status == "accepted" && one.by == Some(who) && one.accepted == Some(how.slot) {
            return Ok(self.bookings.iter().position(|booking| booking.offer == offer).expect("a booking"));
        }
        if one.status != "pending" || self.businesses[business].status == "suspended" {
            return Err("offer_not_pending");
        }
        if !one.good_slots(self.now).any(|start| start == how.slot) {
            return Err("slot_not_offered");
        }
        if self.requests[request].at_home && !how.address {
            return Err("address_needed");
        }
        if !self.is_free(business, how.slot, minutes, None) {
            return Err("slot_taken");
        }
        self.offers[offer].moved("accepted", Some(who));
        self.offers[offer].accepted = Some(how.slot);
        for sibling in self.offers.iter_mut().filter(|sibling| sibling.request == request) {
            if sibling.status == "pending" {
                sibling.moved("declined", Some(who));
            }
        }
        self.requests[request].moved("booked", Some(who));
        self.bookings.push(Booking {
            request,
            offer,
            business,
            status: "confirmed",
            last: ("agreed_on", None),
            start: how.slot,
            end: how.slot + Duration::minutes(minutes),
            proposal: None,
            late: false,
            cancelled_by: None,
            reviewed: false,
        });
        Ok(self.bookings.len() - 1)
    }

    /// The offer takes these for a quarter of an hour; what the provider named stays named.
    pub fn name_instead(&mut self, offer: usize, free: &[At]) -> bool {
        let one = &self.offers[offer];
        let (business, minutes) = (one.business, one.minutes);
        let all_free = free.iter().all(|start| self.is_free(business, *start, minutes, None));
        let (now, until) = (self.now, one.expires.min(self.now + Duration::minutes(15)));
        let slots = &mut self.offers[offer].slots;
        slots.retain(|(_, until)| until.is_none_or(|until| now < until));
        for start in free {
            match slots.iter_mut().find(|(named, _)| named == start) {
                Some((_, None)) => {}
                Some((_, good)) => *good = Some(until),
                None => slots.push((*start, Some(until))),
            }
        }
        all_free && (1..=3).contains(&free.len())
    }
}
