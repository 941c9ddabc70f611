//! The whole way, with the API and a worker as processes and over HTTP alone: signing up, becoming a provider, a request, a
//! lead, an offer, a booking, a review. Only time is made to pass otherwise.

use proxie_shared::model::reviews::SHOWN_FROM;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::files::{jpeg, quarters};
use crate::support::{Answer, App, Caller, Process, Task, assert_problem, day, eventually};

/// What is needed: the product as it is run.
pub struct Town {
    app: App,
    /// Whoever calls it.
    pub anybody: Caller,
    api: Process,
    worker: Process,
}

/// Somebody with an account.
pub struct Person {
    /// Who calls for them.
    pub caller: Caller,
    email: String,
}

impl Town {
    /// An empty one.
    pub async fn new() -> Self {
        let app = App::builder().workers(0).start().await;
        let (api, anybody, worker) = started(&app).await;
        Self { app, anybody, api, worker }
    }

    /// The same people and what they have, after API and worker were told to stop and started again.
    pub async fn restarted(self) -> Self {
        let Self { app, api, worker, .. } = self;
        for process in [api, worker] {
            process.signal("TERM");
            assert_eq!(process.ends().await, Some(0));
        }
        let (api, anybody, worker) = started(&app).await;
        Self { app, anybody, api, worker }
    }

    /// Somebody who gives this name.
    pub async fn registers(&self, name: &str) -> Person {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        self.signs_up(json!({"email": email, "password": "correct horse battery", "name": name})).await
    }

    /// Somebody who gives no name, perhaps one who was a guest before.
    pub async fn registers_nameless(&self, guest: Option<&Caller>) -> Person {
        let token = guest.and_then(|guest| guest.token.clone());
        let account = json!({"email": "nobody@example.com", "password": "correct horse battery"});
        let mut account = account.as_object().unwrap().clone();
        account.extend(token.map(|token| ("guest_token".to_owned(), json!(token))));
        self.signs_up(Value::Object(account)).await
    }

    async fn signs_up(&self, account: Value) -> Person {
        let email = text(&account["email"]);
        let made = self.anybody.post("/auth/register", account).await.expect(201).body;
        assert_eq!(made["user"]["role"], "consumer");
        Person { caller: self.anybody.with_token(made["access_token"].as_str().unwrap()), email }
    }

    /// Somebody whom an operator has made an admin.
    async fn admin(&self) -> Caller {
        let ruth = self.registers("Ruth").await;
        let grant = ["admin", "grant", ruth.email.as_str()];
        let (code, said) = Process::output("proxie-api", &grant, self.app.environment()).await;
        assert_eq!(code, Some(0), "{said}");
        becomes(&ruth.caller, "admin").await;
        ruth.caller
    }

    /// Lets a booking have begun two hours ago.
    async fn time_passes(&self, booking: &str) {
        let begun = format!(
            "UPDATE bookings SET start_at = now() - interval '2 hours', end_at = now() - interval '1 hour'
             WHERE id = '{booking}'"
        );
        self.app.database.execute(&begun).await;
    }
}

