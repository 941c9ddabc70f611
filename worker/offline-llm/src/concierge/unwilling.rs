//! What the user does not care about or does not want to say.

use super::facts::Question;
use super::reading::{Claim, Reading};

const WHEN: &[&[&str]] = &[
    &["any", "time"],
    &["anytime"],
    &["whenever"],
    &["any", "day"],
    &["no", "rush"],
    &["no", "hurry"],
    &["dont", "care", "when"],
    &["not", "urgent"],
    &["doesnt", "matter", "when"],
    &["dont", "mind", "when"],
    &["flexible", "on", "time"],
    &["flexible", "on", "timing"],
    &["flexible", "with", "time"],
    &["flexible", "with", "timing"],
    &["flexible", "about", "timing"],
    &["flexible", "schedule"],
    &["flexible", "on", "dates"],
    &["flexible", "on", "date"],
    &["schedule", "is", "flexible"],
    &["timing", "is", "flexible"],
    &["time", "is", "flexible"],
    &["dates", "are", "flexible"],
    &["date", "is", "flexible"],
    &["in", "no", "rush"],
    &["in", "no", "hurry"],
    &["not", "in", "a", "hurry"],
    &["not", "in", "a", "rush"],
    &["no", "particular", "time"],
    &["no", "particular", "day"],
    &["no", "specific", "time"],
    &["no", "specific", "date"],
    &["dont", "have", "a", "date"],
    &["no", "date", "yet"],
    &["date", "not", "fixed"],
    &["dont", "know", "when"],
    &["not", "sure", "when"],
    &["time", "doesnt", "matter"],
    &["timing", "doesnt", "matter"],
    &["open", "schedule"],
    &["im", "free", "all"],
    &["no", "deadline"],
    &["whichever", "day"],
    &["no", "time", "pressure"],
    &["take", "your", "time"],
];
const MONEY: &[&[&str]] = &[
    &["budget", "flexible"],
    &["price", "flexible"],
    &["flexible", "price"],
    &["price", "open"],
    &["budget", "open"],
    &["no", "budget"],
    &["dont", "have", "a", "budget"],
    &["havent", "got", "a", "budget"],
    &["dont", "care", "about", "price"],
    &["dont", "care", "about", "the", "price"],
    &["dont", "care", "about", "cost"],
    &["dont", "care", "about", "the", "cost"],
    &["dont", "care", "what", "it", "costs"],
    &["dont", "care", "how", "much"],
    &["price", "doesnt", "matter"],
    &["price", "is", "not", "important"],
    &["price", "isnt", "important"],
    &["cost", "doesnt", "matter"],
    &["money", "is", "no", "object"],
    &["money", "doesnt", "matter"],
    &["money", "no", "object"],
    &["whatever", "it", "costs"],
    &["whatever", "it", "takes"],
    &["budget", "is", "flexible"],
    &["flexible", "budget"],
    &["flexible", "on", "price"],
    &["flexible", "on", "the", "price"],
    &["flexible", "on", "budget"],
    &["flexible", "with", "budget"],
    &["flexible", "with", "price"],
    &["flexible", "about", "price"],
    &["price", "is", "flexible"],
    &["flexible", "on", "the", "budget"],
    &["not", "sure", "about", "the", "price"],
    &["not", "sure", "about", "price"],
    &["not", "sure", "how", "much"],
    &["dont", "know", "how", "much"],
    &["no", "idea", "how", "much"],
    &["no", "idea", "what", "it", "costs"],
    &["budget", "doesnt", "matter"],
    &["price", "isnt", "an", "issue"],
    &["budget", "isnt", "an", "issue"],
    &["price", "is", "not", "an", "issue"],
    &["budget", "is", "not", "an", "issue"],
    &["money", "isnt", "an", "issue"],
    &["any", "price"],
    &["no", "price", "limit"],
    &["no", "limit"],
    &["budget", "is", "open"],
    &["open", "budget"],
    &["no", "set", "budget"],
    &["no", "fixed", "budget"],
    &["no", "particular", "budget"],
    &["dont", "mind", "the", "price"],
    &["dont", "mind", "paying"],
    &["dont", "have", "a", "specific", "budget"],
    &["dont", "have", "a", "set", "budget"],
    &["dont", "have", "any", "budget"],
    &["whatever", "the", "price"],
    &["doesnt", "matter", "how", "much"],
    &["not", "worried", "about", "price"],
    &["not", "worried", "about", "the", "price"],
    &["not", "worried", "about", "cost"],
    &["no", "specific", "budget"],
    &["budget", "not", "important"],
    &["rather", "not", "say", "my", "budget"],
    &["dont", "want", "to", "say", "a", "budget"],
    &["budget", "unknown"],
    &["not", "concerned", "about", "price"],
    &["no", "max", "price"],
    &["dont", "know", "the", "price"],
    &["market", "rate"],
    &["going", "rate"],
    &["quote", "me"],
];
/// Unwillingness about whatever was asked.
const ASKED: &[&[&str]] = &[
    &["flexible"],
    &["rather", "not", "say"],
    &["rather", "not"],
    &["prefer", "not", "to", "say"],
    &["dont", "care"],
    &["dont", "mind"],
    &["dont", "know"],
    &["no", "idea"],
    &["not", "sure"],
    &["no", "preference"],
    &["doesnt", "matter"],
    &["does", "not", "matter"],
    &["up", "to", "you"],
    &["you", "decide"],
    &["skip"],
    &["skip", "that"],
    &["skip", "it"],
    &["next", "question"],
    &["none", "of", "your", "business"],
    &["whatever"],
    &["anything"],
    &["any"],
    &["either"],
    &["no", "clue"],
    &["pass"],
    &["idk"],
    &["dunno"],
    &["not", "important"],
    &["dont", "want", "to", "say"],
    &["no", "limit"],
    &["havent", "decided"],
    &["nothing", "specific"],
    &["nothing", "in", "particular"],
    &["not", "really"],
    &["cant", "say"],
    &["hard", "to", "say"],
    &["no", "comment"],
    &["nope"],
    &["no"],
    &["nah"],
    &["none"],
    &["open"],
    &["whichever"],
    &["surprise", "me"],
    &["private"],
    &["not", "yet"],
    &["not", "telling"],
    &["rather", "keep", "that"],
    &["depends"],
    &["it", "depends"],
];

