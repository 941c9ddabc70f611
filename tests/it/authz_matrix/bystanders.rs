//! What somebody does to what is theirs leaves what is another's alone. Each story is a test; told with an owner
//! predicate switched off, the one that is about it must not go well.

mod live;
mod market;
mod memory;

use live::*;
use market::*;
use memory::*;
use proxie_shared::db;
use proxie_shared::model::users::Role;
use proxie_shared::model::{MediaId, UserId};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::erasure::who_closes_an_account_takes_nothing_of_others_along;
use crate::export::an_export_holds_nothing_of_another;
use crate::support::{Answer, App, Caller, Deal, Task, eventually, files, slot};

/// Makes each story a test, and all of them one.
macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        /// Tells every story, and stops at the first that does not go well.
        pub async fn tell_all(app: &App) {
            $( $story(app).await; )*
        }

        $(
            mod $story {
                #[tokio::test(flavor = "multi_thread")]
                async fn goes_well() {
                    let app = crate::support::App::builder().workers(0).start().await;
                    super::$story(&app).await;
                }
            }
        )*
    };
}

// Passwords are dear: what needs them comes last.
stories! {
    a_conversation_is_its_owners,
    lists_and_exports_hold_ones_own,
    anothers_like_request_is_no_duplicate,
    equal_keys_of_two_are_two_keys,
    words_said_before_forget_no_key_of_another,
    what_was_not_said_leaves_no_key_behind,
    anothers_profile_keeps_nobody_from_enrolling,
    offers_and_bookings_are_between_two,
    what_answers_show_is_for_who_may_see_it,
    each_enrolls_alone,
    what_is_told_live_is_for_whose_it_is,
    anothers_pictures_are_shown_by_nobody,
    anothers_business_takes_nobodys_vector,
    a_vector_is_of_what_its_owner_says,
    a_task_that_was_just_looked_at_is_still_its_owners,
    pictures_of_others_take_no_place_of_a_guest,
    what_is_hung_on_ones_own_is_ones_own,
    a_claim_moves_the_pictures_of_one_guest,
    a_claim_moves_what_one_guest_has,
    who_is_claimed_has_nothing_more_to_give,
    closing_an_account_cancels_no_task_of_another,
    requests_and_leads_are_listed_to_those_whose_they_are,
    who_has_no_business_has_no_leads,
    anothers_photo_hangs_on_no_request,
    what_another_was_told_stays_unread,
    what_is_remembered_is_ones_own,
    who_is_claimed_leaves_what_is_remembered_of_others,
    who_comes_back_is_counted_alone,
    what_models_cost_is_told_to_whose_it_is,
    a_guests_photos_become_one_consumers,
    a_new_password_is_for_one,
    who_closes_an_account_takes_nothing_of_others_along,
    an_export_holds_nothing_of_another,
}

const PASSWORD: &str = "correct horse battery";

/// A consumer who has never been here.
pub(super) fn somebody(app: &App) -> Caller {
    app.user(&Uuid::now_v7().to_string(), Role::Consumer)
}

async fn post_request(consumer: &Caller) -> Answer {
    let request =
        json!({"service_id": "haircut", "city": "Brooklyn", "description": "nobody else shall read"});
    consumer.post("/requests", request).await.expect(201)
}

async fn sessions(caller: &Caller) -> Vec<Value> {
    let listed = caller.get("/chat/sessions").await.expect(200).body;
    listed["items"].as_array().expect("a list").clone()
}

async fn a_vector_is_of_what_its_owner_says(app: &App) {
    let (one, other) = (app.user_row(Role::Provider).await, app.user_row(Role::Provider).await);
    for user in [one, other] {
        let provider = app.provider_row(user).await;
        let db = app.database.pool();
        let mut conn = db.conn().await.expect("a connection");
        let said = db::matching::text_of(&mut conn, UserId(user)).await.expect("a text");
        assert_eq!(said.map(|(of, _)| of.0), Some(provider));
    }
}