/// An API, whoever calls it, and a worker.
async fn started(app: &App) -> (Process, Caller, Process) {
    // A busy machine is slow, which is not what this is about.
    let (api, anybody) = Process::api(app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    let worker = Process::worker_with(app, &[("PROXIE_SCHEDULE_MS", "200")]);
    (api, anybody, worker)
}

/// Waits until somebody has a role.
pub async fn becomes(caller: &Caller, role: &str) {
    eventually(role, async || caller.get("/auth/me").await.expect(200).body["role"] == role).await;
}

async fn patch(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.send(caller.call(Method::PATCH, path).json(&body)).await
}

/// What somebody was told, in order: kinds.
async fn told(caller: &Caller) -> Vec<String> {
    let page = caller.get("/notifications?limit=100").await.expect(200).body;
    let kinds = page["items"].as_array().unwrap().iter().rev();
    kinds.map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

/// Waits until somebody was told all this, and nothing else.
pub async fn are_told(caller: &Caller, kinds: &[&str]) {
    eventually(&format!("told {kinds:?}"), async || told(caller).await == kinds).await;
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn hours() -> Value {
    let day = json!([{"start": "06:00", "end": "22:00"}]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let weekly: serde_json::Map<_, _> = days.iter().map(|name| ((*name).to_owned(), day.clone())).collect();
    json!({"zone": "America/New_York", "weekly": weekly, "notice_minutes": 0})
}

/// Begins to enroll and fills in all but the services: the address of the enrollment.
async fn begins(person: &Caller, business: &str) -> String {
    let started = person.move_on("/enrollment/start").await.expect(201).body;
    let path = format!("/enrollment/{}", text(&started["id"]));
    patch(person, &path, json!({"business_name": business, "city": "Brooklyn"})).await.expect(200);
    let reach =
        json!({"email": "shop@example.com", "phone": "+1 718 555 0100", "street": "12 Bergen Street"});
    patch(person, &path, reach).await.expect(200);
    let filled = patch(person, &path, json!({"availability": hours()})).await.expect(200).body;
    assert_eq!(filled["status"], "draft");
    path
}

/// Uploads as many photos as the catalog wants of a service, at least one: a portfolio.
async fn photos(town: &Town, person: &Caller, service: &str) -> Value {
    let known = town.anybody.get(&format!("/services/services/{service}")).await.expect(200).body;
    let mut portfolio = Vec::new();
    for _ in 0..known["min_photos"].as_u64().unwrap().max(1) {
        let photo = person.upload(&jpeg(&quarters(64, 48), 90)).await.expect(201).body;
        portfolio.push(json!({"media_id": photo["id"], "service_id": service}));
    }
    json!({"portfolio": portfolio})
}

/// Becomes a provider of haircuts: the business's id.
pub async fn enrolls(town: &Town, person: &Caller) -> String {
    let path = begins(person, "Curls & Co").await;
    let service = json!({
        "service_id": "haircut", "places": ["provider"], "price_min_cents": 4_000, "price_max_cents": 8_000,
        "specializations": ["curly hair"],
    });
    let filled = patch(person, &path, json!({"services": [service]})).await.expect(200).body;
    let missing = filled["missing"].as_array().unwrap();
    assert_eq!(missing.iter().map(|one| &one["pointer"]).collect::<Vec<_>>(), ["/body/portfolio"]);
    assert_problem!(
        person.move_on(&format!("{path}/submit")).await,
        422,
        "enrollment_incomplete",
        ["/body/portfolio"]
    );
    patch(person, &path, photos(town, person, "haircut").await).await.expect(200);
    let verified = person.move_on(&format!("{path}/submit")).await.expect(200).body;
    assert_eq!(verified["status"], "verified");
    are_told(person, &["enrollment_decided"]).await;
    becomes(person, "provider").await;
    text(&verified["provider_id"])
}

/// Posts a request and waits for its matching: its id, and whom it was routed to.
async fn asks(consumer: &Caller, service: &str) -> (String, Vec<String>) {
    let need = json!({
        "service_id": service, "city": "Brooklyn", "description": "3B curls, shoulder length",
        "budget": {"min_cents": null, "max_cents": 9_000, "currency": "USD"},
    });
    let posted = consumer.post("/requests", need).await.expect(201).body;
    let result = Task::new(consumer, posted["task_id"].as_str().unwrap()).result().await;
    let matched = result["matches"].as_array().unwrap().iter().map(|one| text(&one["provider_id"]));
    (text(&posted["id"]), matched.collect())
}

/// One customer more: from the request to the review. Answers the booking and the review.
async fn is_served(town: &Town, ann: &Caller, provider: &str, number: usize) -> Caller {
    let maya = town.registers(&format!("Maya Lind{number}")).await.caller;
    let before = told(ann).await.len();
    let news = async || told(ann).await[before..].to_vec();
    let (request, matched) = asks(&maya, "haircut").await;
    assert_eq!(matched, [provider], "the worker has matched it");
    let path = format!("/requests/{request}");
    let stands = async || text(&maya.get(&path).await.expect(200).body["status"]);
    assert_eq!(stands().await, "matched");

    // The lead.
    eventually("the provider is told", async || news().await == ["lead"]).await;
    let leads = ann.get("/providers/leads").await.expect(200);
    let lead = &leads.body["items"][0];
    assert_eq!((&lead["request"]["id"], &lead["request"]["first_name"]), (&json!(request), &json!("Maya")));
    assert!(!leads.text.contains("Lind") && !leads.text.contains("maya."), "{}", leads.text);
    let viewed = ann.put(&format!("{path}/view"), Value::Null).await.expect(200).body;
    assert_eq!(viewed["viewed"], true);

    // The offer, with slots that are free, so far ahead that nobody is reminded yet.
    let free = format!("/providers/{provider}/slots?service_id=haircut&from={}&to={}", day(3), day(5));
    let free = ann.get(&free).await.expect(200).body;
    let slots: Vec<Value> = free["items"].as_array().unwrap().iter().take(2).cloned().collect();
    let named = |slot: &Value| json!({"date": slot["date"], "start_time": slot["start_time"]});
    let offer = json!({
        "request_id": request, "service_id": "haircut", "price_cents": 5_500, "currency": "USD",
        "duration_minutes": free["duration_minutes"], "slots": slots.iter().map(named).collect::<Vec<_>>(),
        "message": "I would love to.",
    });
    let offer = text(&ann.post("/offers", offer).await.expect(201).body["id"]);
    assert_eq!(stands().await, "offers_received");
    are_told(&maya, &["offer"]).await;
    let offers = maya.get(&format!("{path}/offers")).await.expect(200);
    let shown = &offers.body["items"][0];
    assert_eq!((&shown["id"], &shown["slots"][0]["free"]), (&json!(offer), &json!(true)));
    assert!(!offers.text.contains("Bergen") && !offers.text.contains("555 0100"), "{}", offers.text);

    // The booking.
    let accept = json!({"slot": named(&slots[0])});
    let booking = maya.put(&format!("/offers/{offer}/accept"), accept).await.expect(200).body;
    assert_eq!(
        (&booking["status"], &booking["contact"]["phone"]),
        (&json!("confirmed"), &json!("+1 718 555 0100"))
    );
    assert_eq!(booking["slot"]["start_at"], slots[0]["start_at"]);
    let id = text(&booking["id"]);
    let theirs = ann.get(&format!("/bookings/{id}")).await.expect(200).body;
    assert_eq!(theirs["contact"]["email"], format!("maya.lind{number}@example.com"));
    assert_eq!(stands().await, "booked");
    are_told(&maya, &["offer", "booked"]).await;
    assert_eq!(news().await, ["lead", "booked"]);
    let done = format!("/bookings/{id}/complete");
    assert_problem!(ann.put(&done, Value::Null).await, 409, "illegal_move");
    town.time_passes(&id).await;
    assert_eq!(ann.put(&done, Value::Null).await.expect(200).body["status"], "completed");
    assert_eq!(stands().await, "completed");
    are_told(&maya, &["offer", "booked", "completed", "review_due"]).await;

    // The review.
    let rating = 5 - number % SHOWN_FROM as usize;
    let review = json!({"booking_id": id, "rating": rating, "text": "Lovely curls"});
    let said = maya.post("/reviews", review.clone()).await.expect(201).body;
    assert_problem!(maya.post("/reviews", review).await, 409, "already_reviewed");
    assert_eq!(news().await, ["lead", "booked", "review"]);
    let thanks = format!("/reviews/{}/response", text(&said["id"]));
    ann.put(&thanks, json!({"text": "Thank you!"})).await.expect(200);
    are_told(&maya, &["offer", "booked", "completed", "review_due", "review_response"]).await;
    maya
}

#[tokio::test]
async fn from_signing_up_to_a_reputation() {
    let town = Town::new().await;
    let ann = town.registers("Ann").await.caller;
    let provider = enrolls(&town, &ann).await;
    let page = format!("/providers/{provider}");
    for number in 0..SHOWN_FROM as usize {
        let maya = is_served(&town, &ann, &provider, number).await;
        let done = number as i32 + 1;
        let card = maya.get(&page).await.expect(200).body;
        assert_eq!((&card["review_count"], &card["completed_jobs"]), (&json!(done), &json!(done)));
        let reviews = maya.get(&format!("/reviews/provider/{provider}")).await.expect(200).body;
        assert_eq!(reviews["items"].as_array().unwrap().len(), done as usize);
        assert_eq!(
            (&reviews["items"][0]["author"], &reviews["items"][0]["response"]),
            (&json!("Maya"), &json!("Thank you!"))
        );
        if done < SHOWN_FROM {
            assert_eq!((&card["rating"], &reviews["aggregate"]), (&Value::Null, &Value::Null), "{done}");
        } else {
            assert_eq!(card["rating"], json!(4.0));
            assert_eq!(
                (&reviews["aggregate"]["average"], &reviews["aggregate"]["count"]),
                (&json!(4.0), &json!(3))
            );
            let hers = maya.get("/consumers/me/requests").await.expect(200).body;
            assert_eq!(hers["completed"]["count"], 1);
        }
    }
    let stats = ann.get(&format!("{page}/stats")).await.expect(200).body;
    assert_eq!((&stats["offers"]["wins"], &stats["bookings"]["completed"]), (&json!(3), &json!(3)));
    println!("figure: the whole way over HTTP with processes: {SHOWN_FROM} customers, each to the review");
}

#[tokio::test]
async fn with_a_licence_it_goes_through_an_admin() {
    let town = Town::new().await;
    let admin = town.admin().await;
    let bob = town.registers("Bob").await.caller;
    let path = begins(&bob, "Tight Pipes").await;
    let licensed = |number: &str| {
        json!({"services": [{
            "service_id": "pipe_repair", "price_min_cents": 5_000, "licence_number": number,
            "licence_expires_on": "2099-12-31",
        }]})
    };
    let bare = json!({"services": [{"service_id": "pipe_repair"}]});
    patch(&bob, &path, bare).await.expect(200);
    let pointers = ["/body/services/0/licence_number", "/body/services/0/licence_expires_on"];
    let answer = bob.move_on(&format!("{path}/submit")).await;
    crate::support::check_problem(&answer, 422, "enrollment_incomplete", Some(&pointers));
    patch(&bob, &path, licensed("LMP-0")).await.expect(200);
    // The licence itself, as a picture that the admin looks at.
    patch(&bob, &path, photos(&town, &bob, "pipe_repair").await).await.expect(200);
    let waits = bob.move_on(&format!("{path}/submit")).await.expect(200).body;
    assert_eq!(waits["status"], "pending_verification");

    let queue = admin.get("/enrollment?status=pending_verification").await.expect(200).body;
    let [one] = queue["items"].as_array().unwrap().as_slice() else { panic!("{queue}") };
    assert_eq!(one["id"], waits["id"]);
    assert_eq!(one["fields"]["services"][0]["licence_number"], "LMP-0");
    let picture = text(&one["fields"]["portfolio"][0]["media_id"]);
    let picture = admin.get(&format!("/media/{picture}")).await.expect(200).body;
    let file = admin.fetch(town.anybody.call(Method::GET, picture["url"].as_str().unwrap())).await;
    assert_eq!(file.status, 200);

    let reasons = json!({"reasons": ["The number belongs to somebody else."]});
    let rejected = admin.post(&format!("{path}/reject"), reasons.clone()).await.expect(200).body;
    assert_eq!(rejected["status"], "rejected");
    are_told(&bob, &["enrollment_decided"]).await;
    assert_eq!(bob.get("/enrollment/mine").await.expect(200).body["reasons"], reasons["reasons"]);
    // Nobody does it yet: whoever asks waits.
    let maya = town.registers("Maya").await.caller;
    let (request, matched) = asks(&maya, "pipe_repair").await;
    assert_eq!(matched, [""; 0]);
    are_told(&maya, &["no_match"]).await;

    let mended = patch(&bob, &path, licensed("LMP-1")).await.expect(200).body;
    assert_eq!(mended["status"], "draft");
    bob.move_on(&format!("{path}/submit")).await.expect(200);
    assert_eq!(bob.get("/enrollment/mine").await.expect(200).body["status"], "pending_verification");
    let verified = admin.move_on(&format!("{path}/approve")).await.expect(200).body;
    assert_eq!(verified["status"], "verified");
    becomes(&bob, "provider").await;
    let provider = text(&verified["provider_id"]);
    // Who waited is matched without asking again.
    let leads = async || {
        let answer = bob.get("/providers/leads").await;
        let items = answer.body["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|lead| text(&lead["request"]["id"])).collect::<Vec<_>>()
    };
    eventually("the request that waited is a lead", async || leads().await == [request.clone()]).await;
    assert_eq!(told(&bob).await, ["enrollment_decided", "enrollment_decided", "lead"]);
    assert_eq!(maya.get(&format!("/providers/{provider}")).await.expect(200).body["verified"], true);

    // A day after its last day a licence is none.
    let expired = "UPDATE provider_services SET licence_expires_on = (now() AT TIME ZONE 'UTC')::date - 1";
    town.app.database.execute(expired).await;
    let noah = town.registers("Noah").await.caller;
    let (waiting, matched) = asks(&noah, "pipe_repair").await;
    assert_eq!(matched, [""; 0], "an expired licence is not matched");
    are_told(&noah, &["no_match"]).await;
    assert_problem!(noah.get(&format!("/providers/{provider}")).await, 404, "not_found");
    let offer = json!({
        "request_id": request, "service_id": "pipe_repair", "price_cents": 6_000, "currency": "USD",
        "duration_minutes": 60, "slots": [{"date": day(1), "start_time": "10:00"}],
    });
    assert_problem!(bob.post("/offers", offer).await, 422, "invalid", ["/body/service_id"]);
    let verify = format!("/admin/providers/{provider}/services/pipe_repair/verify");
    let renewed = json!({"approved": true, "licence_expires_on": "2099-12-31"});
    assert_eq!(admin.put(&verify, renewed).await.expect(200).body["licence"], "verified");
    eventually("renewed it is matched again", async || leads().await.contains(&waiting)).await;
}
