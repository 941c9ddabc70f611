//! Accounts of the local issuer: sign up, sign in, stay signed in, sign out, close.

use std::time::Instant;

use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, HAIRCUT, assert_problem, eventually, size};

const PASSWORD: &str = "correct horse battery";

fn credentials(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD})
}

async fn register(app: &App, email: &str) -> Answer {
    app.anybody().post("/auth/register", credentials(email)).await.expect(201)
}

fn text(answer: &Answer, field: &str) -> String {
    answer.body[field].as_str().unwrap_or_else(|| panic!("no {field}: {answer:?}")).to_owned()
}

async fn refresh(app: &App, token: &str) -> Answer {
    app.anybody().post("/auth/refresh", json!({"refresh_token": token})).await
}

#[tokio::test]
async fn somebody_signs_up_and_is_a_consumer() {
    let app = App::builder().workers(0).start().await;
    let body = json!({"email": "Maya@Example.com", "password": PASSWORD, "name": " Maya "});
    let made = app.anybody().post("/auth/register", body).await.expect(201);
    assert_eq!(
        (made.body["token_type"].as_str(), made.body["expires_in"].as_i64()),
        (Some("Bearer"), Some(900))
    );
    assert_eq!(
        (made.body["user"]["role"].as_str(), made.body["user"]["name"].as_str()),
        (Some("consumer"), Some("Maya"))
    );
    let maya = app.anybody().with_token(&text(&made, "access_token"));
    let me = maya.get("/auth/me").await.expect(200).body;
    assert_eq!((me["email"].as_str(), me["status"].as_str()), (Some("Maya@Example.com"), Some("active")));
    let again = app.anybody().post("/auth/register", credentials("maya@example.COM")).await;
    assert_problem!(again, 409, "email_taken");
    app.anybody().post("/auth/login", credentials("MAYA@example.com")).await.expect(200);
}

#[tokio::test]
async fn an_email_is_folded_in_one_way() {
    let app = App::builder().workers(0).start().await;
    register(&app, "maya@example.com").await;
    app.anybody().post("/auth/login", credentials(" MAYA@Example.com ")).await.expect(200);
    // PostgreSQL and Rust fold these differently; neither of them is this account, nor breaks anything.
    for other in ["MAYA@EXAMPLE.COM\u{130}", "m\u{e5}ya@example.com", "maya@example.\u{212a}om"] {
        assert_problem!(app.anybody().post("/auth/login", credentials(other)).await, 401, "unauthenticated");
    }
    let collation = "SELECT collation_name::text FROM information_schema.columns
                     WHERE table_name = 'accounts' AND column_name = 'email'";
    assert_eq!(app.database.value(&format!("SELECT ({collation})")).await, "C");
}

#[tokio::test]
async fn what_is_not_acceptable_is_told_at_once() {
    let app = App::builder().workers(0).start().await;
    let body = json!({"email": "nobody", "password": "short", "name": "", "role": "admin"});
    let refused = app.anybody().post("/auth/register", body).await;
    assert_problem!(refused, 422, "invalid", ["/body/email", "/body/password", "/body/name", "/body/role"]);
}

