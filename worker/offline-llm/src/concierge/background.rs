//! What a message only tells: the past, other people, other events. It gives no facts where the message asks for something.

use super::words::{Kind, Token, norm};

/// How a token stands in its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stance {
    /// The clause is about the past or about somebody else.
    pub told: bool,
    /// The clause tells what happened: its days are over.
    pub past: bool,
    /// The clause before it, or the start of it, asks for something.
    pub asked: bool,
}

/// Where a new clause begins without a sign.
const STARTS: &[&[&str]] = &[
    &["but"],
    &["so"],
    &["because"],
    &["although"],
    &["though"],
    &["while"],
    &["when"],
    &["anyway"],
    &["i", "need"],
    &["i", "want"],
    &["i", "would"],
    &["i", "can"],
    &["i", "just", "want"],
    &["i", "just", "need"],
    &["i", "still", "need"],
    &["i", "am"],
    &["im"],
    &["id"],
    &["we", "need"],
    &["we", "want"],
    &["we", "can"],
    &["we", "would"],
    &["wewould"],
    &["weare"],
    &["need"],
    &["still", "need"],
    &["now", "i"],
    &["now", "we"],
    &["now", "my"],
    &["looking", "for"],
    &["budget"],
    &["my", "budget"],
    &["can", "you"],
    &["could", "you"],
    &["can", "someone"],
    &["could", "someone"],
    &["please"],
];

/// Words that ask: what follows them is wanted.
const ASKS: &[&[&str]] = &[
    &["need"],
    &["needs"],
    &["needed"],
    &["neeed"],
    &["want"],
    &["wants"],
    &["would", "like"],
    &["would", "love"],
    &["wewould", "like"],
    &["wewould", "love"],
    &["id", "like"],
    &["id", "love"],
    &["looking", "for"],
    &["looking", "to"],
    &["look", "for"],
    &["searching", "for"],
    &["hoping", "for"],
    &["hoping", "to"],
    &["interested", "in"],
    &["book"],
    &["hire"],
    &["find"],
    &["schedule"],
    &["arrange"],
    &["require"],
    &["after", "a"],
    &["someone", "to"],
    &["somebody", "to"],
    &["someone", "who"],
    &["somebody", "who"],
    &["can", "someone"],
    &["can", "somebody"],
    &["could", "someone"],
    &["could", "somebody"],
    &["can", "you"],
    &["could", "you"],
    &["can", "i", "get"],
    &["could", "i", "get"],
    &["get", "me"],
];

/// Words of a payment that is over or somebody else's price.
const PRICES: &[&str] = &["paid", "charged", "quoted", "spent", "bought", "charges", "quote", "invoiced"];

/// Words of what happened.
const HAPPENED: &[&str] = &[
    "broke",
    "burst",
    "died",
    "happened",
    "came",
    "fixed",
    "cancelled",
    "canceled",
    "started",
    "stopped",
    "flooded",
    "noticed",
    "moved",
    "booked",
    "went",
    "ordered",
    "failed",
    "missed",
    "was",
    "were",
    "had",
    "did",
    "visited",
    "installed",
    "painted",
    "left",
];

/// People whose doings are not the user's.
const PEOPLE: &[&str] = &[
    "sister",
    "brother",
    "friend",
    "friends",
    "neighbor",
    "neighbour",
    "neighbors",
    "neighbours",
    "cousin",
    "coworker",
    "colleague",
    "boss",
    "roommate",
    "flatmate",
    "mate",
    "buddy",
    "mom",
    "mum",
    "mother",
    "dad",
    "father",
    "aunt",
    "uncle",
    "husband",
    "wife",
    "girlfriend",
    "boyfriend",
    "partner",
    "bestie",
    "guy",
    "company",
    "landlord",
    "son",
    "daughter",
    "parents",
    "grandma",
    "grandmother",
    "niece",
    "nephew",
];

/// What others do that is no wish of the user.
const DOINGS: &[&str] = &[
    "had",
    "got",
    "gets",
    "paid",
    "pays",
    "did",
    "does",
    "went",
    "goes",
    "used",
    "uses",
    "lives",
    "live",
    "recommended",
    "charged",
    "charges",
    "moved",
    "booked",
    "wanted",
    "hired",
    "spent",
    "works",
    "swears",
    "told",
    "thinks",
    "think",
    "suggested",
    "getting",
    "quoted",
    "loves",
    "said",
    "says",
    "has",
];

/// Who once did the work.
const TRADES: &[&str] = &[
    "cleaner",
    "braider",
    "plumber",
    "stylist",
    "barber",
    "photographer",
    "electrician",
    "landlord",
    "guy",
    "lady",
    "hairdresser",
    "company",
    "girl",
    "person",
    "handyman",
    "salon",
    "colorist",
    "tech",
    "city",
    "town",
];

/// Whether a folded word is somebody.
pub fn is_person(word: &str) -> bool {
    PEOPLE.contains(&word)
}

fn says(tokens: &[Token], i: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(k, word)| norm(tokens, i + k) == *word)
}

