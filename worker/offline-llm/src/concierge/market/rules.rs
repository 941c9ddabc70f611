//! How consumers say what they want of the market.

use super::memory::is_need;
use crate::concierge::words::{Token, is_common};
use crate::talk::Scene;
use crate::talk::rules::{self, Rule};

/// What a consumer may want of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// See or compare offers.
    ShowOffers,
    /// Take an offer.
    Accept,
    /// Turn an offer down.
    Decline,
    /// See requests.
    Requests,
    /// Cancel a request.
    CancelRequest,
    /// Post a request like one that is open.
    PostAnyway,
    /// See upcoming bookings.
    Bookings,
    /// See all bookings.
    History,
    /// Cancel a booking, or a request if there is none.
    Cancel,
    /// Move a booking.
    Reschedule,
    /// Take a proposed time.
    AcceptTime,
    /// Turn a proposed time down.
    DeclineTime,
    /// The same again.
    Rebook,
    /// Review a booking.
    Review,
    /// See what is remembered.
    Recall,
    /// Have something remembered.
    Remember,
    /// Have something forgotten.
    Forget,
    /// See the profile.
    Profile,
    /// Change the profile.
    SetProfile,
}

/// The rules, the first that fits holds.
const RULES: &[Rule<Want>] = &[
    Rule {
        intent: Want::Forget,
        says: &[
            "forget .. preference|budget|favourite|favorite|style|timing|places|everything|memory",
            "forget .. you .. know|remember",
            "forget that i|im .. like|prefer|want",
            "forget what",
            "delete|clear|erase|remove .. preference|memory|favourites|favorites",
            "dont remember|keep .. preference|that",
        ],
        unless: &[],
    },
    Rule {
        intent: Want::Recall,
        says: &[
            "what .. do|did you .. know|remember .. about me",
            "what .. you .. know|remember|learned|saved about me",
            "what .. my preference|favourites|favorites|usual",
            "show .. my preference|memory",
            "my preference >",
            "do you remember .. i like|prefer|usually",
            "what do i usually|like|prefer",
        ],
        unless: &["change|update .. preference"],
    },
    Rule {
        intent: Want::Remember,
        says: &[
            "remember ?that|please .. i|im|my|we|me",
            "< remember",
            "< note ?down ?that|for i|my|im",
            "keep in mind",
            "from now on",
            "for the future",
            "in future",
            "in general .. i .. like|prefer|want",
            "i always|usually|generally .. like|prefer|want|spend|pay|need",
            "my favourite|favorite .. is|are",
            "update|change|set .. preference",
            "save .. as .. preference|favourite|favorite",
        ],
        unless: &["remember me", "do you remember", "same as", "usual again"],
    },
    Rule {
        intent: Want::SetProfile,
        says: &[
            "my ?new phone|number|telephone|mobile|cell ?number|is|to .. is|to|its|# ?#",
            "my phone ?number #",
            "change|update|set|correct .. my .. phone|number|name|city|profile|location",
            "change my name",
            "i|ive ?have ?just moved to",
            "my city is",
            "save my number|phone",
            "you can call|reach me at|on .. #",
        ],
        unless: &["request .. to", "change .. booking|appointment|offer"],
    },
    Rule {
        intent: Want::Profile,
        says: &[
            "show|see|what .. my profile",
            "my profile >",
            "what .. my ?phone number",
            "what .. my .. name|city|phone >",
            "whats my .. name|city|phone >",
            "which .. name|city|phone|number .. do you have",
            "what .. is in my profile",
            "what name do you have",
        ],
        unless: &[],
    },
    Rule {
        intent: Want::DeclineTime,
        says: &[
            "decline|reject|refuse .. proposal|new|proposed|reschedule|change",
            "new|proposed|suggested time .. doesnt|not|wont|isnt|bad|cant",
            "cant|cannot .. new|proposed|suggested time",
            "keep .. old|original .. time|slot|date|one",
            "no .. to the new time",
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
            "yes .. to the new time",
        ],
        unless: &["offer"],
    },
    Rule {
        intent: Want::Review,
        says: &[
            "leave|write|give|post|add|submit|make .. review|rating|feedback|stars",
            "< ?i|id|lets|let ?like|want|me ?to review|rate",
            "rate|review .. my|the|last|maria|her|him|them|it",
            "# star",
            "one|two|three|four|five star",
            "# out of #",
            "# out of five",
            "my review",
        ],
        unless: &[
            "show .. reviews",
            "read .. reviews",
            "what .. reviews",
            "with # star",
            "# star .. provider",
            "find|need|want|looking .. # star",
        ],
    },
    Rule {
        intent: Want::Rebook,
        says: &[
            "same .. as .. last time|before|always",
            "same as before|always|last",
            "same .. thing|haircut|service|cleaning|person|provider .. again|last|before",
            "book|hire .. again",
            "rebook",
            "re book",
            "repeat .. last|booking|order|appointment",
            "the usual >",
            "my usual",
            "like last time",
            "again with",
        ],
        unless: &["cancel", "never .. again", "same time", "same day", "instead"],
    },
    Rule {
        intent: Want::Reschedule,
        says: &[
            "reschedule",
            "move|change|push|shift|postpone|switch|bring|delay .. booking|appointment|visit|session",
            "move|push|shift|postpone|delay ?back ?my|the|our .. haircut|cleaning|appointment|booking|visit|session|shoot|photoshoot|plumber|electrician|photographer|cleaner|barber|job|repair|installation|colouring|manicure|makeup",
            "< ?can|could|id|i ?like|need|want ?to ?we|you|i|please ?please move|postpone|shift it|that|this",
            "move|push|shift|bring it|that|this ?forward ?back to|by|forward|back",
            "another|different|new|other time|day|date for .. booking|appointment|haircut|cleaning",
            "change .. time|day|date of .. booking|appointment",
            "come .. another|different day|time",
        ],
        unless: &["moving", "move out", "move in", "request .. to|budget"],
    },
    Rule {
        intent: Want::CancelRequest,
        says: &[
            "cancel|withdraw|delete|close|remove|drop|end|stop .. request",
            "dont need .. request",
            "no longer need .. request",
            "take .. request down",
        ],
        unless: &["dont cancel", "how .. cancel"],
    },
    Rule {
        intent: Want::Decline,
        says: &[
            "decline|reject|refuse|dismiss .. offer|one|first|second|third|last|it|her|him|his|them|maria",
            "< ?please ?i|id|want|like ?to|would decline|reject",
            "turn down",
            "turn .. down",
            "dont|not want|take|like .. offer",
            "not interested in .. offer",
            "no .. thanks to .. offer",
            "pass on .. offer",
            "say no to",
        ],
        unless: &["proposal", "new time"],
    },
    Rule {
        intent: Want::Cancel,
        says: &[
            "cancel .. haircut|cleaning|appointment|booking|visit|session|shoot|photoshoot|plumber|electrician|photographer|cleaner|barber|job|repair|installation|colouring|manicure|makeup|reservation",
            "< ?i|id|can|could|please|want|need|have|like|you|we|lets ?i|you|to|we|like ?want|need|to|have|please ?to|please cancel",
            "call .. off",
            "cant|cannot make it .. to|on|appointment|booking",
            "have to cancel",
            "need to cancel",
            "get rid of .. booking|appointment",
        ],
        unless: &[
            "dont cancel",
            "had to cancel",
            "can you come",
            "policy",
            "how .. cancel",
            "they|he|she cancel|cancelled",
            "how late",
        ],
    },
    Rule {
        intent: Want::ShowOffers,
        says: &[
            "compare",
            "show|list|see|read|view|get|give .. offer|quote|bid|proposals",
            "any ?new|other|more offer|quote|bid|response|replies",
            "what|which .. offer|quote|bid",
            "how many .. offer|quote|bid",
            "< ?my ?the offers|quotes|bids >",
            "offers|quotes|bids ?yet ?so ?far >",
            "have|has|did .. anyone|anybody|somebody|someone|providers .. reply|replied|offered|answered|responded|respond|offer",
            "which .. cheapest|cheaper|best|better|earliest|soonest",
            "who .. cheapest|cheaper|earliest|soonest|rated",
            "who|which .. best|highest rating|rated|price",
            "whos .. cheapest|cheaper|earliest|soonest|rated",
            "tell me .. offer",
            "difference between .. offer|them|two",
            "offer .. look|like >",
        ],
        unless: &[
            "accept|take|choose|book|pick .. offer|one",
            "go with",
            "do you offer",
            "services .. offer",
            "a quote",
            "an offer",
            "compare .. price .. haircut",
        ],
    },
    Rule {
        intent: Want::Accept,
        says: &[
            "accept",
            "take|choose|pick|book|select|want|confirm|prefer|like|hire .. offer",
            "take|choose|pick|book|select|want|prefer|like|hire .. first|second|third|fourth|last|cheap|cheaper|cheapest|best|earliest|other|top|1st|2nd|3rd ?rated one",
            "take|choose|pick|hire|select|book .. cheaper|cheapest|best|earliest|first|second|third",
            "take|choose|pick|hire|book her|him|them|that|this ?one >",
            "< ?ill|lets|let|i|id|please ?me take|book|want|hire|choose|pick it|her|him|hers|his|theirs",
            "go with",
            "go for .. cheap|cheaper|cheapest|best|first|second|third|last|earliest|offer|one",
            "take|book|hire|pick|choose the one",
            "< ?the first|second|third|cheaper|cheapest|best|earliest|last|other ?rated one|offer",
            "< ?the cheaper|cheapest|best|first|second|third|last ?rated ?one ?please >",
            "< offer|number|option #",
            "offer",
        ],
        unless: &[
            "what|which|any|show|compare .. offer",
            "how many .. offer",
            "special offer",
            "do you|they|i .. offer",
            "does|did|can .. offer",
            "no offer",
            "you|they accept",
        ],
    },
    Rule {
        intent: Want::Requests,
        says: &[
            "my ?open|own|active|current|live|other requests",
            "status .. my request",
            "what .. my request",
            "how .. my request",
            "where .. my request",
            "show|list|see .. request",
            "which|what|how many .. request .. have|open|i",
            "what .. have|did i .. request|ask|asked|requested|post|posted",
            "happening|happened|going .. my request",
            "news .. my request",
            "open requests",
            "which|what requests",
        ],
        unless: &["change|edit|update .. request", "post|send|create|submit|new|make .. request"],
    },
    Rule {
        intent: Want::History,
        says: &[
            "history",
            "past|previous|earlier|old|former|all ?my booking|appointment|visit|job",
            "have|did i .. booked|book .. before|already|past|last",
            "booked so far",
            "who|what .. did i .. book|have|use|hire .. last|before",
            "who|what .. was|did .. last time",
            "last booking|appointment",
        ],
        unless: &["cancel", "review"],
    },
    Rule {
        intent: Want::Bookings,
        says: &[
            "my ?next|upcoming|current booking|appointment|visit|reservation",
            "show|see|check|whats|what .. my schedule|calendar",
            "upcoming booking|appointment|visit|job",
            "whats upcoming",
            "show|list|see|view .. booking|appointment",
            "when|time .. is|are .. my|the .. haircut|cleaning|appointment|booking|visit|session|shoot|photoshoot|plumber|electrician|photographer|cleaner|barber|job|repair|installation|colouring|manicure|makeup",
            "when|time .. is|does .. coming|come|arrive|arriving",
            "what .. i|ive|have .. booked|scheduled|planned|coming",
            "do|have i .. booking|appointment",
            "what bookings|appointments",
            "whats coming",
            "do|have i .. booking|appointment|booked|anything .. coming|booked|scheduled",
            "whats ?coming ?up ?on ?my calendar|next|schedule",
            "who .. coming",
            "details|status|address .. my booking|appointment",
            "tell .. about .. booking|appointment",
        ],
        unless: &["cancel", "make|need|want|get|schedule|book .. an|new|a appointment|booking", "review"],
    },
];