#[tokio::test]
async fn fifty_at_once_with_one_email_are_one_account() {
    let app = App::builder().workers(0).start().await;
    let registrations = (0..8).map(|_| async {
        app.anybody().post("/auth/register", credentials("maya@example.com")).await.status
    });
    let mut statuses = futures::future::join_all(registrations).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_are_answered_alike() {
    let app = App::builder().workers(0).start().await;
    register(&app, "maya@example.com").await;
    let wrong = json!({"email": "maya@example.com", "password": "wrong horse battery"});
    let unknown = json!({"email": "noah@example.com", "password": "wrong horse battery"});
    let mut answers = Vec::new();
    for body in [&wrong, &unknown] {
        let mut answer = app.anybody().post("/auth/login", body.clone()).await;
        assert_problem!(answer, 401, "unauthenticated");
        answer.body["request_id"] = Value::Null;
        answers.push(answer.body);
    }
    assert_eq!(answers[0], answers[1]);
}

/// Without the hash of nobody's password an unknown e-mail would be answered ten times as fast. How close the two are is
/// asserted on a machine that has nothing else to do.
#[tokio::test]
async fn the_time_of_a_login_does_not_tell_whether_there_is_an_account() {
    let app = App::builder().workers(0).start().await;
    register(&app, "maya@example.com").await;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..size(9, 101) {
        for (at, email) in ["maya@example.com", "noah@example.com"].into_iter().enumerate() {
            let begun = Instant::now();
            let body = json!({"email": email, "password": "wrong horse battery"});
            app.anybody().post("/auth/login", body).await.expect(401);
            times[at].push(begun.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    println!("figure: login: median {known:.1?} for a known e-mail, {unknown:.1?} for an unknown one");
    let tenths = size(40, 12) as u32;
    assert!(known < unknown * tenths / 10 && unknown < known * tenths / 10, "{known:?} {unknown:?}");
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_used_twice_ends_the_sign_in() {
    let app = App::builder().workers(0).start().await;
    let first = text(&register(&app, "maya@example.com").await, "refresh_token");
    let second = text(&refresh(&app, &first).await.expect(200), "refresh_token");
    assert_ne!(first, second);
    let third = text(&refresh(&app, &second).await.expect(200), "refresh_token");
    // Another sign-in of the same account is not touched.
    let other = app.anybody().post("/auth/login", credentials("maya@example.com")).await.expect(200);
    assert_problem!(refresh(&app, &second).await, 401, "unauthenticated");
    assert_problem!(refresh(&app, &third).await, 401, "unauthenticated");
    refresh(&app, &text(&other, "refresh_token")).await.expect(200);
    // Only hashes are kept.
    let kept = app.database.value("SELECT string_agg(encode(hash, 'escape'), ' ') FROM refresh_tokens").await;
    assert!(!kept.as_str().unwrap().contains(&first));
}

#[tokio::test]
async fn of_two_who_refresh_at_once_neither_stays_signed_in() {
    let app = App::builder().workers(0).start().await;
    let stolen = text(&register(&app, "maya@example.com").await, "refresh_token");
    let (one, other) = futures::join!(refresh(&app, &stolen), refresh(&app, &stolen));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let lucky = if one.status == 200 { one } else { other };
    assert_problem!(refresh(&app, &text(&lucky, "refresh_token")).await, 401, "unauthenticated");
}

#[tokio::test]
async fn refresh_tokens_end() {
    let app = App::builder().workers(0).start().await;
    let token = text(&register(&app, "maya@example.com").await, "refresh_token");
    app.database.execute("UPDATE refresh_tokens SET expires_at = now() - interval '1 second'").await;
    assert_problem!(refresh(&app, &token).await, 401, "unauthenticated");
    for bad in ["", "x", &"x".repeat(201)] {
        let refused = refresh(&app, bad).await;
        assert!([401, 422].contains(&refused.status), "{refused:?}");
    }
}

#[tokio::test]
async fn signing_out_ends_the_sign_in() {
    let app = App::builder().workers(0).start().await;
    let token = text(&register(&app, "maya@example.com").await, "refresh_token");
    for _ in 0..2 {
        app.anybody().post("/auth/logout", json!({"refresh_token": token})).await.expect(204);
    }
    assert_problem!(refresh(&app, &token).await, 401, "unauthenticated");
}

#[tokio::test]
async fn a_new_password_ends_every_sign_in() {
    let app = App::builder().workers(0).start().await;
    let made = register(&app, "maya@example.com").await;
    let maya = app.anybody().with_token(&text(&made, "access_token"));
    let body = |current: &str| json!({"current_password": current, "new_password": "a newer horse battery"});
    let refused = maya.post("/auth/password", body("wrong horse battery")).await;
    assert_problem!(refused, 422, "invalid", ["/body/current_password"]);
    let changed = maya.post("/auth/password", body(PASSWORD)).await.expect(200);
    assert_problem!(refresh(&app, &text(&made, "refresh_token")).await, 401, "unauthenticated");
    refresh(&app, &text(&changed, "refresh_token")).await.expect(200);
    let old = app.anybody().post("/auth/login", credentials("maya@example.com")).await;
    assert_problem!(old, 401, "unauthenticated");
    // Somebody whom another issuer vouches for has no password here.
    let other = app.consumer("elsewhere").post("/auth/password", body(PASSWORD)).await;
    assert_problem!(other, 409, "illegal_move");
}

#[tokio::test]
async fn a_guest_who_signs_up_takes_everything_along_once() {
    let app = App::start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    task.result().await;
    let mut body = credentials("maya@example.com");
    body["guest_token"] = json!(guest.token);
    let made = app.anybody().post("/auth/register", body).await.expect(201);
    let maya = app.anybody().with_token(&text(&made, "access_token"));
    assert_eq!(maya.transcript(&task.session).await.len(), 2);
    maya.get(&format!("/chat/status/{}", task.id)).await.expect(200);
    let session = maya.session(&task.session).await;
    assert_eq!((session["role"].as_str(), session["open_draft"].is_object()), (Some("consumer"), true));
    // The guest is no more, and claims nothing for anybody else.
    eventually("the guest's token is refused", async || guest.get("/chat/sessions").await.status == 401)
        .await;
    let noah = app.consumer("noah");
    let refused = noah.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await;
    assert_problem!(refused, 422, "invalid", ["/body/guest_token"]);
    assert_eq!(noah.get("/chat/sessions").await.expect(200).body["items"], json!([]));
}

#[tokio::test]
async fn two_who_claim_a_guest_at_once_do_not_share_it() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    guest.say(HAIRCUT).await;
    let claim = async |caller: Caller| {
        caller.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await.expect(200).body
    };
    let (one, other) = futures::join!(claim(app.consumer("maya")), claim(app.consumer("noah")));
    let count = |body: &Value| body["sessions"].as_array().unwrap().len();
    assert_eq!(count(&one) + count(&other), 1, "{one} {other}");
}

#[tokio::test]
async fn a_closed_account_is_closed_for_ever() {
    let app = App::builder().workers(0).start().await;
    let made = register(&app, "maya@example.com").await;
    let maya = app.anybody().with_token(&text(&made, "access_token"));
    let task = maya.say(HAIRCUT).await;
    maya.delete("/auth/me").await.expect(204);
    eventually("the token is refused", async || maya.get("/auth/me").await.status == 401).await;
    assert_problem!(maya.get("/auth/me").await, 401, "account_closed");
    assert_problem!(refresh(&app, &text(&made, "refresh_token")).await, 401, "unauthenticated");
    let login = app.anybody().post("/auth/login", credentials("maya@example.com")).await;
    assert_problem!(login, 401, "unauthenticated");
    let left = format!("SELECT count(*) FROM tasks WHERE id = '{}'", task.id);
    assert_eq!(app.database.value(&left).await, 0);
    // The e-mail is free, for somebody else: nothing of the old account comes along.
    let again = register(&app, "maya@example.com").await;
    assert_ne!(again.body["user"]["id"], made.body["user"]["id"]);
    let other = app.anybody().with_token(&text(&again, "access_token"));
    assert_eq!(other.get("/chat/sessions").await.expect(200).body["items"], json!([]));
}

#[tokio::test]
async fn a_suspended_account_is_let_in_again_when_it_is_opened() {
    let app = App::builder().workers(0).start().await;
    let made = register(&app, "maya@example.com").await;
    let maya = app.anybody().with_token(&text(&made, "access_token"));
    let admin = app.user("root", Role::Admin);
    let path = format!("/admin/users/{}/status", made.body["user"]["id"].as_str().unwrap());
    admin
        .send(admin.call(reqwest::Method::PUT, &path).json(&json!({"status": "suspended"})))
        .await
        .expect(200);
    eventually("the token is refused", async || maya.get("/auth/me").await.status == 401).await;
    let login = app.anybody().post("/auth/login", credentials("maya@example.com")).await;
    assert_problem!(login, 401, "account_closed");
    admin.send(admin.call(reqwest::Method::PUT, &path).json(&json!({"status": "active"}))).await.expect(200);
    app.anybody().post("/auth/login", credentials("maya@example.com")).await.expect(200);
    let audit = admin.get("/admin/audit").await.expect(200).body;
    let actions: Vec<&str> =
        audit["items"].as_array().unwrap().iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(actions, ["user.status", "user.status"]);
}

#[tokio::test]
async fn an_admin_makes_another_and_old_tokens_do_not_undo_it() {
    let app = App::builder().workers(0).start().await;
    let made = register(&app, "maya@example.com").await;
    let maya = app.anybody().with_token(&text(&made, "access_token"));
    assert_problem!(maya.get("/admin/audit").await, 403, "wrong_role");
    let admin = app.user("root", Role::Admin);
    let path = format!("/admin/users/{}/role", made.body["user"]["id"].as_str().unwrap());
    admin.send(admin.call(reqwest::Method::PUT, &path).json(&json!({"role": "admin"}))).await.expect(200);
    eventually("the role counts", async || maya.get("/admin/audit").await.status == 200).await;
    let role = app.database.value("SELECT role FROM users WHERE name IS NULL AND subject <> 'root'").await;
    assert_eq!(role, "admin");
}

#[tokio::test]
async fn what_an_admin_does_with_anothers_is_written_down() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let task = maya.say(HAIRCUT).await;
    let admin = app.user("root", Role::Admin);
    admin.get(&format!("/chat/sessions/{}", task.session)).await.expect(200);
    admin.move_on(&format!("/chat/cancel/{}", task.id)).await.expect(200);
    let entry = &admin.get("/admin/audit").await.expect(200).body["items"][0];
    assert_eq!(
        (entry["action"].as_str(), entry["object_id"].as_str()),
        (Some("task.cancel"), Some(task.id.as_str()))
    );
    for change in
        ["UPDATE audit_log SET action = 'nothing.done'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
    {
        assert!(app.database.try_execute(change).await.is_err(), "the log is only added to: {change}");
    }
}

#[tokio::test]
async fn a_browser_has_its_refresh_token_in_a_cookie() {
    let app = App::builder().workers(0).start().await;
    let anybody = app.anybody();
    let from_page = |call: reqwest::RequestBuilder| call.header("origin", &app.url);
    let register =
        anybody.call(reqwest::Method::POST, "/auth/register").json(&credentials("maya@example.com"));
    let made = anybody.send(from_page(register)).await.expect(201);
    assert_eq!(made.body["refresh_token"], Value::Null);
    let cookie = made.header("set-cookie").expect("a cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/auth", "Expires="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap().to_owned();
    let refresh = || anybody.call(reqwest::Method::POST, "/auth/refresh").header("cookie", &pair);
    // A cookie without the page that sends it, or of a stranger's page, does not count.
    assert_problem!(anybody.send(refresh()).await, 401, "unauthenticated");
    let stranger = refresh().header("origin", "https://evil.example");
    assert_problem!(anybody.send(stranger).await, 401, "unauthenticated");
    let again = anybody.send(from_page(refresh())).await.expect(200);
    assert!(again.header("set-cookie").is_some());
    // It is good for nothing else.
    let me = anybody.call(reqwest::Method::GET, "/auth/me").header("cookie", &pair);
    assert_problem!(anybody.send(me).await, 401, "unauthenticated");
}