/// How each token stands.
pub fn stances(tokens: &[Token]) -> Vec<Stance> {
    let mut found = vec![Stance::default(); tokens.len()];
    let mut begin = 0;
    for end in 1..=tokens.len() {
        if end < tokens.len() && !starts(tokens, end) {
            continue;
        }
        let (told, past) = (is_told(tokens, begin, end), is_past(tokens, begin, end));
        let asks = first_ask(tokens, begin, end);
        for i in begin..end {
            if let Some(stance) = found.get_mut(i) {
                let wanted = asks.is_some_and(|ask| i > ask);
                *stance = Stance { told, past: told || (past && !wanted), asked: wanted };
            }
        }
        begin = end;
    }
    found
}

/// Whether a clause begins at `i`.
fn starts(tokens: &[Token], i: usize) -> bool {
    let Some(before) = i.checked_sub(1).and_then(|k| tokens.get(k)) else { return true };
    let dash = |t: &Token| t.kind == Kind::Sign && matches!(t.text.as_str(), "-" | "–") && !t.glued;
    if before.is_break() || dash(before) {
        return true;
    }
    let at = if norm(tokens, i) == "and" { i + 1 } else { i };
    // "That I need" goes on; "and need", "and I want" do not.
    let bound = matches!(
        before.norm.as_str(),
        "and" | "that" | "which" | "what" | "if" | "as" | "where" | "who" | "i" | "we"
    );
    !bound
        && (STARTS.iter().any(|words| says(tokens, at, words))
            || (at > i && matches!(norm(tokens, at), "i" | "we" | "want" | "need" | "now" | "looking")))
}

fn first_ask(tokens: &[Token], begin: usize, end: usize) -> Option<usize> {
    (begin..end).find_map(|i| {
        let words = ASKS.iter().filter(|words| says(tokens, i, words)).max_by_key(|words| words.len())?;
        let denied = i
            .checked_sub(1)
            .is_some_and(|k| matches!(norm(tokens, k), "dont" | "not" | "doesnt" | "didnt" | "never"));
        (!denied).then_some(i + words.len() - 1)
    })
}

/// About the past or about somebody else.
fn is_told(tokens: &[Token], begin: usize, end: usize) -> bool {
    let word = |i: usize| if i < end { norm(tokens, i) } else { "" };
    let asks = first_ask(tokens, begin, end);
    (begin..end).any(|i| {
        let before =
            |back: usize| i.checked_sub(back).filter(|k| *k >= begin).map_or("", |k| norm(tokens, k));
        match word(i) {
            "last" => {
                matches!(
                    word(i + 1),
                    "time"
                        | "year"
                        | "month"
                        | "summer"
                        | "winter"
                        | "spring"
                        | "fall"
                        | "autumn"
                        | "christmas"
                ) || TRADES.contains(&word(i + 1))
                    || super::time::calendar::month_number(word(i + 1)).is_some()
            }
            "ago" | "previously" | "formerly" => true,
            "used" => word(i + 1) == "to",
            "old" | "previous" | "former" | "ex" => TRADES.contains(&word(i + 1)),
            "lived" | "moved" => true,
            "grew" => word(i + 1) == "up",
            "back" => {
                matches!(word(i + 1), "home" | "when" | "then")
                    || (word(i + 1) == "in" && asks.is_none_or(|ask| ask > i))
            }
            "cost" | "costs" => matches!(word(i + 1), "me" | "us" | "her" | "him" | "them"),
            "wanted" => !matches!(before(1), "i" | "we" | "always" | "") && word(i + 1) != "to",
            "quote" => false,
            "burned" => before(1) == "got",
            "someone" | "somebody" | "everyone" | "people" => (i + 1..end.min(i + 7))
                .any(|k| matches!(word(k), "got" | "had" | "paid" | "went" | "did" | "charged")),
            said if PRICES.contains(&said) => before(1) != "be" && before(1) != "get",
            said if PEOPLE.contains(&said) => {
                asks.is_none()
                    && (matches!(
                        before(1),
                        "my" | "our"
                            | "a"
                            | "best"
                            | "one"
                            | "his"
                            | "her"
                            | "the"
                            | "last"
                            | "other"
                            | "next"
                    ) || i == begin)
                    && (i + 1..end.min(i + 7)).any(|k| DOINGS.contains(&word(k)))
            }
            _ => false,
        }
    })
}

/// Of what happened.
fn is_past(tokens: &[Token], begin: usize, end: usize) -> bool {
    (begin..end).any(|i| HAPPENED.contains(&norm(tokens, i)))
}

#[cfg(test)]
mod tests {
    use super::super::reading::Reading;

    fn told(text: &str) -> Vec<String> {
        let reading = Reading::new(text);
        (0..reading.tokens.len())
            .filter(|i| reading.is_word(*i) && reading.stance(*i).told)
            .map(|i| reading.norm(i).to_owned())
            .collect()
    }

    #[test]
    fn the_past_and_other_people() {
        assert_eq!(
            told("my sister in miami got a balayage so i want one").join(" "),
            "my sister in miami got a balayage"
        );
        assert_eq!(told("Last time I paid $90, I want to stay under $70").join(" "), "last time i paid");
        assert_eq!(told("I need a haircut for my son in Austin").join(" "), "");
        assert_eq!(told("My mom lives in Tampa and needs her carpets cleaned").join(" "), "");
    }
}
