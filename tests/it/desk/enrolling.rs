//! An enrollment is filled in as it is told, and handed in by a yes.

use serde_json::{Value, json};

use super::{approval, obedient, session, told, told_as};
use crate::support::files::{encoded, quarters};

fn enrolling(message: &str) -> Value {
    json!({"message": message, "role": "enrollment"})
}

fn missing(tool: &Value) -> Vec<&str> {
    tool["missing"].as_array().unwrap().iter().filter_map(|one| one["pointer"].as_str()).collect()
}

#[tokio::test]
async fn an_enrollment_grows_with_what_is_told_and_a_yes_hands_it_in() {
    let app = obedient().await;
    let ana = app.consumer("ana");
    let call = r#"CALL update_enrollment {"business_name": "Curls & Co", "city": "Brooklyn", "email": "nobody",
        "services": [{"service_id": "haircut", "price_min_cents": 5500}, {"service_id": "levitation"}]}"#;
    let (shown, tool) = told_as(&app, &ana, enrolling(call)).await;
    assert_eq!(tool["enrollment"]["business_name"], "Curls & Co", "{tool}");
    assert_eq!(
        tool["enrollment"]["services"].as_array().unwrap().len(),
        1,
        "what cannot be is left out: {tool}"
    );
    assert_eq!(tool["problems"].as_array().unwrap().len(), 2, "{tool}");
    assert_eq!(missing(&tool), ["/availability", "/portfolio"]);
    assert_eq!(shown["data"]["enrollment"]["fields"]["city"], "Brooklyn", "{shown}");
    let session = session(&shown).to_owned();

    let (_, refused) = told(&app, &ana, Some(&session), "CALL submit_enrollment {}").await;
    assert_eq!(refused["error"]["code"], "enrollment_incomplete", "{refused}");
    assert_eq!(missing(&refused), ["/availability", "/portfolio"]);

    let hours = r#"CALL update_enrollment {"weekly": {"tuesday": [{"start": "09:00", "end": "17:00"}]},
        "services": [{"service_id": "haircut", "duration_minutes": 45}]}"#;
    let (_, tool) = told(&app, &ana, Some(&session), hours).await;
    let service = &tool["enrollment"]["services"][0];
    assert_eq!(
        (&service["price_min_cents"], &service["duration_minutes"]),
        (&json!(5_500), &json!(45)),
        "{tool}"
    );
    assert_eq!(tool["enrollment"]["availability"]["zone"], "America/New_York");

    let (shown, wanted) = told(&app, &ana, Some(&session), "CALL request_portfolio {}").await;
    assert_eq!((&wanted["wanted"], &wanted["have"]), (&json!(1), &json!(0)), "{wanted}");
    assert_eq!(shown["ui"], "upload_portfolio");
    let photo =
        ana.upload(&encoded(&quarters(40, 40), image::ImageFormat::Png)).await.expect(201).body["id"].clone();
    let body = json!({"message": "Here. CALL update_enrollment {}", "session_id": session, "media": [photo]});
    let (_, tool) = told_as(&app, &ana, body).await;
    assert_eq!((missing(&tool), &tool["enrollment"]["photos"]), (vec![], &json!(1)), "{tool}");

    let (shown, drafted) = told(&app, &ana, Some(&session), "CALL submit_enrollment {}").await;
    assert_eq!(drafted["awaiting_approval"], true, "{drafted}");
    // What changes after it was shown needs a new yes.
    let later = r#"CALL update_enrollment {"headline": "Curl by curl"}"#;
    let (changed, tool) = told(&app, &ana, Some(&session), later).await;
    assert_eq!(tool["draft"]["fields"]["enrollment"]["headline"], "Curl by curl", "{tool}");
    assert!(changed["draft"]["version"].as_i64() > shown["draft"]["version"].as_i64(), "{changed}");
    assert_eq!(app.database.value("SELECT count(*) FROM providers").await, 0);

    told_as(&app, &ana, approval(&changed)).await;
    assert_eq!(app.database.value("SELECT name FROM providers").await, "Curls & Co");
    // From now on they are a provider, here as everywhere.
    let (_, leads) = told(&app, &ana, Some(&session), "CALL get_leads {}").await;
    assert_eq!(leads["leads"], json!([]), "{leads}");
    let (_, numbers) = told(&app, &ana, Some(&session), "CALL analyze_performance {}").await;
    assert_eq!(numbers["performance"]["reviews"], json!(0), "{numbers}");
}

#[tokio::test]
async fn the_catalog_is_shown_to_choose_from() {
    let app = obedient().await;
    let ana = app.consumer("ana");
    let (shown, tool) = told_as(&app, &ana, enrolling("CALL get_service_catalog {}")).await;
    assert!(tool["categories"].as_array().unwrap().len() >= 5, "{tool}");
    let service = &tool["categories"][0]["services"][0];
    assert_eq!(service["price"]["low"]["currency"], "USD", "{service}");
    assert_eq!(
        (&shown["ui"], shown["data"]["categories"].is_array()),
        (&json!("pick_services"), true),
        "{shown}"
    );
    assert_eq!(app.database.value("SELECT count(*) FROM enrollments").await, 0, "looking begins nothing");
    let (_, tool) = told_as(&app, &ana, enrolling("CALL get_enrollment_summary {}")).await;
    assert!(tool["enrollment"].is_null() && !missing(&tool).is_empty(), "{tool}");
    let (_, tool) =
        told_as(&app, &ana, enrolling(r#"CALL get_service_catalog {"category_id": "magic"}"#)).await;
    assert_eq!(tool["error"]["code"], "which", "{tool}");
}
