//! How providers say what they want.

use super::{bookings, calendar, leads, offers};
use crate::talk::Scene;
use crate::talk::rules::{self, Rule};

/// What a provider may want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// See leads.
    Leads,
    /// See one lead.
    Details,
    /// Pass a lead.
    Pass,
    /// A suggestion for an offer.
    Suggest,
    /// Send an offer, or change the one that is drafted.
    Offer,
    /// Withdraw an offer.
    Withdraw,
    /// See bookings.
    Bookings,
    /// Mark a booking as done.
    Complete,
    /// Report that nobody came.
    NoShow,
    /// Take a proposed time.
    AcceptTime,
    /// Turn a proposed time down.
    DeclineTime,
    /// Cancel a booking.
    Cancel,
    /// Change hours, days off, limits.
    Calendar,
    /// Answer a review.
    Respond,
    /// Numbers.
    Performance,
}

const RULES: &[Rule<Want>] = &[
    Rule {
        intent: Want::NoShow,
        says: &[
            "no show",
            "noshow",
            "didnt|not|never|hasnt|havent show|showed|shown|come|came|appear|appeared|turn|turned",
            "nobody|noone|one was|came|showed|opened|appeared",
            "wasnt|werent|not there|home",
            "stood me up",
        ],
        unless: &["review"],
    },
    Rule {
        intent: Want::Respond,
        says: &[
            "reply|respond|answer|comment .. review|rating|feedback",
            "review|feedback .. reply|respond|answer",
            "reply|respond|answer to maria|her|him|his ?review",
            "thank .. for .. review|stars|rating",
        ],
        unless: &["latest reviews >"],
    },
    Rule {
        intent: Want::Withdraw,
        says: &[
            "withdraw|retract|revoke",
            "pull .. offer",
            "take .. offer back|down",
            "take back .. offer",
            "cancel|delete|remove .. offer",
            "take|pull|get ?my|the|that it|that|this|one|bid|quote back|down",
        ],
        unless: &["dont"],
    },
    Rule {
        intent: Want::Suggest,
        says: &[
            "suggest|recommend",
            "suggestion",
            "what|much .. should|could|would|can .. charge|ask|offer|quote|bid|take|price",
            "what .. price|charge|quote|cost .. should|would|good|fair|right|for",
            "fair|good|right price",
            "draft|prepare|propose ?me ?an|the offer",
            "help .. with .. offer|price|pricing",
        ],
        unless: &["# dollars|bucks|usd", "send|use|take .. suggestion"],
    },
    Rule {
        intent: Want::Performance,
        says: &[
            "how .. am i doing|performing",
            "how .. business|things going|doing",
            "hows .. business",
            "performance|stats|statistics|analytics|metrics|kpi",
            "my ?own ?average rating|numbers|ratings|reputation|earnings|revenue",
            "win rate",
            "how many .. offers|jobs|leads .. won|win|sent|got|lost",
            "what .. customers say|think",
            "my ?latest ?new ?last reviews",
            "show|see|read|any .. review",
        ],
        unless: &["reply|respond"],
    },
    Rule {
        intent: Want::DeclineTime,
        says: &[
            "decline|reject|refuse .. proposal|new|proposed|suggested|reschedule|change|time",
            "new|proposed|suggested time|date .. doesnt|not|wont|isnt|bad|cant",
            "cant|cannot .. new|proposed|suggested time|date",
            "keep .. old|original .. time|slot|date|one",
        ],
        unless: &["offer"],
    },
    Rule {
        intent: Want::AcceptTime,
        says: &[
            "accept|agree|take|confirm|approve .. new|proposed|suggested time|slot|date|one",
            "accept|agree|confirm|approve .. proposal|reschedule|rescheduling|change",
            "new|proposed|suggested time|date|slot .. works|fine|ok|okay|good|great|perfect|suits",
            "proposal .. works|fine|ok|okay|good|great",
        ],
        unless: &["offer"],
    },
    Rule {
        intent: Want::Calendar,
        says: &[
            "i|im|ill|we|were .. off|unavailable|closed|away|busy|out on|this|next|tomorrow|today|from|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|all|until|december|dec|jan|january|the|for|# ?",
            "i|im|we ?only work|working .. mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mondays|weekdays|weekends|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|daily|#|every|from|until",
            "i|ill|im|we dont|not|no|cant ?longer work|working .. on|this|next|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|tomorrow|today|after|before",
            "vacation|holidays",
            "sick leave",
            "on holiday",
            "day|days|time off",
            "im|am sick",
            "my ?working|opening|usual|new hours|availability|schedule is|are|change|should|to|will",
            "change|set|update|extend .. hours|availability|calendar|schedule",
            "no|not|most|max|maximum|only .. #|one|two|three|four|five|six .. day|daily",
            "more than .. a|per day",
            "at|the most .. a|per day",
            "one|two|three|four|five|six|#|max|maximum ?# ?bookings|jobs|appointments ?a|per ?each day",
            "buffer",
            "break|minutes|hour|gap between",
            "# ?minutes|hours|min|hour ?of notice",
            "notice .. #|two|three|hour|day",
            "take .. off",
            "wont|not be working|available",
            "free on|every monday|tuesday|wednesday|thursday|friday|saturday|sunday|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|weekdays",
            "< close|block|closed",
            "block|close .. monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|today|calendar|afternoon|morning",
            "available .. monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekdays|weekends|mon|tue|wed|thu|fri|sat|sun|#",
        ],
        unless: &[
            "offer",
            "quote",
            "lead",
            "cancel",
            "what .. booked",
            "do i have",
            "am i .. free|busy|booked .. ?",
            "what .. hours",
            "bid",
        ],
    },
    Rule {
        intent: Want::Complete,
        says: &[
            "mark .. as|it|that|booking|job|appointment|haircut|her|his .. complete|completed|done|finished",
            "mark complete|completed|done",
            "job|booking|appointment|work|haircut|cleaning|session|visit .. is|was ?all ?now done|finished|complete|completed|over",
            "i|ive|im|we|just ?have ?just ?am ?now done|finished|completed",
            "complete|finish|close .. booking|job|appointment|haircut|cleaning",
            "is|was done|finished|complete|completed",
            "all done",
            "< done|finished with",
            "wrapped up",
        ],
        unless: &["enrollment", "offer"],
    },
    Rule {
        intent: Want::Cancel,
        says: &["call .. off", "cancel", "cant|cannot make|do|come"],
        unless: &["dont cancel", "policy"],
    },
    Rule {
        intent: Want::Pass,
        says: &[
            "pass on|over|it|that|this|the|maya|lead",
            "< ?ill ?i ?lets ?will pass",
            "skip|ignore|dismiss|decline|reject .. lead|request|it|one|that|this|first|second|third|last|job",
            "< skip|dismiss|decline|reject",
            "not interested",
            "dont want .. lead|job|request|it|one",
            "not for me",
        ],
        unless: &["pass .. offer", "proposal"],
    },
    Rule {
        intent: Want::Offer,
        says: &[
            "offer|quote|bid|charge .. #",
            "offer|quote|bid .. dollar|bucks|hundred",
            "send|make|submit|write|give|create .. offer|quote|bid|proposal",
            "< ?please ?ill ?i ?will ?lets ?id ?like ?to offer|quote|bid",
            "offer .. for|to",
            "go with .. suggestion",
            "send .. suggestion|suggested|it|that|this",
            "use .. suggestion|suggested",
        ],
        unless: &["what .. offer", "my offers", "should i offer"],
    },
    Rule {
        intent: Want::Details,
        says: &[
            "more|details|detail|information|info|everything .. about|on|of|for",
            "tell|show .. more",
            "tell .. about .. lead|request|job|first|second|third|last|one|haircut|cleaning",
            "open|view|read|see|show .. first|second|third|last ?lead|one|request|job",
            "details",
            "what .. does .. want|need|looking",
            "describe .. lead|job|request",
        ],
        unless: &["leads >"],
    },
    Rule {
        intent: Want::Bookings,
        says: &[
            "booking|appointment|schedule|agenda|calendar",
            "whats|what .. on ?for ?my today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|weekend",
            "what .. do i have",
            "what .. booked|planned|coming",
            "do i have .. today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|weekend|anything|jobs",
            "who|whos .. next|coming|first",
            "upcoming",
            "when|where .. next",
            "when|where am|do i .. next|start|work",
            "am i free|busy|booked",
        ],
        unless: &["lead"],
    },
    Rule {
        intent: Want::Leads,
        says: &[
            "lead",
            "any|new|open|show|see|list|more|other .. request|job|work|customer|inquiry|inquiries|opportunities|enquiries",
            "anything|whats|something ?is new",
            "opportunities|inquiries|enquiries",
            "who .. needs|wants|looking",
            "jobs",
            "my requests",
        ],
        unless: &[],
    },
];