/// What the user declines, of window and budget. `window` and `budget` tell what the message says after all: that is not
/// declined. The tokens are claimed.
pub fn find(reading: &mut Reading, asked: &[Question], window: bool, budget: bool) -> Vec<Question> {
    let mut declined = Vec::new();
    let mut claims = Vec::new();
    for i in 0..reading.tokens.len() {
        for (phrases, question, said) in [(MONEY, Question::Budget, budget), (WHEN, Question::Window, window)]
        {
            if let Some(length) = reading.longest(i, phrases) {
                claims.push(i..i + length);
                if !said && !declined.contains(&question) {
                    declined.push(question);
                }
            }
        }
    }
    let specific = !declined.is_empty();
    for i in 0..reading.tokens.len() {
        let covered = claims.iter().any(|range| range.contains(&i));
        let Some(length) = reading.longest(i, ASKED).filter(|_| !covered) else { continue };
        let loose = length == 1 && reading.norm(i) != "flexible";
        let words = (0..reading.tokens.len()).filter(|k| reading.is_word(*k)).count();
        // "any", "no" and the like mean it only as a whole answer.
        if loose && (words > 4 || window || budget) {
            continue;
        }
        let mut of: Vec<Question> =
            asked.iter().copied().filter(|q| matches!(q, Question::Window | Question::Budget)).collect();
        if of.is_empty() && reading.norm(i) == "flexible" {
            of.push(Question::Window);
        }
        if of.is_empty() {
            continue;
        }
        claims.push(i..i + length);
        for question in of {
            let said = if question == Question::Window { window } else { budget };
            if !said && !specific && !declined.contains(&question) {
                declined.push(question);
            }
        }
    }
    for range in claims {
        reading.claim(range, Claim::Manner);
    }
    declined.sort_unstable();
    declined
}

/// Whether the message says there is no hurry.
pub fn is_unhurried(reading: &Reading) -> bool {
    (0..reading.tokens.len()).any(|i| {
        reading.longest(i, WHEN).is_some()
            || (reading.norm(i) == "flexible"
                && !(0..reading.tokens.len()).any(|k| matches!(reading.norm(k), "price" | "budget" | "cost")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwillingness() {
        use Question::{Budget, Window};
        for (text, asked, expected) in [
            ("any time works", vec![], vec![Window]),
            ("whenever, I'm flexible", vec![], vec![Window]),
            ("I don't care about price", vec![], vec![Budget]),
            ("no budget in mind", vec![Budget], vec![Budget]),
            ("rather not say", vec![Budget], vec![Budget]),
            ("no", vec![Window, Budget], vec![Window, Budget]),
            ("I'd like a haircut", vec![Budget], vec![]),
            ("money is no object", vec![], vec![Budget]),
            ("anytime, price doesn't matter", vec![], vec![Window, Budget]),
        ] {
            let found = find(&mut Reading::new(text), &asked, false, false);
            assert_eq!(found, expected, "{text}");
        }
    }
}
