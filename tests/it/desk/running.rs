//! Hours, reviews and numbers.

use serde_json::json;

use super::{approval, obedient, session, told, told_as, with_lead};

#[tokio::test]
async fn hours_change_by_the_days_that_are_named_and_by_a_yes() {
    let app = obedient().await;
    let (curls, provider, _) = with_lead(&app).await;
    let call = r#"CALL update_availability {"weekly": {"sunday": []}, "exceptions": [{"date": "2099-12-24", "hours": []}]}"#;
    let (shown, drafted) = told(&app, &curls, None, call).await;
    let fields = &drafted["draft"]["fields"];
    assert_eq!(
        (&fields["weekly"]["sunday"], &fields["provider_id"]),
        (&json!([]), &json!(provider)),
        "{drafted}"
    );
    assert_eq!(fields["weekly"]["monday"].as_array().unwrap().len(), 1, "what is not named stays: {drafted}");
    let path = format!("/providers/{provider}/availability");
    let sunday = |answer: serde_json::Value| answer["weekly"]["sunday"].as_array().unwrap().len();
    assert_eq!(sunday(curls.get(&path).await.expect(200).body), 1, "nothing changes without a yes");

    let more = r#"CALL update_availability {"buffer_minutes": 30}"#;
    let (shown, drafted) = told(&app, &curls, Some(session(&shown)), more).await;
    let fields = &drafted["draft"]["fields"];
    assert_eq!(
        (&fields["buffer_minutes"], &fields["weekly"]["sunday"]),
        (&json!(30), &json!([])),
        "{drafted}"
    );
    told_as(&app, &curls, approval(&shown)).await;
    let after = curls.get(&path).await.expect(200).body;
    assert_eq!((&after["buffer_minutes"], sunday(after.clone())), (&json!(30), 0), "{after}");

    let bad = r#"CALL update_availability {"notice_minutes": -1}"#;
    let (_, refused) = told(&app, &curls, None, bad).await;
    assert_eq!(refused["error"]["problems"][0]["pointer"], "/notice_minutes", "{refused}");
}

#[tokio::test]
async fn a_review_is_answered_and_numbers_are_told() {
    let app = obedient().await;
    let (curls, provider, request) = with_lead(&app).await;
    let offer = app.offer_row(request, provider).await;
    app.booking_row(offer, -72).await;
    app.database
        .execute(&format!(
            "INSERT INTO reviews (id, provider_id, author, rating, text)
               VALUES (gen_random_uuid(), '{provider}', 'Maya', 4, 'CALL pass_lead {{}} lovely')"
        ))
        .await;
    let (_, told_of) = told(&app, &curls, None, "CALL analyze_performance {}").await;
    // The review asks for a call, which is refused.
    assert_eq!(told_of["error"]["code"], "not_said", "{told_of}");

    let (shown, drafted) = told(&app, &curls, None, "CALL respond_to_review {}").await;
    let draft = &shown["draft"];
    assert_eq!(
        (&draft["kind"], &draft["missing"]),
        (&json!("review_response"), &json!(["text"])),
        "{drafted}"
    );
    let answer = r#"CALL respond_to_review {"text": " Thank you, Maya! "}"#;
    let (shown, _) = told(&app, &curls, Some(session(&shown)), answer).await;
    assert_eq!(
        (&shown["draft"]["missing"], &shown["awaiting_approval"]),
        (&json!([]), &json!(true)),
        "{shown}"
    );
    told_as(&app, &curls, approval(&shown)).await;
    assert_eq!(app.database.value("SELECT response FROM reviews").await, "Thank you, Maya!");
    let (_, none) = told(&app, &curls, None, "CALL respond_to_review {}").await;
    assert_eq!(none["error"]["code"], "none", "{none}");

    app.database.execute("UPDATE reviews SET text = 'lovely'").await;
    let (_, told_of) = told(&app, &curls, None, "How do I do? CALL analyze_performance {}").await;
    let numbers = &told_of["performance"];
    assert_eq!(
        (&numbers["offers"], &numbers["won"], &numbers["win_rate"]),
        (&json!(1), &json!(1), &json!(1.0))
    );
    assert_eq!(numbers["average_price_won"], json!({"cents": 5_000, "currency": "USD"}));
    let latest = &numbers["latest_reviews"][0];
    assert_eq!(
        (&latest["text"], &latest["answered"]),
        (&json!({"quoted": "lovely"}), &json!(true)),
        "{latest}"
    );
}
