//! What may happen next: mostly what makes sense, by whom it is for; sometimes anything by anybody.

use chrono::{Duration, DurationRound};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::model::{Acceptance, At, Booking, Like, Model, Who};
use super::world::{BUSINESSES, CONSUMERS, Step};

/// Nothing is decided so near to an instant that both would have to look at the same moment.
const MARGIN: Duration = Duration::minutes(4);

/// What may happen in a world that stands so.
pub struct Chance<'a> {
    pub model: &'a Model,
    pub rng: &'a mut StdRng,
}

impl Chance<'_> {
    /// The next step; none where what was thought of is not there.
    pub fn choose(&mut self) -> Option<Step> {
        let step = match self.rng.random_range(0..110) {
            0..12 => self.post(),
            12..15 => self.change()?,
            15..18 => {
                let request = self.request(&["matching", "matched"])?;
                Step::Rematch { who: self.needs(request), request }
            }
            18..20 => {
                let request = self.request(&["matching", "matched", "offers_received"])?;
                Step::CancelRequest { who: self.needs(request), request }
            }
            20..23 => {
                let request = self.request(&["matched", "offers_received"])?;
                Step::Pass { who: self.leads(request)?, request }
            }
            23..38 => self.route()?,
            38..56 => self.offer()?,
            56..59 => {
                let offer = self.an_offer()?;
                Step::Withdraw { who: self.offers_it(offer), offer }
            }
            59..62 => {
                let offer = self.an_offer()?;
                Step::Decline { who: self.needs(self.model.offers[offer].request), offer }
            }
            62..76 => self.accept()?,
            76..94 => self.with_booking()?,
            94..97 => self.business(),
            97..106 => Step::LetPass(self.time()?),
            _ => Step::Sweep,
        };
        Some(step)
    }

    fn anybody(&mut self) -> Who {
        match self.rng.random_range(0..10) {
            0..4 => Who::Consumer(self.rng.random_range(0..CONSUMERS)),
            4..8 => Who::Owner(self.rng.random_range(0..BUSINESSES)),
            _ => Who::Admin,
        }
    }

    /// This one; now and then somebody else.
    fn mostly(&mut self, who: Who) -> Who {
        if self.rng.random_bool(0.88) { who } else { self.anybody() }
    }

    fn needs(&mut self, request: usize) -> Who {
        self.mostly(Who::Consumer(self.model.requests[request].owner))
    }

    /// Somebody who was told of it; now and then somebody else.
    fn leads(&mut self, request: usize) -> Option<Who> {
        let leads: Vec<usize> = self.model.requests[request].leads.keys().copied().collect();
        match leads.choose(self.rng) {
            Some(business) => Some(self.mostly(Who::Owner(*business))),
            None => self.rng.random_bool(0.1).then(|| self.anybody()),
        }
    }

    fn offers_it(&mut self, offer: usize) -> Who {
        self.mostly(Who::Owner(self.model.offers[offer].business))
    }

    /// One of things, mostly of those that stand so.
    fn one<T>(&mut self, all: &[T], stands: impl Fn(&T) -> bool) -> Option<usize> {
        let good: Vec<usize> = (0..all.len()).filter(|n| stands(&all[*n])).collect();
        match good.choose(self.rng) {
            Some(one) if self.rng.random_bool(0.85) => Some(*one),
            _ if all.is_empty() => None,
            _ => Some(self.rng.random_range(0..all.len())),
        }
    }

    fn request(&mut self, stands: &[&str]) -> Option<usize> {
        self.one(&self.model.requests, |one| stands.contains(&one.status))
    }

    fn an_offer(&mut self) -> Option<usize> {
        self.one(&self.model.offers, |one| one.status == "pending")
    }

    fn minute(&self) -> At {
        self.model.now.duration_trunc(Duration::minutes(1)).expect("a minute")
    }

    fn like(&mut self) -> Like {
        let window = self.rng.random_bool(0.6).then(|| {
            let from = self.minute() + Duration::hours(self.rng.random_range(-5..200));
            let to = from + Duration::hours(self.rng.random_range(6..100));
            (from, to)
        });
        Like { window, allow_duplicate: self.rng.random_bool(0.6) }
    }

    fn post(&mut self) -> Step {
        let consumer = Who::Consumer(self.rng.random_range(0..CONSUMERS));
        let who = self.mostly(consumer);
        Step::Post { who, like: self.like(), at_home: self.rng.random_bool(0.3) }
    }

    fn change(&mut self) -> Option<Step> {
        let request = self.request(&["matching", "matched"])?;
        let (window, like) = (self.rng.random_bool(0.6), self.like());
        Some(Step::Change { who: self.needs(request), request, window, like })
    }

    /// To those that are active and that it was not routed to.
    fn route(&mut self) -> Option<Step> {
        let requests = &self.model.requests;
        let waiting: Vec<usize> =
            (0..requests.len()).filter(|request| requests[*request].status == "matching").collect();
        let request = *waiting.choose(self.rng)?;
        let is_new = |n: &usize| {
            self.model.businesses[*n].status == "active" && !requests[request].leads.contains_key(n)
        };
        let to: Vec<usize> = (0..BUSINESSES).filter(is_new).filter(|_| self.rng.random_bool(0.6)).collect();
        (!to.is_empty()).then_some(Step::Route { request, to })
    }

    /// A begin that is not so near to what decides.
    fn start(&mut self, business: usize) -> Option<At> {
        let hours = match self.rng.random_range(0..10) {
            0 => self.rng.random_range(-2..1),
            1..5 => self.rng.random_range(1..6),
            5..9 => self.rng.random_range(6..60),
            _ => self.rng.random_range(60..2_300),
        };
        let start =
            self.minute() + Duration::minutes(i64::from(self.rng.random_range(0..2)) * 30 + hours * 60 + 7);
        let notice = Duration::minutes(self.model.businesses[business].notice);
        let decides = [self.model.now + notice, self.model.now + Duration::hours(24)];
        decides.iter().all(|at| (start - *at).abs() > MARGIN).then_some(start)
    }

    fn offer(&mut self) -> Option<Step> {
        let request = self.request(&["matched", "offers_received"])?;
        let who = self.leads(request)?;
        let business = if let Who::Owner(business) = who { business } else { 0 };
        let mut slots = Vec::new();
        for _ in 0..self.rng.random_range(1..4) {
            slots.push(self.start(business)?);
        }
        let minutes = *[30, 60, 90].choose(self.rng)?;
        let hours = *[None, Some(1), Some(8), Some(72)].choose(self.rng)?;
        if self.rng.random_bool(0.9) {
            slots.retain(|start| self.model.is_free(business, *start, minutes, None));
            slots.sort_unstable();
            slots.dedup();
        }
        (!slots.is_empty()).then_some(Step::Offer { who, request, slots, minutes, hours })
    }

    fn accept(&mut self) -> Option<Step> {
        let offer = match self.rng.random_bool(0.9) {
            true => self.an_offer()?,
            // Once more.
            false => self.one(&self.model.offers, |one| one.status == "accepted")?,
        };
        let one = &self.model.offers[offer];
        let named: Vec<At> = one.slots.iter().map(|(start, _)| *start).collect();
        let slot = match one.accepted {
            Some(accepted) if self.rng.random_bool(0.7) => accepted,
            _ if self.rng.random_bool(0.95) => *named.choose(self.rng)?,
            _ => self.start(one.business)?,
        };
        let late = (slot - self.model.now - Duration::hours(24)).abs() > MARGIN;
        let how = Acceptance { slot, address: self.rng.random_bool(0.8) };
        late.then(|| Step::Accept { who: self.needs(one.request), offer, how })
    }

    fn with_booking(&mut self) -> Option<Step> {
        let now = self.model.now;
        let kind = self.rng.random_range(0..20);
        let fits = |one: &Booking| match kind {
            0..4 => one.status == "confirmed" && now < one.start,
            4..8 => one.status == "confirmed" && one.start <= now,
            8..18 => one.status == "confirmed",
            _ => one.status == "completed",
        };
        let booking = self.one(&self.model.bookings, fits)?;
        let one = &self.model.bookings[booking];
        let consumer = Who::Consumer(self.model.requests[one.request].owner);
        let side = if self.rng.random_bool(0.5) { consumer } else { Who::Owner(one.business) };
        let who = self.mostly(side);
        Some(match kind {
            0..4 => Step::CancelBooking { who, booking, rebook: self.rng.random_bool(0.5) },
            4..8 => {
                let to = if self.rng.random_bool(0.6) { "completed" } else { "no_show" };
                Step::Finish { who: self.offers_it(one.offer), booking, to }
            }
            8..12 => {
                let start = match one.proposal {
                    Some(open) if self.rng.random_bool(0.3) => open.start,
                    _ => self.start(one.business)?,
                };
                Step::Propose { who, booking, start }
            }
            12..16 => {
                let proposed = one.proposal.map_or(one.start, |open| open.start);
                let is_clear = (proposed - now - Duration::hours(24)).abs() > MARGIN;
                let only = self.rng.random_bool(0.3).then_some(if self.rng.random_bool(0.8) {
                    proposed
                } else {
                    one.end
                });
                return is_clear.then_some(Step::Agree { who, booking, only });
            }
            16..18 => Step::Disagree { who, booking },
            _ => Step::Review { who: self.mostly(consumer), booking },
        })
    }

    fn business(&mut self) -> Step {
        let business = self.rng.random_range(0..BUSINESSES);
        let owner = self.mostly(Who::Owner(business));
        let goes_on = self.model.businesses[business].status != "active" && self.rng.random_bool(0.8);
        if self.rng.random_bool(0.5) {
            let to = if goes_on { "active" } else { "paused" };
            Step::Pause { who: owner, business, to }
        } else {
            let to = if goes_on { "active" } else { "suspended" };
            let who = if self.rng.random_bool(0.9) { Who::Admin } else { owner };
            Step::Suspend { who, business, to }
        }
    }

    /// Mostly until shortly after something is over; never so that it is not clear what is.
    fn time(&mut self) -> Option<Duration> {
        let now = self.model.now;
        let deadlines = self.model.deadlines();
        let ahead: Vec<At> = deadlines.iter().copied().filter(|at| *at > now).collect();
        let near = *[5, 30, 24 * 60, 6 * 24 * 60].choose(self.rng)?;
        let ahead: Vec<At> =
            ahead.into_iter().filter(|at| *at < now + Duration::minutes(near + 24 * 60)).collect();
        let minutes = match ahead.choose(self.rng) {
            Some(at) if self.rng.random_bool(0.6) => (*at - now).num_minutes() + 6,
            _ => self.rng.random_range(7..near.max(8) + 1),
        };
        (0..50)
            .map(|more| Duration::minutes(minutes + more * 3))
            .find(|time| deadlines.iter().all(|at| (*at - now - *time).abs() > MARGIN))
    }
}
