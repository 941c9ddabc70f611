//! What specialists make of leads and offers.

use proxie_shared::model::users::Role;
use serde_json::json;

use crate::support::{App, Task};

#[tokio::test]
async fn a_lead_holds_what_a_specialist_says_of_it() {
    let app = App::builder().workers(0).start().await;
    let curls = app.user("curls", Role::Provider);
    let provider = app.provider_row(app.id_of(&curls).await).await;
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    app.lead_row(request, provider).await;
    let says = format!(
        "UPDATE requests SET description = 'very long hair past my shoulders, a big change', place = 'consumer'
         WHERE id = '{request}'"
    );
    app.database.execute(&says).await;
    let lead = curls.get("/providers/leads").await.expect(200).body["items"][0].clone();
    let specialist = &lead["request"]["specialist"];
    assert_eq!(
        (&specialist["name"], &specialist["complexity"]),
        (&json!("Hair & beauty"), &json!("complex"))
    );
    // $30 to $120, times 1.15 for curls, 1.2 for length, 1.25 for a change and 1.25 for the visit.
    assert_eq!(specialist["price"], json!({"low_cents": 6_500, "high_cents": 26_000, "currency": "USD"}));
    let factors = specialist["factors"].as_array().unwrap();
    let names: Vec<_> = factors.iter().map(|factor| factor["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["curls", "length", "restyle", "visit"]);
    assert!(specialist["notes"].to_string().contains("Ask for the curl pattern"), "{specialist}");
    let read = curls.get(&format!("/requests/{request}")).await.expect(200).body;
    assert_eq!(read["specialist"], *specialist, "and so does what is read of it");
}

#[tokio::test]
async fn an_offer_is_suggested_by_how_demanding_the_job_is() {
    let app = App::start().await;
    let curls = app.user("curls", Role::Provider);
    let provider = app.provider_row(app.id_of(&curls).await).await;
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    app.lead_row(request, provider).await;
    app.database.execute("UPDATE requests SET budget_max_cents = NULL, budget_currency = NULL").await;
    let suggested = async |description: &str, specializations: &str| {
        let says = format!(
            "UPDATE requests SET description = '{description}', specializations = '{{{specializations}}}'
             WHERE id = '{request}'"
        );
        app.database.execute(&says).await;
        let taken = curls.move_on(&format!("/requests/{request}/suggest-offer")).await;
        Task::accepted(&curls, &taken).result().await
    };
    // $40 to $80 of theirs.
    for (description, specializations, mid, why) in [
        ("just a trim", "", 5_200, "It is simple: the price is in the lower part."),
        ("", "curly hair", 6_000, "Curls are cut and dried piece by piece."),
        ("a big change", "curly hair,long hair", 7_000, "It is demanding: the price is in the upper part."),
    ] {
        let result = suggested(description, specializations).await;
        assert_eq!(result["price"]["mid_cents"], mid, "{result}");
        let reasons = result["reasons"].to_string();
        assert!(reasons.contains(why), "{reasons}");
    }
    // Who names neither price nor duration is told what the specialist reckons with.
    let open = "UPDATE provider_services SET price_min_cents = NULL, price_max_cents = NULL, duration_minutes = NULL";
    app.database.execute(open).await;
    let result = suggested("", "curly hair").await;
    // $30 to $120 times 1.15; 30 to 75 minutes times 1.25, the middle in quarters of an hour.
    assert_eq!(
        result["price"],
        json!({"low_cents": 3_500, "mid_cents": 8_800, "high_cents": 14_000, "currency": "USD"})
    );
    assert_eq!(result["duration_minutes"], 75);
}
