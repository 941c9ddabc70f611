use std::collections::BTreeMap;

use chrono::Duration;

use super::{At, Model, Verdict, Who};

/// What a consumer needs: all need the same service in the same city.
#[derive(Debug)]
pub struct Request {
    pub owner: usize,
    pub status: &'static str,
    /// Who moved it there; nobody: time, or a task.
    pub by: Option<Who>,
    pub expires: At,
    pub window: Option<(At, At)>,
    /// Whether it is to be done at the consumer's.
    pub at_home: bool,
    /// When the last matching began.
    pub matched: At,
    /// To which businesses it was routed, and whether they have passed it.
    pub leads: BTreeMap<usize, bool>,
}

/// What is said of a request when it is posted or changed.
#[derive(Clone, Copy, Debug)]
pub struct Like {
    pub window: Option<(At, At)>,
    pub allow_duplicate: bool,
}

impl Request {
    pub fn is_open(&self) -> bool {
        ["matching", "matched", "offers_received"].contains(&self.status)
    }

    /// Whether its time is over and that has not been said.
    pub fn is_over(&self, now: At) -> bool {
        self.is_open() && self.expires <= now
    }

    pub fn moved(&mut self, to: &'static str, by: Option<Who>) {
        self.status = to;
        self.by = by;
    }

    /// One that is booked is live, too: its consumer is still waiting for it.
    fn is_live(&self) -> bool {
        self.is_open() || self.status == "booked"
    }

    /// Whether there is a time in both windows; without a window, any time will do.
    fn meets(&self, window: Option<(At, At)>) -> bool {
        match (self.window, window) {
            (Some(one), Some(other)) => one.0 <= other.1 && other.0 <= one.1,
            _ => true,
        }
    }
}

impl Model {
    fn has_duplicate(&self, owner: usize, but: Option<usize>, like: Like) -> bool {
        let others = self.requests.iter().enumerate().filter(|(n, _)| Some(*n) != but);
        let mut live = others.filter(|(_, one)| one.owner == owner && one.is_live());
        !like.allow_duplicate && live.any(|(_, one)| one.meets(like.window))
    }

    fn lives_until(&self, window: Option<(At, At)>) -> At {
        window.map_or(self.now + Duration::days(14), |(_, to)| to)
    }

    /// Creating needs the role consumer.
    pub fn post_request(&mut self, who: Who, like: Like, at_home: bool) -> Verdict<usize> {
        let Who::Consumer(owner) = who else { return Err("wrong_role") };
        if self.requests.iter().filter(|one| one.owner == owner && one.is_live()).count() >= 10 {
            return Err("too_many_live");
        }
        if self.has_duplicate(owner, None, like) {
            return Err("duplicate_request");
        }
        self.requests.push(Request {
            owner,
            status: "matching",
            by: None,
            expires: self.lives_until(like.window),
            window: like.window,
            at_home,
            matched: self.now,
            leads: BTreeMap::new(),
        });
        Ok(self.requests.len() - 1)
    }

    /// A matching has found businesses that it was not routed to before.
    pub fn route(&mut self, request: usize, to: &[usize]) {
        let one = &mut self.requests[request];
        one.leads.extend(to.iter().map(|business| (*business, false)));
        one.moved("matched", None);
    }

    /// Without a live offer it is matched; with one it was not.
    pub(super) fn settle(&mut self, request: usize, by: Option<Who>) {
        let has_live = self.offers.iter().any(|offer| offer.request == request && offer.status == "pending");
        let one = &mut self.requests[request];
        if one.status == "offers_received" && !has_live {
            one.moved("matched", by);
        }
    }

    fn own_request(&self, who: Who, request: usize) -> Verdict {
        let is_own = who == Who::Consumer(self.requests[request].owner) || who == Who::Admin;
        if is_own { Ok(()) } else { Err("not_yours") }
    }

    /// Whether it may be matched again: not with an offer, and not once it is closed.
    fn matchable(&self, request: usize) -> Verdict {
        match self.requests[request].status {
            "matching" | "matched" => Ok(()),
            "offers_received" => Err("illegal_move"),
            _ => Err("request_closed"),
        }
    }

    fn match_again(&mut self, request: usize, who: Who) {
        let now = self.now;
        let one = &mut self.requests[request];
        if one.status != "matching" {
            one.moved("matching", Some(who));
        }
        one.matched = now;
    }

    /// Those who have not answered are looked at anew.
    pub fn change_request(&mut self, who: Who, request: usize, window: bool, like: Like) -> Verdict {
        self.own_request(who, request)?;
        self.matchable(request)?;
        let like = if window { like } else { Like { window: self.requests[request].window, ..like } };
        if self.has_duplicate(self.requests[request].owner, Some(request), like) {
            return Err("duplicate_request");
        }
        if window {
            self.requests[request].window = like.window;
            self.requests[request].expires = self.lives_until(like.window);
        }
        let answered: Vec<usize> =
            self.offers.iter().filter(|offer| offer.request == request).map(|offer| offer.business).collect();
        self.requests[request]
            .leads
            .retain(|business, has_passed| *has_passed || answered.contains(business));
        self.match_again(request, who);
        Ok(())
    }

    pub fn rematch(&mut self, who: Who, request: usize) -> Verdict {
        self.own_request(who, request)?;
        self.matchable(request)?;
        if self.now < self.requests[request].matched + Duration::minutes(10) {
            return Err("rate_limited");
        }
        self.match_again(request, who);
        Ok(())
    }

    pub fn cancel_request(&mut self, who: Who, request: usize) -> Verdict {
        self.own_request(who, request)?;
        let one = &mut self.requests[request];
        if one.status == "cancelled" && one.by == Some(who) {
            return Ok(());
        }
        if !one.is_open() {
            return Err("request_closed");
        }
        one.moved("cancelled", Some(who));
        for offer in self.offers.iter_mut().filter(|offer| offer.request == request) {
            if offer.status == "pending" {
                offer.moved("declined", Some(who));
            }
        }
        Ok(())
    }

    /// A provider says that a lead is nothing for them.
    pub fn pass(&mut self, who: Who, request: usize) -> Verdict {
        let Who::Owner(business) = who else { return Err("wrong_role") };
        match self.requests[request].leads.get(&business) {
            None => return Err("not_yours"),
            Some(true) => return Ok(()),
            Some(false) => {}
        }
        if !self.requests[request].is_open() {
            return Err("request_closed");
        }
        if self.live_offer(request, business).is_some() {
            return Err("illegal_move");
        }
        self.requests[request].leads.insert(business, true);
        Ok(())
    }

    /// Somebody else is looked for, and never the one who had the booking.
    pub(super) fn reopen(&mut self, request: usize, business: usize, who: Who) {
        let lives = self.now + Duration::days(14);
        let one = &mut self.requests[request];
        one.leads.insert(business, true);
        if one.window.is_none() {
            one.expires = one.expires.max(lives);
        }
        self.match_again(request, who);
        self.lapse();
    }
}
