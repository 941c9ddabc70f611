//! Who may see what, written by hand from the contract (§2 who may, §6 privacy). Nothing here is derived from the code.
//!
//! A line is a canary, what is planted there, and who sees it: where nobody is named, nobody does. Who stands in brackets may
//! see it, and need not. Admins read what is owner-scoped, and are no side of a booking: they see no contact of one.
//!
//! The story: Maya needs haircuts. Her request `open` went to Lea, who has looked, to Offi, who has a live offer, and to Casey,
//! who has passed. `booked` is booked with Bea, Offi's offer for it was declined. `off` was booked with Casey and called off,
//! `over` was done by Olga more than 30 days ago. Noah is booked with Offi, and is about to enroll. Sam is a consumer and Zed
//! a provider who have to do with none of them.

/// What is planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A word that is nowhere else.
    Word,
    /// An amount that is nowhere else.
    Amount,
    /// A latitude: more of it than two digits behind the point is nobody's business.
    Latitude,
    /// The id of something.
    Id,
}

/// One canary: its name, and who sees it and who may.
#[derive(Debug)]
pub struct Line {
    /// Whose, and what.
    pub name: &'static str,
    /// What is planted.
    pub form: Form,
    /// Who sees it.
    pub seen_by: Vec<&'static str>,
    /// Who may besides.
    pub may_see: Vec<&'static str>,
}

impl Line {
    /// Whether somebody may see it.
    pub fn allows(&self, reader: &str) -> bool {
        self.seen_by.contains(&reader) || self.may_see.contains(&reader)
    }
}

const TABLE: &str = "
maya.user_id            id       | maya (admin)
maya.account_email      word     | maya
maya.password           word     |
maya.surname            word     | maya bea (admin)
maya.email              word     | maya bea (admin)
maya.phone              word     | maya bea (admin)
maya.street             word     | maya bea (admin)
maya.home               latitude | maya (admin)
maya.city               word     | maya (admin)
maya.memory             word     | maya
maya.photo_unhung       id       | maya (admin)
maya.chat_text          word     | maya (admin)
maya.chat_title         word     | maya (admin)
maya.chat_known         word     | maya (admin)
maya.chat_draft         word     | maya (admin)
maya.chat_answer        word     | maya (admin)
maya.key                word     |
open.description        word     | maya lea offi casey admin
open.specialization     word     | maya lea offi casey admin
open.budget             amount   | maya lea offi casey admin
open.place              latitude | maya admin
open.photo              id       | maya lea offi casey admin
open.offer_message      word     | maya offi admin
open.offer_price        amount   | maya offi admin
open.offer_notes        word     | maya offi admin
open.pass_reason        word     | casey
booked.description      word     | maya bea offi admin
booked.place            latitude | maya admin
booked.offer_message    word     | maya bea admin
booked.offer_price      amount   | maya bea admin
booked.declined_message word     | maya offi admin
booked.decline_reason   word     | maya offi admin
booked.address          word     | maya bea admin
booked.instructions     word     | maya bea admin
booked.proposed_note    word     | maya bea admin
booked.booking_id       id       | maya bea admin
booked.note             word     | maya
off.address             word     | maya
off.instructions        word     | maya
off.cancel_reason       word     | maya casey admin
off.booking_id          id       | maya casey admin
off.note                word     | maya
over.address            word     | maya
over.price              amount   | maya olga admin
over.booking_id         id       | maya olga admin
noah.user_id            id       | noah admin
noah.account_email      word     | noah
noah.email              word     | noah offi (admin)
noah.phone              word     | noah offi (admin)
noah.street             word     | noah offi (admin)
noah.description        word     | noah offi admin
noah.address            word     | noah offi admin
noah.enroll_name        word     | noah admin
noah.enroll_email       word     | noah admin
noah.enroll_phone       word     | noah admin
noah.enroll_street      word     | noah admin
noah.enroll_licence     word     | noah admin
noah.enroll_reason      word     | noah admin
bea.user_id             id       | bea (admin)
bea.account_email       word     | bea
bea.email               word     | bea maya admin
bea.phone               word     | bea maya admin
bea.street              word     | bea maya admin
bea.home                latitude | bea admin
bea.licence             word     | bea admin
bea.licence_note        word     | bea admin
bea.least_price         amount   | bea admin
bea.template            word     | bea admin
bea.external_id         word     | (bea)
bea.suspended_note      word     | (bea)
bea.photo_unhung        id       | bea (admin)
offi.user_id            id       | offi (admin)
offi.account_email      word     | offi noah
offi.phone              word     | offi noah admin
offi.street             word     | offi noah admin
offi.home               latitude | offi admin
casey.phone             word     | casey admin
olga.phone              word     | olga admin
lea.phone               word     | lea admin
";

/// All lines.
pub fn lines() -> Vec<Line> {
    TABLE.lines().filter(|line| !line.trim().is_empty()).map(line).collect()
}

fn line(line: &'static str) -> Line {
    let (what, readers) = line.split_once('|').expect("what | who");
    let mut what = what.split_whitespace();
    let name = what.next().expect("a name");
    let form = match what.next().expect("a form") {
        "word" => Form::Word,
        "amount" => Form::Amount,
        "latitude" => Form::Latitude,
        "id" => Form::Id,
        other => panic!("{name}: {other}"),
    };
    let (may, sees): (Vec<_>, Vec<_>) =
        readers.split_whitespace().partition(|reader| reader.starts_with('('));
    let may_see = may.into_iter().map(|reader| reader.trim_matches(['(', ')'])).collect();
    Line { name, form, seen_by: sees, may_see }
}