async fn a_conversation_is_its_owners(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let said = json!({"message": "hello", "client_message_id": "his"});
    let his = Task::accepted(&noah, &noah.post("/chat", said).await);
    for said in [json!({"message": "hello"}), json!({"message": "hello", "client_message_id": "his"})] {
        let mut said = said;
        said["session_id"] = json!(his.session);
        maya.post("/chat", said).await.expect(403);
    }
    maya.get(&format!("/chat/sessions/{}", his.session)).await.expect(403);
    maya.move_on(&format!("/chat/cancel/{}", his.id)).await.expect(403);
}

async fn lists_and_exports_hold_ones_own(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    noah.say("something that nobody else shall read").await;
    post_request(&noah).await;
    let hers = maya.say("my own words").await;
    let listed = sessions(&maya).await;
    assert_eq!(listed.iter().map(|session| &session["id"]).collect::<Vec<_>>(), [hers.session.as_str()]);
    let export = maya.get("/auth/me/export").await.expect(200);
    assert!(!export.text.contains("nobody else shall read"), "the export tells what another said or needs");
    assert_eq!(export.body["requests"], json!([]));
}

async fn anothers_like_request_is_no_duplicate(app: &App) {
    post_request(&somebody(app)).await;
    post_request(&somebody(app)).await;
}

async fn post_with_key(caller: &Caller, path: &str, key: &str, body: &Value) -> Value {
    let call = caller.call(Method::POST, path).header("idempotency-key", key).json(body);
    let answer = caller.send(call).await;
    assert!([201, 202].contains(&answer.status), "{answer:?}");
    answer.body
}

async fn anothers_profile_keeps_nobody_from_enrolling(app: &App) {
    app.seed().await;
    let body = json!({"message": "I would like to offer my services", "role": "enrollment"});
    somebody(app).post("/chat", body).await.expect(202);
}

async fn anothers_business_takes_nobodys_vector(app: &App) {
    for _ in 0..2 {
        let owner = somebody(app);
        owner.post("/providers", json!({"name": "Curls & Co", "city": "Brooklyn"})).await.expect(201);
        let me = owner.get("/auth/me").await.expect(200).body;
        let asked = format!(
            "SELECT count(*) FROM tasks WHERE kind = 'embedding' AND user_id = '{}'",
            me["id"].as_str().expect("an id")
        );
        assert_eq!(app.database.value(&asked).await, 1);
    }
}

async fn offers_and_bookings_are_between_two(app: &App) {
    let (theirs, hers) = (Deal::new(app).await, Deal::new(app).await);
    theirs.booked(slot(2, "12:00")).await;
    let booked = hers.booked(slot(2, "12:00")).await;
    for side in [&hers.maya, &hers.ann] {
        for (list, own) in [("/offers", &booked["offer_id"]), ("/bookings", &booked["id"])] {
            let listed = side.get(list).await.expect(200).body;
            let ids: Vec<&Value> =
                listed["items"].as_array().expect("a list").iter().map(|one| &one["id"]).collect();
            assert_eq!(ids, [own], "{list}");
        }
        side.get(&format!("/offers?request_id={}", theirs.request)).await.expect(403);
    }
}

async fn each_enrolls_alone(app: &App) {
    for _ in 0..2 {
        let somebody = somebody(app);
        let begun = somebody.move_on("/enrollment/start").await.expect(201).body;
        assert_eq!(somebody.get("/enrollment/mine").await.expect(200).body["id"], begun["id"]);
    }
}

async fn anothers_pictures_are_shown_by_nobody(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let his = noah.get("/auth/me").await.expect(200).body;
    let photo = Uuid::now_v7();
    let made = format!(
        "INSERT INTO media (id, user_id, kind, mime, bytes, width, height, ready_at)
           VALUES ('{photo}', '{}', 'image', 'image/jpeg', 1000, 10, 10, now())",
        his["id"].as_str().expect("an id")
    );
    app.database.execute(&made).await;
    let begun = maya.move_on("/enrollment/start").await.expect(201).body;
    let path = format!("/enrollment/{}", begun["id"].as_str().expect("an id"));
    let shows = json!({"portfolio": [{"media_id": photo}]});
    maya.send(maya.call(Method::PATCH, &path).json(&shows)).await.expect(403);
}

