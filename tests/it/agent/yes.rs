//! A plain yes is one to what was just asked, and to nothing else.

use serde_json::json;

use super::{effects, pressed, said};
use crate::support::{App, Deal, HAIRCUT};

/// Ends with another question, for who has booked nothing: shall somebody be found?
const LOOKUP: &str = "What bookings do I have?";
const TAKE_IT: &str = "take Curls & Co at 3pm, please";

const BOOKED: &str = "SELECT count(*) FROM bookings";
const POSTED: &str = "SELECT count(*) FROM requests";

/// Somebody with an offer, and whoever answers them.
async fn offered() -> (App, Deal) {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    app.offer_row(deal.request, deal.provider).await;
    // What was never asked of a worker.
    app.database.execute("DELETE FROM tasks").await;
    app.start_worker();
    (app, deal)
}

#[tokio::test]
async fn a_yes_to_another_question_books_nothing_and_to_the_draft_shown_again_once() {
    let (app, deal) = offered().await;
    let maya = &deal.maya;
    let first = maya.say("Show me my offers").await;
    assert_eq!(first.result().await["data"]["offers"].as_array().unwrap().len(), 1);
    let session = first.session.as_str();

    let drafted = said(maya, session, TAKE_IT).await;
    let draft = drafted["result"]["draft"].clone();
    assert_eq!((&draft["kind"], &draft["missing"]), (&json!("acceptance"), &json!([])), "{drafted}");
    assert_eq!(draft["fields"]["slot"]["start_time"], "15:00", "{drafted}");
    assert_eq!(drafted["result"]["awaiting_approval"], true);

    let looked = said(maya, session, LOOKUP).await;
    assert_eq!(effects(&looked), [""; 0]);
    let yes = said(maya, session, "yes").await;
    assert_eq!(effects(&yes), [""; 0], "a yes to something else: {yes}");
    assert_eq!(app.database.value(BOOKED).await, 0);

    said(maya, session, "Show me my offers").await;
    let again = said(maya, session, TAKE_IT).await;
    assert_eq!(again["result"]["draft"]["fields"], draft["fields"], "{again}");
    let yes = said(maya, session, "yes").await;
    assert_eq!(effects(&yes), ["offer_accepted"], "{yes}");
    assert_eq!(app.database.value(BOOKED).await, 1);
    let more = said(maya, session, "yes").await;
    assert_eq!((effects(&more), app.database.value(BOOKED).await), (vec![], json!(1)), "once: {more}");
}

#[tokio::test]
async fn a_yes_behind_which_there_is_no_question_has_the_draft_shown_again() {
    let (app, deal) = offered().await;
    let maya = &deal.maya;
    let first = maya.say("Show me my offers").await;
    first.result().await;
    let session = first.session.as_str();
    let drafted = said(maya, session, TAKE_IT).await;
    said(maya, session, "What do you remember about me?").await;
    let again = said(maya, session, "yes").await;
    assert_eq!((effects(&again), app.database.value(BOOKED).await), (vec![], json!(0)), "{again}");
    let (shown, before) = (&again["result"]["draft"], &drafted["result"]["draft"]);
    assert_eq!((&shown["id"], &shown["version"]), (&before["id"], &before["version"]), "{again}");
    assert_eq!(again["result"]["awaiting_approval"], true, "{again}");
    assert_eq!(effects(&said(maya, session, "yes").await), ["offer_accepted"]);
}

#[tokio::test]
async fn a_yes_to_another_question_posts_nothing_and_the_drafts_own_button_does() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let first = maya.say(HAIRCUT).await;
    let shown = first.result().await;
    assert_eq!(shown["awaiting_approval"], true, "{shown}");
    said(&maya, &first.session, LOOKUP).await;
    let yes = said(&maya, &first.session, "yes").await;
    assert_eq!(effects(&yes), [""; 0], "{yes}");
    assert_eq!(app.database.value(POSTED).await, 0);
    // A button says which draft it is of, whatever was said since.
    let posted = pressed(&maya, "approve", &shown).await;
    assert_eq!(effects(&posted), ["request_created"], "{posted}");
    assert_eq!(app.database.value(POSTED).await, 1);
}

#[tokio::test]
async fn a_no_to_another_question_throws_no_draft_away() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let first = maya.say(HAIRCUT).await;
    let shown = first.result().await;
    said(&maya, &first.session, LOOKUP).await;
    let no = said(&maya, &first.session, "no").await;
    assert_eq!(no["result"]["draft"]["id"], shown["draft"]["id"], "{no}");
    let posted = pressed(&maya, "approve", &shown).await;
    assert_eq!(effects(&posted), ["request_created"], "{posted}");
}