/// What a message wants.
pub fn want(scene: &Scene) -> Option<Want> {
    let draft = scene.brief.draft.as_ref();
    let text = scene.said.text.trim();
    if text.is_empty() || text.starts_with('[') {
        return None;
    }
    // A text that is asked for may hold any words.
    match draft.map(|draft| (draft.kind.as_str(), draft)) {
        Some(("review_response", draft)) if draft.lacks("text") => return Some(Want::Respond),
        Some(("booking_cancellation", draft)) if draft.lacks("reason") => return Some(Want::Cancel),
        Some(("offer", _)) if changes_offer(scene) => return Some(Want::Offer),
        _ => {}
    }
    let by_words = rules::intent(&scene.said.spoken, RULES);
    // "Draft an offer for $80" needs no suggestion; "make it the way you suggest" takes the one there is.
    let by_words = by_words.map(|want| match want {
        Want::Suggest if scene.said.cents.is_some() || takes_suggestion(scene) => Want::Offer,
        other => other,
    });
    by_words.or_else(|| pending(scene)).or_else(|| {
        let said = &scene.said;
        let number = !said.numbers().is_empty();
        match draft?.kind.as_str() {
            "offer" => (said.has_time() || said.cents.is_some() || number).then_some(Want::Offer),
            "availability" => {
                (said.has_time() || number || calendar::changes(scene)).then_some(Want::Calendar)
            }
            "review_response" => (said.spoken.len() > 2 && !is_chat(scene)).then_some(Want::Respond),
            "booking_cancellation" => scene.says(&["because|reason|since"]).then_some(Want::Cancel),
            _ => None,
        }
    })
}