async fn what_was_not_said_leaves_no_key_behind(app: &App) {
    let his = somebody(app).say("hello").await;
    let maya = somebody(app);
    let body = json!({"message": "hello", "session_id": his.session});
    for _ in 0..2 {
        let call = maya.call(Method::POST, "/chat").header("idempotency-key", "k").json(&body);
        maya.send(call).await.expect(403);
    }
}

async fn equal_keys_of_two_are_two_keys(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    for (path, body) in [
        ("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})),
        ("/chat", json!({"message": "hello"})),
    ] {
        let his = post_with_key(&noah, path, "k", &body).await;
        let hers = post_with_key(&maya, path, "k", &body).await;
        assert_ne!(his["task_id"], hers["task_id"]);
        assert_eq!(post_with_key(&noah, path, "k", &body).await["task_id"], his["task_id"]);
        assert_eq!(post_with_key(&maya, path, "k", &body).await["task_id"], hers["task_id"]);
    }
    // What is written down at the end of a transaction, too.
    let mut retries = Vec::new();
    for caller in [&noah, &maya] {
        let said = caller.say("hello").await;
        said.cancel().await.expect(200);
        let path = format!("/chat/retry/{}", said.id);
        let retried = post_with_key(caller, &path, "k", &Value::Null).await["task_id"].clone();
        retries.push((caller, path, retried));
    }
    for (caller, path, retried) in &retries {
        assert_eq!(&post_with_key(caller, path, "k", &Value::Null).await["task_id"], retried);
    }
}

async fn words_said_before_forget_no_key_of_another(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let hello = json!({"message": "hello"});
    let his = post_with_key(&noah, "/chat", "k", &hello).await;
    let session = maya.say("hello").await.session;
    let body = json!({"message": "hello again", "session_id": session, "client_message_id": "mine"});
    let hers = post_with_key(&maya, "/chat", "first", &body).await;
    assert_eq!(post_with_key(&maya, "/chat", "k", &body).await["task_id"], hers["task_id"]);
    assert_eq!(post_with_key(&noah, "/chat", "k", &hello).await["task_id"], his["task_id"]);
}

async fn a_task_that_was_just_looked_at_is_still_its_owners(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let his = noah.say("hello").await;
    his.status().await;
    let copies = app.redis.key(&format!("*task:*:{}", his.id));
    eventually("there is a copy of it", async || {
        !app.redis.command::<Vec<String>>(&["KEYS", &copies]).await.is_empty()
    })
    .await;
    maya.get(&format!("/chat/status/{}", his.id)).await.expect(403);
}

async fn photo_of(caller: &Caller) -> String {
    let photo = files::jpeg(&files::quarters(30, 20), 90);
    caller.upload(&photo).await.expect(201).body["id"].as_str().expect("an id").to_owned()
}

async fn pictures_of_others_take_no_place_of_a_guest(app: &App) {
    let noah = app.guest().await;
    for _ in 0..5 {
        photo_of(&noah).await;
    }
    photo_of(&app.guest().await).await;
}

async fn what_is_hung_on_ones_own_is_ones_own(app: &App) {
    let (his, hers) = (photo_of(&somebody(app)).await, app.user_row(Role::Consumer).await);
    let (db, his) = (app.database.pool(), MediaId(his.parse().expect("an id")));
    let mut conn = db.conn().await.expect("PostgreSQL");
    assert!(proxie_shared::db::media::hold_own(&mut conn, UserId(hers), &[his]).await.is_err());
}

async fn a_claim_moves_the_pictures_of_one_guest(app: &App) {
    let (claimed, other) = (app.guest().await, app.guest().await);
    let (theirs, others) = (photo_of(&claimed).await, photo_of(&other).await);
    let maya = somebody(app);
    claim(&maya, &claimed).await.expect(200);
    maya.get(&format!("/media/{theirs}")).await.expect(200);
    other.get(&format!("/media/{others}")).await.expect(200);
    maya.get(&format!("/media/{others}")).await.expect(403);
}

/// A guest who has said something and been shown a draft.
async fn guest_with_draft(app: &App) -> Task {
    let said = app.anybody().say("I need a haircut").await;
    let made = format!(
        "INSERT INTO drafts (id, session_id, user_id, kind, fields, expires_at)
         SELECT '{}', id, user_id, 'request', '{{}}', now() + interval '1 day'
         FROM chat_sessions WHERE id = '{}'",
        Uuid::now_v7(),
        said.session
    );
    app.database.execute(&made).await;
    said
}

pub(super) async fn claim(consumer: &Caller, guest: &Caller) -> Answer {
    consumer.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await
}

async fn a_claim_moves_what_one_guest_has(app: &App) {
    let (claimed, other) = (guest_with_draft(app).await, guest_with_draft(app).await);
    let maya = somebody(app);
    let hers = maya.say("my own words").await;
    let moved = claim(&maya, claimed.caller()).await.expect(200).body;
    assert_eq!(moved["sessions"], json!([claimed.session]));
    assert_eq!(sessions(&maya).await.len(), 2);
    hers.status().await;
    Task::new(&maya, &claimed.id).status().await;
    assert_eq!(sessions(other.caller()).await.len(), 1);
    other.status().await;
    // Whoever has a conversation has all that is in it, and she has no other's.
    for (id, owners) in [(&claimed.session, 1), (&other.session, 1)] {
        let count = format!(
            "SELECT count(DISTINCT owner) FROM (
               SELECT user_id AS owner FROM chat_sessions WHERE id = '{id}'
               UNION ALL SELECT user_id FROM tasks WHERE session_id = '{id}'
               UNION ALL SELECT user_id FROM drafts WHERE session_id = '{id}') all_in_it"
        );
        assert_eq!(app.database.value(&count).await, owners, "{id}");
    }
}

