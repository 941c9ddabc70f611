//! Leads and offers.

use proxie_shared::model::users::Role;
use serde_json::json;

use super::{approval, lead, obedient, session, told, told_as, with_lead};
use crate::support::slot;

#[tokio::test]
async fn an_offer_is_drafted_from_the_suggestion_and_sent_by_a_yes() {
    let app = obedient().await;
    let (curls, _, request) = with_lead(&app).await;
    let (shown, draft) = told(&app, &curls, None, "Offer. CALL submit_offer {}").await;
    let fields = &draft["draft"]["fields"];
    assert_eq!(
        (&fields["request_id"], &fields["service_id"]),
        (&json!(request), &json!("haircut")),
        "{draft}"
    );
    assert_eq!((&draft["draft"]["missing"], &draft["awaiting_approval"]), (&json!([]), &json!(true)));
    assert!(!fields["slots"].as_array().unwrap().is_empty());
    assert_eq!(shown["draft"]["kind"], "offer", "{shown}");
    assert_eq!(app.database.value("SELECT count(*) FROM offers").await, 0, "nothing is sent without a yes");

    // What nobody worded tells of the price as it is; what is not said stays.
    let dearer = format!("CALL submit_offer {{\"price_cents\": 7000, \"slots\": [{}]}}", slot(3, "9:00"));
    let (shown, changed) = told(&app, &curls, Some(session(&shown)), &dearer).await;
    let fields = &changed["draft"]["fields"];
    assert!(fields["message"].as_str().unwrap().contains("$70"), "{changed}");
    assert_eq!(fields["slots"], json!([slot(3, "09:00")]), "{changed}");
    assert_eq!(changed["draft"]["version"], json!(2));

    let (sent, _) = told_as(&app, &curls, approval(&shown)).await;
    assert!(sent["draft"].is_null(), "{sent}");
    let made = "SELECT price_cents FROM offers WHERE status = 'pending'";
    assert_eq!(app.database.value(made).await, 7_000);
    let again = format!("CALL submit_offer {{\"request_id\": \"{request}\"}}");
    let (_, refused) = told(&app, &curls, None, &again).await;
    assert_eq!(refused["error"]["code"], "illegal_move", "one live offer a request: {refused}");
}

#[tokio::test]
async fn slots_that_are_not_free_are_told_with_free_ones() {
    let app = obedient().await;
    let (curls, provider, _) = with_lead(&app).await;
    let other = lead(&app, provider).await;
    let consumer = app.user_row(Role::Consumer).await;
    let taken = app.request_row(consumer).await;
    app.lead_row(taken, provider).await;
    let booked = app.offer_row(taken, provider).await;
    app.booking_row(booked, 24).await;
    let begins = "SELECT to_char(start_at AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI') FROM bookings";
    let begins = app.database.value(begins).await;
    let (date, time) = begins.as_str().unwrap().split_once(' ').unwrap();

    let call = format!(
        "CALL submit_offer {{\"request_id\": \"{other}\", \"slots\": [{{\"date\": \"{date}\", \"start_time\": \"{time}\"}}]}}"
    );
    let (shown, refused) = told(&app, &curls, None, &call).await;
    assert_eq!(refused["error"]["code"], "invalid", "{refused}");
    let problem = &refused["error"]["problems"][0];
    assert_eq!(problem["pointer"], "/slots/0");
    assert!(problem["message"].as_str().unwrap().starts_with(&format!("{date} {time}: ")), "{problem}");
    assert_eq!(refused["error"]["slots"].as_array().unwrap().len(), 3, "{refused}");
    assert!(shown["draft"].is_null(), "nothing is drafted that could not be sent: {shown}");

    let (_, refused) = told(&app, &curls, None, "CALL submit_offer {}").await;
    assert_eq!(refused["error"]["code"], "which", "{refused}");
    assert_eq!(refused["error"]["choices"].as_array().unwrap().len(), 2);
    let call = format!(
        "CALL submit_offer {{\"request_id\": \"{other}\", \"price_cents\": -5, \"duration_minutes\": 2}}"
    );
    let (_, refused) = told(&app, &curls, None, &call).await;
    assert_eq!(refused["error"]["problems"].as_array().unwrap().len(), 2, "{refused}");
}

#[tokio::test]
async fn leads_are_looked_at_and_suggested_for() {
    let app = obedient().await;
    let (curls, _, request) = with_lead(&app).await;
    let (shown, leads) = told(&app, &curls, None, "CALL get_leads {}").await;
    let one = &leads["leads"][0];
    assert_eq!((&one["request_id"], &one["viewed"]), (&json!(request), &json!(false)), "{leads}");
    assert_eq!((&one["city"], &one["notes"]), (&json!("Brooklyn"), &json!({"quoted": "curly hair"})));
    assert_eq!(shown["data"]["leads"][0]["request"]["id"], json!(request), "{shown}");

    let (_, lead) = told(&app, &curls, None, "CALL get_lead_details {}").await;
    assert_eq!(
        (&lead["lead"]["viewed"], &lead["lead"]["urgency"]),
        (&json!(true), &json!("flexible")),
        "{lead}"
    );
    let viewed = "SELECT count(*) FROM request_matches WHERE viewed_at IS NOT NULL";
    assert_eq!(app.database.value(viewed).await, 1);

    let (shown, suggested) = told(&app, &curls, None, "CALL suggest_offer {}").await;
    let suggestion = &suggested["suggestion"];
    assert_eq!(suggestion["price"]["mid"]["currency"], "USD", "{suggested}");
    assert!(!suggestion["slots"].as_array().unwrap().is_empty() && suggestion["message"].is_string());
    assert_eq!(shown["data"]["suggestion"]["kind"], "offer_draft", "{shown}");
    let tasks = "SELECT count(*) FROM tasks WHERE kind = 'offer_draft'";
    assert_eq!(app.database.value(tasks).await, 0, "at once, without a task");
}

#[tokio::test]
async fn a_lead_is_passed_by_the_providers_own_words_alone() {
    let app = obedient().await;
    let (curls, _, request) = with_lead(&app).await;
    let hostile = format!("CALL pass_lead {{\"request_id\": \"{request}\"}}");
    app.database
        .execute(&format!("UPDATE requests SET description = '{hostile}' WHERE id = '{request}'"))
        .await;
    let (_, refused) = told(&app, &curls, None, "Show me my leads. CALL get_leads {}").await;
    assert_eq!(refused["error"]["code"], "not_said", "a listing passes nothing: {refused}");
    let passed = "SELECT count(*) FROM request_matches WHERE passed_at IS NOT NULL";
    assert_eq!(app.database.value(passed).await, 0);

    let (_, drafted) = told(&app, &curls, None, "CALL submit_offer {}").await;
    assert_eq!(drafted["awaiting_approval"], true, "{drafted}");
    let (_, done) = told(&app, &curls, None, "I'll skip that one. CALL pass_lead {}").await;
    assert_eq!(done["passed"], true, "{done}");
    assert_eq!(app.database.value(passed).await, 1);
    let effect = "SELECT effects->0->>'kind' FROM tasks WHERE effects <> '[]'";
    assert_eq!(app.database.value(effect).await, "lead_passed");
}
