//! Those in reach, weighed as far as it matters.

use std::collections::HashMap;
use std::sync::Arc;

use futures::try_join;

use super::score::{Known, Scorer};
use super::text::Needs;
use super::{Match, Matching, insert, window};
use crate::db::Conn;
use crate::db::availability::{busy, calendars};
use crate::db::matching::{InReach, Said, said};
use crate::error::Result;
use crate::model::calendar::{Availability, Busy, GRID_MINUTES, bookings_that_matter};
use crate::model::requests::ROUTED;

/// How many calendars are read at first; three times as many each time after.
const FIRST: usize = 40;
/// How many are asked at once what they say.
const HEARD: usize = 40;
/// How much of the fit is by vectors, where both sides have one.
const BY_VECTOR: f64 = 0.35;
/// Vectors as near as this are as near as texts come, and fit fully.
const NEAREST: f64 = 0.7;
/// The share of a window's begins that is worth half, one in so many.
const HALF_SLACK: i64 = 6;
/// Bounds of the number of begins that is worth half.
const HALF_BEGINS: (i64, i64) = (2, 40);

/// A provider in reach, and how good it can be at most.
pub(super) struct Candidate {
    of: Arc<InReach>,
    known: Known,
    met: Vec<f64>,
    /// With whatever they say.
    fit_at_most: f64,
    /// With that, and as much time as the calendar is known to leave.
    at_most: f64,
}

/// A provider who can be free.
struct Free {
    candidate: Candidate,
    availability: f64,
}