async fn who_is_claimed_has_nothing_more_to_give(app: &App) {
    let (maya, noah) = (somebody(app), somebody(app));
    let guest = app.anybody().say("hello").await;
    claim(&maya, guest.caller()).await.expect(200);
    // For some seconds the guest may be remembered; there is nothing left in any case.
    let again = claim(&noah, guest.caller()).await;
    assert!(again.status == 422 || again.body["sessions"] == json!([]), "{again:?}");
    assert_eq!((sessions(&noah).await.len(), sessions(&maya).await.len()), (0, 1));
}

async fn closing_an_account_cancels_no_task_of_another(app: &App) {
    let (noah, zoe) = (somebody(app), somebody(app));
    let said = noah.say("hello").await;
    let matching = post_request(&noah).await.body["task_id"].as_str().expect("a task").to_owned();
    zoe.say("hello").await;
    zoe.delete("/auth/me").await.expect(204);
    // The rows: a copy may be behind for a moment.
    let open = format!(
        "SELECT count(*) FROM tasks WHERE status = 'processing' AND id IN ('{}', '{matching}')",
        said.id
    );
    assert_eq!(app.database.value(&open).await, 2);
}

fn credentials(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD})
}

async fn a_new_password_is_for_one(app: &App) {
    let emails = [(); 2].map(|()| format!("{}@example.com", Uuid::now_v7()));
    let mut made = Vec::new();
    for email in &emails {
        made.push(app.anybody().post("/auth/register", credentials(email)).await.expect(201).body);
    }
    let maya = app.anybody().with_token(made[0]["access_token"].as_str().expect("a token"));
    let body = json!({"current_password": PASSWORD, "new_password": "a newer horse battery"});
    maya.post("/auth/password", body).await.expect(200);
    let noahs = json!({"refresh_token": made[1]["refresh_token"]});
    app.anybody().post("/auth/refresh", noahs).await.expect(200);
    app.anybody().post("/auth/login", credentials(&emails[1])).await.expect(200);
}
