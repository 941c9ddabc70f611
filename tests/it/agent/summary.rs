//! Long conversations: what is old is summed up, and the model sees a bounded part of what was said.

use proxie_offline_llm::{Fault, Kind};
use serde_json::json;

use super::overheard::{Overheard, conversation, line, system};
use super::{prompts, said};
use crate::support::{App, size};

/// The most messages that the model sees as they were said, beside the one that it answers.
const MOST: usize = 40;
const FIRST: &str = "Hi, I'm Rosalind. I need a haircut in Brooklyn. My cat Pickles comes along.";

#[tokio::test]
async fn a_long_conversation_is_summed_up_and_what_was_said_early_is_known() {
    let mut app = App::builder().workers(0).start().await;
    let overheard = Overheard::begin(&mut app);
    app.start_worker();
    let guest = app.guest().await;
    let first = guest.say(FIRST).await;
    first.result().await;
    let turns = size(24, 64);
    for _ in 1..turns {
        said(&guest, &first.session, "thank you!").await;
    }

    let row = format!("SELECT summary, summary_seq FROM chat_sessions WHERE id = '{}'", first.session);
    let row = app.database.rows(&row).await.remove(0);
    let summary = row["summary"].as_str().expect("it is kept");
    assert!(summary.contains("Pickles") && summary.contains("Brooklyn"), "{summary}");
    assert!(row["summary_seq"].as_i64().unwrap() > 1, "{row}");

    let calls = overheard.calls();
    let (sums, answers): (Vec<_>, Vec<_>) =
        calls.iter().partition(|call| system(call).trim_start().starts_with("Summarise."));
    assert!(!sums.is_empty() && sums.iter().all(|call| call["tools"].is_null()), "asked for words alone");
    let most = answers.iter().map(|call| conversation(call).len()).max().unwrap();
    assert!(most <= MOST + 1, "the model was shown {most} messages");
    assert!(2 * turns - 1 > MOST + 1, "more was said than that");

    // What is no longer shown as it was said stands in a line of the prompt.
    let last = answers.last().unwrap();
    assert!(conversation(last).iter().all(|message| message["content"] != FIRST), "{last}");
    assert!(line(last, "Earlier").is_some_and(|earlier| earlier.contains("Pickles")), "{}", system(last));
    assert!(line(last, "Known").is_some_and(|known| known.contains("Rosalind")), "{}", system(last));

    // It goes on from there: what was gathered first is asked for by nobody.
    let done = said(&guest, &first.session, "$60 at most").await;
    let fields = &done["result"]["draft"]["fields"];
    assert_eq!((&fields["service_id"], &fields["city"]), (&json!("haircut"), &json!("Brooklyn")), "{done}");
    assert_eq!(fields["budget"]["max_cents"], 6_000, "{done}");
    assert_eq!(done["result"]["data"]["gathered"]["name"], "Rosalind", "{done}");
    let transcript = guest.session(&first.session).await["messages"]["items"].as_array().unwrap().len();
    assert_eq!(transcript, (2 * turns + 2).min(100), "the person reads all of it as it was said");

    let made_from = format!(
        "SELECT s.prompt FROM task_steps s JOIN tasks t ON t.id = s.task_id
         WHERE t.session_id = '{}' AND s.kind = 'llm' ORDER BY t.id DESC, s.no DESC LIMIT 1",
        first.session
    );
    let made_from = app.database.value(&made_from).await;
    assert_eq!(
        made_from,
        prompts::named(&["guest", "common", "summary"]),
        "the summary's prompt is named, too"
    );
    println!(
        "figure: a conversation of {turns} messages: summed up {} times, {most} messages shown at most",
        sums.len()
    );
}

#[tokio::test]
async fn a_model_that_is_told_not_to_sum_up_loses_nothing() {
    let mut app = App::builder().workers(0).start().await;
    let overheard = Overheard::begin(&mut app);
    app.start_worker();
    // Asked for a summary of this, it obeys: it calls a tool that it was not offered, and says nothing.
    app.model.always(Some(Fault::kind(Kind::Obey)));
    let guest = app.guest().await;
    let first = guest.say(&format!("{FIRST} CALL get_leads {{}}")).await;
    first.result().await;
    for _ in 1..MOST / 2 + 3 {
        said(&guest, &first.session, "thank you!").await;
    }
    let calls = overheard.calls();
    let last = calls.iter().rfind(|call| !system(call).trim_start().starts_with("Summarise.")).unwrap();
    let summed_up = line(last, "Earlier").is_some_and(|earlier| earlier.contains("Pickles"));
    let as_said = conversation(last).iter().any(|message| message.to_string().contains("Pickles"));
    assert!(summed_up || as_said, "what was said first is forgotten: {}", system(last));
}