/// What the words want.
pub fn want(scene: &Scene) -> Option<Want> {
    let by_words = rules::intent(&scene.said.spoken, RULES);
    let want = by_words.or_else(|| is_somebody_chosen(scene).then_some(Want::Accept))?;
    // "Cancel" alone, to a question: that is no booking.
    let short = scene.said.spoken.len() <= 2 && scene.brief.draft.is_some();
    // "Let's go with Saturday", of a request that is being gathered.
    let gathers = scene.prompt.known.text("service_id").is_some();
    let moves = scene.said.has_time() || scene.says(&["move|push|shift|bring it|that|this"]);
    let of_request = gathers
        && match want {
            Want::Accept => scene.said.has_time() && !scene.says(&["offer|one|accept"]),
            Want::Reschedule => moves && !scene.says(&["booking|appointment"]),
            _ => false,
        };
    // "Can we move it to 3?", of a slot that is about to be booked.
    let of_slot = want == Want::Reschedule
        && scene.brief.open("acceptance").is_some()
        && !scene.says(&["booking|appointment"]);
    let of_draft = want == Want::Forget
        && !scene.prompt.known.fields.is_empty()
        && !scene.says(&["preference|memory|everything"]);
    let is_other = of_request
        || of_slot
        || of_draft
        || want == Want::Cancel && short
        || want == Want::Remember && is_need(scene);
    (!is_other).then_some(want)
}

/// "Hire Maria", "let's take Ana": a short wish for somebody by name; "I'll take Maria's" may go on.
fn is_somebody_chosen(scene: &Scene) -> bool {
    let reading = &scene.said.reading;
    let short = scene.said.spoken.len() <= 6
        && scene.said.service.is_none()
        && scene.says(&["< ?lets|ill|id|i|please ?like ?to ?will take|hire|choose|pick|book|want"]);
    reading.tokens.iter().enumerate().any(|(i, token)| {
        let after = i.checked_sub(1).map_or("", |k| reading.norm(k));
        let chooses = matches!(after, "take" | "hire" | "choose" | "pick" | "book" | "want");
        let ends = reading.tokens.get(i + 1).is_none_or(Token::is_break)
            || matches!(reading.norm(i + 1), "at" | "on" | "for" | "please" | "and");
        let owns = ends && (token.text.ends_with("'s") || token.text.ends_with("’s"));
        let named = token.capital() && reading.is_free(i) && !is_common(&token.norm);
        chooses && named && (short || owns)
    })
}
