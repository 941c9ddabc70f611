use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{App, Deal, assert_problem, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

fn path(booking: &Value) -> String {
    format!("/bookings/{}", booking["id"].as_str().unwrap())
}

/// Gives the consumer all by which they can be reached.
async fn reachable(app: &App, deal: &Deal) {
    let made = format!(
        "UPDATE users SET name = 'Maya Lind' WHERE id = '{0}';
         INSERT INTO consumer_profiles (user_id, email, phone, street)
           VALUES ('{0}', 'maya@example.com', '+1 718 555 0199', '9 Dean Street')",
        deal.maya_id
    );
    app.database.execute(&made).await;
}

#[tokio::test]
async fn each_side_sees_how_to_reach_the_other() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    reachable(&app, &deal).await;
    let booking = deal.booked(slot(1, "12:00")).await;
    let hers = deal.maya.get(&path(&booking)).await.expect(200).body;
    let reach = json!({
        "name": "Curls & Co", "email": "curls@example.com", "phone": "+1 718 555 0100", "street": "12 Bergen Street",
    });
    assert_eq!((&hers["contact"], &hers["side"]), (&reach, &json!("consumer")));
    let theirs = deal.ann.get(&path(&booking)).await.expect(200).body;
    let reach = json!({
        "name": "Maya Lind", "email": "maya@example.com", "phone": "+1 718 555 0199", "street": "9 Dean Street",
    });
    assert_eq!((&theirs["contact"], &theirs["side"]), (&reach, &json!("provider")));
    assert_eq!(theirs["consumer_name"], "Maya");

    let other = Deal::new(&app).await;
    for nobody in [&other.maya, &other.ann] {
        assert_problem!(nobody.get(&path(&booking)).await, 403, "not_yours");
        assert_eq!(nobody.get("/bookings").await.expect(200).body["items"], json!([]));
    }
    let admin = app.user("root", Role::Admin).get(&path(&booking)).await.expect(200).body;
    assert_eq!((&admin["side"], &admin["contact"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn without_an_address_of_their_own_the_accounts_is_shown() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    app.database.execute("UPDATE providers SET email = NULL").await;
    for (user, email) in [(deal.maya_id, "maya@account.example"), (deal.ann_id, "ann@account.example")] {
        let account = format!(
            "INSERT INTO accounts (user_id, email, password_hash) VALUES ('{user}', '{email}', '$argon2id$x')"
        );
        app.database.execute(&account).await;
    }
    let booking = deal.booked(slot(1, "12:00")).await;
    assert_eq!(booking["contact"]["email"], "ann@account.example");
    let theirs = deal.ann.get(&path(&booking)).await.expect(200).body;
    assert_eq!(theirs["contact"]["email"], "maya@account.example");
}

#[tokio::test]
async fn contact_ends_with_a_cancellation_and_thirty_days_after_the_end() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    reachable(&app, &deal).await;
    app.database.execute("UPDATE requests SET place = 'consumer'").await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    let body = json!({"slot": slot(1, "12:00"), "address": "9 Dean Street", "instructions": "code 4711"});
    let booking = deal.maya.put(&format!("/offers/{offer}/accept"), body).await.expect(200).body;
    for (becomes, shown) in [
        ("status = 'completed', ended_at = now() - interval '29 days'", true),
        ("status = 'no_show', ended_at = now() - interval '29 days'", true),
        ("status = 'completed', ended_at = now() - interval '31 days'", false),
        // Nobody has written down yet that it completed by itself.
        (
            "status = 'confirmed', ended_at = NULL, start_at = now() - interval '33 days', end_at = now() - interval '33 days' + interval '1 hour'",
            false,
        ),
        ("status = 'cancelled', cancel_reason = 'x', ended_at = now()", false),
    ] {
        app.database.execute(&format!("UPDATE bookings SET {becomes}")).await;
        let theirs = deal.ann.get(&path(&booking)).await.expect(200);
        for private in ["maya@example.com", "555 0199", "Dean Street", "code 4711", "Lind"] {
            assert_eq!(theirs.text.contains(private), shown, "{becomes}: {private}: {}", theirs.text);
        }
        let hers = deal.maya.get(&path(&booking)).await.expect(200);
        assert_eq!(hers.body["contact"].is_object(), shown, "{becomes}");
        assert!(hers.text.contains("9 Dean Street"), "her own address stays");
        let listed = deal.ann.get("/bookings").await.expect(200);
        assert_eq!(listed.text.contains("maya@example.com"), shown, "{becomes}");
    }
}

#[tokio::test]
async fn lists_hold_what_is_asked_for_page_by_page() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let mut booked = Vec::new();
    for days in [3, 1, 2, 5, 4] {
        booked.push(deal.another(&app).await.booked(slot(days, "12:00")).await["id"].clone());
    }
    // Two begin at the same time, with the same provider, as one of them is over.
    let id = booked[1].as_str().unwrap();
    let over = format!(
        "UPDATE bookings SET status = 'completed', ended_at = now(), start_at = start_at - interval '3 days',
           end_at = end_at - interval '3 days' WHERE id = '{id}'"
    );
    app.database.execute(&over).await;
    let listed = async |query: &str| {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = deal.ann.get(&format!("/bookings?limit=2{query}{cursor}")).await.expect(200).body;
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return seen,
            }
        }
    };
    let pick = |order: &[usize]| order.iter().map(|at| booked[*at].clone()).collect::<Vec<_>>();
    assert_eq!(listed("").await, pick(&[3, 4, 0, 2, 1]), "the latest first");
    assert_eq!(listed("&upcoming=true").await, pick(&[2, 0, 4, 3]), "the next first");
    assert_eq!(listed("&status=completed").await, pick(&[1]));
    assert_eq!(listed("&status=cancelled").await, pick(&[]));
    assert_problem!(deal.ann.get("/bookings?cursor=x").await, 422, "invalid", ["/query/cursor"]);
    let far = "99999999999999999.01a20c42-91e7-7d18-a2f5-60b3c7d9e814";
    let answer = deal.ann.get(&format!("/bookings?cursor={far}")).await;
    assert!([200, 422].contains(&answer.status), "{answer:?}");
}