pub(super) struct Candidates<'a> {
    matching: &'a Matching<'a>,
    needs: Needs,
    scorer: Scorer<'a>,
    /// The best bound last.
    waiting: Vec<Candidate>,
    batch: usize,
    /// The best so far.
    pub(super) best: Vec<Match>,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(matching: &'a Matching<'a>, in_reach: Vec<Arc<InReach>>) -> Self {
        let Matching { request, catalog, .. } = *matching;
        let trade = catalog.service(&request.service_id).map(|(category, _)| category.id.as_str());
        let phrases = request.specializations.iter().flatten().map(String::as_str);
        let mut needs = Needs::new(trade, phrases, &request.description);
        let scorer = Scorer::new(matching, &in_reach);
        let by_vector = matching.asked.is_some();
        let candidate = |of: Arc<InReach>| {
            let (known, met) = (scorer.known(&of), needs.met_by(&of.specializations));
            let fit = needs.fit_at_most(&met);
            let fit_at_most = if by_vector { fit.max(blended(fit, 1.0)) } else { fit };
            let at_most = scorer.score(known, fit_at_most, 1.0);
            Candidate { of, known, met, fit_at_most, at_most }
        };
        let mut waiting: Vec<Candidate> = in_reach.into_iter().map(candidate).collect();
        waiting.sort_by(|a, b| a.at_most.total_cmp(&b.at_most).then(b.of.provider_id.cmp(&a.of.provider_id)));
        Self { matching, needs, scorer, waiting, batch: FIRST, best: Vec::new() }
    }

    /// Those that are to be weighed next; none when none that waits could be among the best.
    pub(super) fn next(&mut self) -> Option<Vec<Candidate>> {
        if self.is_beaten(self.waiting.last()?) {
            return None;
        }
        let from = self.waiting.len().saturating_sub(self.batch);
        self.batch *= 3;
        Some(self.waiting.split_off(from))
    }

    /// Whether enough are better than this can be.
    fn is_beaten(&self, candidate: &Candidate) -> bool {
        self.best.len() >= ROUTED && self.best.last().is_some_and(|last| last.score > candidate.at_most)
    }

    /// Reads the calendars of some, and weighs them in full whose time leaves them among the best.
    pub(super) async fn weigh(&mut self, conn: &Conn, some: Vec<Candidate>) -> Result<()> {
        let ids: Vec<_> = some.iter().map(|candidate| candidate.of.provider_id).collect();
        let (from, to) = window(self.matching.request, self.matching.now);
        let (calendars, booked) =
            try_join!(calendars(conn, &ids), busy(conn, &ids, bookings_that_matter(from, to), None))?;
        let free = some.into_iter().filter_map(|candidate| {
            let id = candidate.of.provider_id;
            let booked = booked.get(&id).map_or(&[][..], Vec::as_slice);
            self.free(candidate, calendars.get(&id)?, booked)
        });
        let mut free: Vec<Free> = free.collect();
        free.sort_by(|a, b| b.candidate.at_most.total_cmp(&a.candidate.at_most));
        let mut free = free.into_iter().peekable();
        while free.peek().is_some_and(|best| !self.is_beaten(&best.candidate)) {
            self.hear(conn, free.by_ref().take(HEARD).collect()).await?;
        }
        Ok(())
    }

    /// Reads what some say, if it matters, and puts in their places those who are among the best.
    async fn hear(&mut self, conn: &Conn, some: Vec<Free>) -> Result<()> {
        let Matching { request, asked, .. } = *self.matching;
        let mut words = HashMap::new();
        if !self.needs.is_empty() || asked.is_some() {
            let ids: Vec<_> = some.iter().map(|one| one.candidate.of.provider_id).collect();
            let model = asked.map(|asked| asked.model.as_str());
            words = said(conn, &request.service_id, &ids, model).await?;
        }
        for one in some {
            // Those that follow can be no better.
            if self.is_beaten(&one.candidate) {
                break;
            }
            let said = words.remove(&one.candidate.of.provider_id).unwrap_or_default();
            let weighed = self.weighed(&one, &said);
            insert(&mut self.best, weighed);
        }
        Ok(())
    }

    /// Everybody who can be free, weighed in full and in order: what [`super::find`] must agree with.
    #[cfg(feature = "test_support")]
    pub(super) fn all(
        mut self,
        know: impl Fn(crate::model::ProviderId) -> Option<(Availability, Vec<Busy>, Said)>,
    ) -> Vec<Match> {
        let mut all = Vec::new();
        for candidate in std::mem::take(&mut self.waiting) {
            if let Some((calendar, booked, said)) = know(candidate.of.provider_id) {
                let free = self.free(candidate, &calendar, &booked);
                all.extend(free.map(|free| self.weighed(&free, &said)));
            }
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.provider_id.cmp(&b.provider_id)));
        all
    }

    /// One whose calendar is known; none if no job of theirs can begin in the window.
    fn free(&self, mut candidate: Candidate, calendar: &Availability, booked: &[Busy]) -> Option<Free> {
        let availability = self.slack(&candidate.of, calendar, booked)?;
        candidate.at_most = self.scorer.score(candidate.known, candidate.fit_at_most, availability);
        Some(Free { candidate, availability })
    }

    /// The whole score of one.
    fn weighed(&self, Free { candidate, availability }: &Free, said: &Said) -> Match {
        let fit = self.fit(candidate, said);
        self.scorer.explained(candidate.of.provider_id, candidate.known, fit, *availability)
    }

    /// How much of the window is free; none if no job can begin in it.
    fn slack(&self, one: &InReach, calendar: &Availability, booked: &[Busy]) -> Option<f64> {
        let Matching { request, now, .. } = *self.matching;
        let (from, to) = window(request, now);
        let begins = (to - from.max(now)).num_minutes() / i64::from(GRID_MINUTES);
        let half = (begins / HALF_SLACK).clamp(HALF_BEGINS.0, HALF_BEGINS.1);
        let enough = 4 * half;
        let free =
            calendar.count_free(booked, self.matching.minutes(one), (from, to), enough as usize, now) as f64;
        let worth = |free: f64| free / (free + half as f64);
        (free > 0.0).then(|| worth(free) / worth(enough as f64))
    }

    fn fit(&self, candidate: &Candidate, said: &Said) -> f64 {
        let in_text = if self.needs.is_empty() { Vec::new() } else { self.needs.said_in(&said.text) };
        let fit = self.needs.fit(&candidate.met, &in_text);
        let near =
            self.matching.asked.zip(said.vector.as_ref()).and_then(|(asked, own)| cosine(&asked.vector, own));
        near.map_or(fit, |near| blended(fit, (near / NEAREST).clamp(0.0, 1.0)))
    }
}

fn blended(fit: f64, by_vector: f64) -> f64 {
    (1.0 - BY_VECTOR) * fit + BY_VECTOR * by_vector
}

/// The cosine of the angle between two vectors; none if they cannot be compared.
fn cosine(one: &[f32], other: &[f32]) -> Option<f64> {
    if one.len() != other.len() {
        return None;
    }
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    let lengths = (dot(one, one) * dot(other, other)).sqrt();
    (lengths > 0.0).then(|| dot(one, other) / lengths)
}
