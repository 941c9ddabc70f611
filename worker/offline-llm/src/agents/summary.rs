//! `Summarise.`: what was said, cut short, in one paragraph.

use super::turn::Turn;
use crate::completion::Answer;

/// How much of a message is kept, in characters.
const PART: usize = 160;
/// How much there is altogether.
const WHOLE: usize = 1_500;

/// The summary: what was so before, then what the person said, then what the assistant answered last.
pub fn play(turn: &Turn) -> Answer {
    let before = turn.system.lines().find_map(|line| line.trim().strip_prefix("So far:")).map(str::trim);
    let before = before.filter(|text| !text.is_empty() && *text != "Nothing.");
    let transcript: Vec<&str> = turn.user.lines().map(str::trim).collect();
    let of = |who: &str| {
        transcript.iter().filter_map(|line| line.strip_prefix(who)).map(short).collect::<Vec<_>>()
    };
    let mut said = of("Person:");
    let mut answers = of("Assistant:");
    if said.is_empty() {
        said = turn.earlier_users().map(short).collect();
        if said.is_empty() {
            said.push(short(&turn.user));
        }
        answers = vec![short(turn.said_before())];
    }
    said.retain(|text| !text.is_empty());
    let mut parts: Vec<String> = before.map(str::to_owned).into_iter().collect();
    if !said.is_empty() {
        parts.push(format!("The person said: {}.", said.join("; ")));
    }
    if let Some(last) = answers.last().filter(|text| !text.is_empty()) {
        parts.push(format!("The assistant answered last: {last}."));
    }
    let text = parts.join(" ");
    let kept: String = text.chars().rev().take(WHOLE).collect();
    Answer::text(kept.chars().rev().collect::<String>())
}

fn short(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches(['.', '!']);
    if text.chars().count() > PART {
        text.chars().take(PART).collect::<String>() + " …"
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use crate::agents;

    #[test]
    fn small_tasks() {
        let ask = |system: &str, user: &str| {
            let body = json!({"model": "offline", "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}]});
            agents::answer(&serde_json::from_value(body).unwrap(), false).0.text
        };
        let summary = ask(
            "Summarise.\nSo far: Maya lives in Brooklyn.",
            "Person: I need a haircut.\nAssistant: When would suit you?\nPerson: Saturday",
        );
        assert_eq!(
            summary,
            "Maya lives in Brooklyn. The person said: I need a haircut; Saturday. The assistant answered last: When would suit you?."
        );
        let offer = ask(
            "Word the offer.",
            "{\"first_name\":\"Maya\",\"service_id\":\"haircut\",\"price_cents\":8000,\"slots\":[{\"date\":\"2026-11-21\",\"start_time\":\"10:00\"}]}",
        );
        assert_eq!(
            offer,
            "Hi Maya, I'd be glad to do a haircut for $80. I'm free Sat 21 Nov at 10 AM; which suits you?"
        );
    }
}