/// "Make the offer the way you suggest", "ok, send it as recommended".
fn takes_suggestion(scene: &Scene) -> bool {
    !scene.said.text.contains('?')
        && scene.says(&[
            "as|way|what|like|how|whatever|price|exactly ?that ?which you|youve|uve|u ?just ?have suggest|suggested|recommend|recommended|propose|proposed",
            "as|like suggested|recommended|proposed",
            "make|send|draft|submit|write|create|do|go|use|take .. your|the|that|with suggestion|recommendation",
            "make|send|draft|submit|write|create .. suggested|recommended|proposed",
            "make|send|submit|write|create .. offer .. suggest|recommend",
        ])
}

/// A question, or another topic: no text of a reply.
fn is_chat(scene: &Scene) -> bool {
    scene.said.text.trim_end().ends_with('?')
        || crate::concierge::smalltalk::is_off_topic(&scene.said.reading)
}

/// "Make it $75", "yes, but at 11", "add Sunday at 3", "say that I bring my own tools".
fn changes_offer(scene: &Scene) -> bool {
    let said = &scene.said;
    let facts = said.has_time()
        || said.cents.is_some()
        || !said.numbers().is_empty()
        || scene.says(&["say|write|tell|message|mention"]);
    let leads = scene.says(&[
        "make|change|set|raise|lower|reduce|increase|drop it|that|the|price",
        "< yes .. but",
        "but|rather|instead",
        "< no",
        "< add|also|say|write|tell|mention",
        "message|text should|to|:",
        "price|duration",
    ]);
    facts && leads && !scene.says(&["review", "off on", "vacation"])
}

/// What an answer to the agent's last question wants.
fn pending(scene: &Scene) -> Option<Want> {
    const QUESTIONS: &[(&str, Want)] = &[
        (leads::WHICH_DETAILS, Want::Details),
        (leads::WHICH_PASS, Want::Pass),
        (offers::WHICH_SUGGEST, Want::Suggest),
        (offers::WHICH_OFFER, Want::Offer),
        (offers::WHICH_WITHDRAW, Want::Withdraw),
        (offers::SEND_IT, Want::Offer),
        (offers::WHICH_PRICE, Want::Offer),
        (leads::NEXT, Want::Suggest),
        (bookings::WHICH_DONE, Want::Complete),
        (bookings::WHICH_NO_SHOW, Want::NoShow),
        (bookings::WHICH_CANCEL, Want::Cancel),
        (calendar::WHAT, Want::Calendar),
        ("Shall I show you your leads?", Want::Leads),
    ];
    let want = QUESTIONS.iter().find(|(question, _)| scene.asked(question)).map(|(_, want)| *want)?;
    let negative = scene.says(&["< no|nope|nah|none|neither|never|not|thanks", "forget it", "never mind"]);
    (!negative && scene.said.spoken.len() <= 10 && !scene.said.text.trim_end().ends_with('?')).then_some(want)
}
