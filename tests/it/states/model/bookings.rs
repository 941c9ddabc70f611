use chrono::Duration;

use super::{At, Model, Side, Verdict, Who};

/// An accepted offer.
#[derive(Debug)]
pub struct Booking {
    pub request: usize,
    pub offer: usize,
    pub business: usize,
    pub status: &'static str,
    /// What happened last, and who did it; nobody: time.
    pub last: (&'static str, Option<Who>),
    pub start: At,
    pub end: At,
    pub proposal: Option<Proposal>,
    pub late: bool,
    pub cancelled_by: Option<Side>,
    pub reviewed: bool,
}

/// Another slot that one side proposes.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    pub start: At,
    pub by: Side,
    pub until: At,
}

impl Model {
    /// Which side somebody is on; an admin is on none.
    fn side(&self, who: Who, booking: usize) -> Verdict<Option<Side>> {
        let one = &self.bookings[booking];
        let consumer = Who::Consumer(self.requests[one.request].owner);
        match who {
            Who::Admin => Ok(None),
            who if who == consumer => Ok(Some(Side::Consumer)),
            who if who == Who::Owner(one.business) => Ok(Some(Side::Business)),
            _ => Err("not_yours"),
        }
    }

    /// Until its start.
    fn ahead(&self, booking: usize) -> Verdict {
        let one = &self.bookings[booking];
        if one.status == "confirmed" && self.now < one.start { Ok(()) } else { Err("illegal_move") }
    }

    pub fn cancel_booking(&mut self, who: Who, booking: usize, rebook: bool) -> Verdict {
        let side = self.side(who, booking)?;
        if self.bookings[booking].last == ("cancelled", Some(who)) {
            return Ok(());
        }
        self.ahead(booking)?;
        let one = &mut self.bookings[booking];
        one.status = "cancelled";
        one.last = ("cancelled", Some(who));
        one.proposal = None;
        one.cancelled_by = side;
        one.late = one.start < self.now + Duration::hours(24);
        let (request, business, is_late) = (one.request, one.business, one.late);
        if is_late && side == Some(Side::Business) {
            self.businesses[business].late_cancellations += 1;
        }
        if rebook || side == Some(Side::Business) {
            self.reopen(request, business, who);
        } else {
            self.requests[request].moved("cancelled", Some(who));
        }
        Ok(())
    }

    /// The provider says that it is done, or that nobody was there, after the start.
    pub fn finish_booking(&mut self, who: Who, booking: usize, to: &'static str) -> Verdict {
        if self.side(who, booking)? == Some(Side::Consumer) {
            return Err("not_yours");
        }
        let one = &self.bookings[booking];
        if one.last == (to, Some(who)) {
            return Ok(());
        }
        if one.status != "confirmed" || self.now < one.start {
            return Err("illegal_move");
        }
        self.finish(booking, to, Some(who));
        Ok(())
    }

    pub(super) fn finish(&mut self, booking: usize, to: &'static str, by: Option<Who>) {
        let one = &mut self.bookings[booking];
        one.status = to;
        one.last = (to, by);
        one.proposal = None;
        if to == "completed" {
            self.businesses[one.business].completed_jobs += 1;
        }
        self.requests[one.request].moved("completed", by);
    }

    /// An admin proposes for the consumer. A proposal of one's own is replaced, one of the other side's is answered first.
    pub fn propose(&mut self, who: Who, booking: usize, start: At) -> Verdict {
        let by = self.side(who, booking)?.unwrap_or(Side::Consumer);
        self.ahead(booking)?;
        let one = &self.bookings[booking];
        if one.proposal.is_some_and(|open| open.by != by) {
            return Err("illegal_move");
        }
        if start == one.start {
            return Err("invalid");
        }
        let is_same = one.proposal.is_some_and(|open| open.start == start);
        if is_same && one.last == ("proposed", Some(who)) {
            return Ok(());
        }
        let minutes = (one.end - one.start).num_minutes();
        if !self.is_free(one.business, start, minutes, Some(booking)) {
            return Err("slot_taken");
        }
        let until = (self.now + Duration::hours(24)).min(one.start).min(start);
        let one = &mut self.bookings[booking];
        one.proposal = Some(Proposal { start, by, until });
        one.last = ("proposed", Some(who));
        Ok(())
    }

    /// The proposal, if somebody may answer it: the other side, or an admin for it.
    fn to_answer(&self, who: Who, booking: usize) -> Verdict<Proposal> {
        let side = self.side(who, booking)?;
        let open = self.bookings[booking].proposal.ok_or("illegal_move")?;
        if side == Some(open.by) { Err("illegal_move") } else { Ok(open) }
    }

    /// Agrees to what is proposed; to nothing else, if it is named.
    pub fn agree(&mut self, who: Who, booking: usize, only: Option<At>) -> Verdict {
        self.side(who, booking)?;
        let one = &self.bookings[booking];
        if one.last == ("agreed", Some(who)) && only.is_none_or(|only| only == one.start) {
            return Ok(());
        }
        self.ahead(booking)?;
        let open = self.to_answer(who, booking)?;
        if only.is_some_and(|only| only != open.start) {
            return Err("illegal_move");
        }
        let length = one.end - one.start;
        if !self.is_free(one.business, open.start, length.num_minutes(), Some(booking)) {
            return Err("slot_taken");
        }
        let one = &mut self.bookings[booking];
        (one.start, one.end, one.proposal) = (open.start, open.start + length, None);
        one.last = ("agreed", Some(who));
        Ok(())
    }

    pub fn disagree(&mut self, who: Who, booking: usize) -> Verdict {
        self.side(who, booking)?;
        if self.bookings[booking].last == ("disagreed", Some(who)) {
            return Ok(());
        }
        self.to_answer(who, booking)?;
        let one = &mut self.bookings[booking];
        one.proposal = None;
        one.last = ("disagreed", Some(who));
        Ok(())
    }

    /// Once, by the consumer, of a completed one, within 30 days of its end.
    pub fn review(&mut self, who: Who, booking: usize) -> Verdict {
        if self.side(who, booking)? != Some(Side::Consumer) {
            return Err("not_yours");
        }
        let one = &mut self.bookings[booking];
        if one.reviewed {
            return Err("already_reviewed");
        }
        if one.status != "completed" || one.end + Duration::days(30) < self.now {
            return Err("illegal_move");
        }
        one.reviewed = true;
        Ok(())
    }
}
