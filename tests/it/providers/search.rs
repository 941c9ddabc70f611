//! Looking for providers.

use proxie_shared::db::providers::{Order, Search};
use proxie_shared::model::places::Location;
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use super::{haircut, open};
use crate::support::{App, Caller, Task, assert_problem, size};

async fn app() -> App {
    App::builder().workers(0).start().await
}

/// The names of those who are found, in order.
async fn found(caller: &Caller, query: &str) -> Vec<String> {
    let page = caller.get(&format!("/providers?limit=100&{query}")).await.expect(200).body;
    assert_eq!(page["next_cursor"], Value::Null);
    names(&page)
}

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn whatever_is_said_narrows_the_search_down() {
    let app = app().await;
    let braids = haircut(json!({"service_id": "braiding", "specializations": ["knotless braids"]}));
    let pipes =
        haircut(json!({"service_id": "pipe_repair", "places": ["consumer"], "licence_number": "NY-1"}));
    let leaks = haircut(json!({"service_id": "leak_repair", "places": ["consumer"], "specializations": []}));
    let words = json!({"headline": "", "bio": ""});
    let with = |other: Value| {
        let mut body = words.clone();
        body.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        body
    };
    open(&app, "a", with(json!({"name": "Ana", "services": [haircut(json!({})), braids]}))).await;
    open(&app, "b", with(json!({"name": "Ben", "city": "Queens", "location": null, "bio": "Curly hair!"})))
        .await;
    open(&app, "c", with(json!({"name": "Cem", "services": [leaks, pipes]}))).await;
    // None of these can be booked.
    open(&app, "d", with(json!({"name": "Dan", "services": []}))).await;
    open(&app, "e", with(json!({"name": "Eve"}))).await;
    open(&app, "f", with(json!({"name": "Fay"}))).await;
    app.database
        .execute(
            "UPDATE providers SET status = 'paused' WHERE name = 'Eve';
             UPDATE providers SET status = 'suspended' WHERE name = 'Fay';
             UPDATE providers SET rating = 4.5, review_count = 3 WHERE name = 'Ana';
             UPDATE providers SET rating = 4.9, review_count = 9 WHERE name = 'Ben'",
        )
        .await;
    let maya = app.consumer("maya");
    for (query, who) in [
        ("", vec!["Ben", "Ana", "Cem"]),
        ("service_id=braiding", vec!["Ana"]),
        ("category_id=hair_beauty", vec!["Ben", "Ana"]),
        ("category_id=plumbing", vec!["Cem"]),
        ("category_id=plumbing&service_id=haircut", vec![]),
        ("service_id=pipe_repair", vec![]),
        ("city=%20QUEENS", vec!["Ben"]),
        ("city=Brooklyn", vec!["Ana", "Cem"]),
        ("min_rating=4.6", vec!["Ben"]),
        ("min_rating=4.5", vec!["Ben", "Ana"]),
        ("verified=true", vec![]),
        ("verified=false", vec!["Ben", "Ana", "Cem"]),
        ("q=ana", vec!["Ana"]),
        ("q=knotless", vec!["Ana"]),
        ("q=knotless+braid", vec!["Ana"]),
        ("q=curls", vec!["Ben", "Ana"]),
        ("q=curls+queens", vec!["Ben"]),
        ("q=leak+repairs", vec!["Cem"]),
        ("q=pipe", vec![]),
        ("q=the+curls", vec!["Ben", "Ana"]),
        ("q=the", vec![]),
        ("q=%27%3B%20DROP%20TABLE%20users%3B--", vec![]),
        ("q=%25", vec![]),
        ("q=!%26%7C%3A*", vec![]),
        ("lat=40.68&lng=-73.94&radius_km=2", vec!["Ana", "Cem"]),
        ("lat=40.68&lng=-73.94&radius_km=50", vec!["Ben", "Ana", "Cem"]),
        ("lat=40.68&lng=-73.94&sort=distance", vec!["Ana", "Cem", "Ben"]),
        ("lat=-40.68&lng=73.94", vec![]),
        ("sort=newest", vec!["Cem", "Ben", "Ana"]),
        ("sort=newest&min_rating=4.5&city=brooklyn&q=hair&service_id=haircut", vec!["Ana"]),
    ] {
        assert_eq!(found(&maya, query).await, who, "{query}");
    }
    app.database
        .execute("UPDATE provider_services SET licence = 'verified' WHERE service_id = 'pipe_repair'")
        .await;
    assert_eq!(found(&app.guest().await, "verified=true").await, ["Cem"]);
    assert_eq!(found(&maya, "q=pipe").await, ["Cem"]);
    app.database
        .execute(
            "UPDATE provider_services SET licence_expires_on = '2020-01-01' WHERE service_id = 'pipe_repair'",
        )
        .await;
    assert!(found(&maya, "verified=true").await.is_empty(), "expired");
}

#[tokio::test]
async fn the_price_is_that_of_what_is_asked_for() {
    let app = app().await;
    let offer = |service: &str, cents: Value| {
        haircut(json!({"service_id": service, "price_min_cents": cents, "price_max_cents": null}))
    };
    for (name, cut, braid) in
        [("a", json!(100), json!(900)), ("b", json!(300), json!(200)), ("c", json!(null), json!(null))]
    {
        let services = json!([offer("haircut", cut), offer("braiding", braid)]);
        open(&app, name, json!({"name": name, "services": services})).await;
    }
    let maya = app.consumer("maya");
    assert_eq!(found(&maya, "sort=price").await, ["a", "b", "c"]);
    assert_eq!(found(&maya, "sort=price&service_id=braiding").await, ["b", "a", "c"]);
    let page = maya.get("/providers?sort=price&service_id=braiding").await.expect(200).body;
    let prices: Vec<&Value> =
        page["items"].as_array().unwrap().iter().map(|one| &one["price_from_cents"]).collect();
    assert_eq!(prices, [&json!(200), &json!(900), &Value::Null]);
    assert_eq!(page["items"][0]["services"], json!(["braiding", "haircut"]));
}

#[tokio::test]
async fn pages_hold_everybody_once_while_others_come_and_go() {
    let app = app().await;
    for at in 0..23 {
        let services = json!([haircut(
            json!({"price_min_cents": if at % 5 == 0 { json!(null) } else { json!(at % 3) }})
        )]);
        let location = json!({"latitude": 40.6 + f64::from(at % 4) / 100.0, "longitude": -73.9});
        let other = json!({"name": format!("n{at}"), "services": services, "location": location});
        open(&app, &format!("n{at}"), other).await;
    }
    app.database
        .execute(
            "UPDATE providers SET rating = 4 + length(name) / 10.0, review_count = 3 WHERE name LIKE '%1%'",
        )
        .await;
    let maya = app.consumer("maya");
    let near = "lat=40.6&lng=-73.9";
    for (at, sort) in ["rating", "distance", "price", "newest"].into_iter().enumerate() {
        let query = format!("{near}&sort={sort}");
        let whole = found(&maya, &query).await;
        assert_eq!(whole.len(), 23 + at, "{sort}");
        let mut pages = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = maya.get(&format!("/providers?{query}&limit=5{cursor}")).await.expect(200).body;
            pages.extend(names(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
            if pages.len() == 5 {
                // Who comes first of all now was not there when the first page was read.
                let services = json!([haircut(json!({"price_min_cents": 0}))]);
                let first = json!({"name": "new", "services": services, "location": {"latitude": 40.6, "longitude": -73.9}});
                let (_, id) = open(&app, &format!("new {sort}"), first).await;
                let best = format!("UPDATE providers SET rating = 5, review_count = 3 WHERE id = '{id}'");
                app.database.execute(&best).await;
            }
        }
        pages.retain(|name| name != "new");
        assert_eq!(pages, whole.into_iter().filter(|name| name != "new").collect::<Vec<_>>(), "{sort}");
    }
}

#[tokio::test]
async fn distances_come_from_where_the_public_knows_somebody_to_be() {
    let app = app().await;
    let exact = json!({"latitude": 40.6849, "longitude": -73.9449});
    open(&app, "a", json!({"location": exact})).await;
    let maya = app.consumer("maya");
    let page = maya.get("/providers?lat=40.68&lng=-73.94").await.expect(200).body;
    assert_eq!(page["items"][0]["distance_km"], 0.0, "the rounded place is right here");
    // Two kilometres and a little north of the rounded point: whoever asks from there learns nothing of the exact one,
    // which is nearer.
    assert!(found(&maya, "lat=40.6985&lng=-73.94&radius_km=2").await.is_empty());
    assert_eq!(found(&maya, "lat=40.6975&lng=-73.94&radius_km=2").await.len(), 1);
    assert_problem!(
        maya.get("/providers?lat=40.68&lng=-73.94&radius_km=1.9").await,
        422,
        "invalid",
        ["/query/radius_km"]
    );
    let without = maya.get("/providers").await.expect(200);
    assert_eq!(without.body["items"][0]["distance_km"], Value::Null);
    for secret in ["40.6849", "curls@example.com", "Bergen"] {
        assert!(!without.text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_smallest_of_numbers_are_as_good_as_nought() {
    let app = App::start().await;
    let at = |latitude: f64, longitude: f64| json!({"latitude": latitude, "longitude": longitude});
    open(&app, "a", json!({"name": "Ana", "location": at(5e-324, -5e-324), "radius_km": 5e-324})).await;
    open(&app, "b", json!({"name": "Ben", "location": at(0.0, 0.0), "radius_km": 0})).await;
    let maya = app.consumer("maya");
    for (lat, lng) in [("0", "0"), ("1e-170", "-1e-170"), ("5e-324", "1e-200"), ("1e-310", "5e-324")] {
        let names = found(&maya, &format!("lat={lat}&lng={lng}&radius_km=2&sort=distance")).await;
        assert_eq!(names.len(), 2, "{lat}, {lng}");
    }
    let body = json!({"service_id": "haircut", "city": "Brooklyn", "location": at(1e-170, 5e-324), "max_distance_km": 5e-324});
    let posted = maya.post("/requests", body).await.expect(201).body;
    Task::new(&maya, posted["task_id"].as_str().unwrap()).result().await;
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_search_is_told_at_once() {
    let app = app().await;
    let maya = app.consumer("maya");
    let q = "x".repeat(201);
    let wrong = format!(
        "/providers?category_id=unicorns&service_id=grooming&q={q}&city=&lat=91&radius_km=501&min_rating=0&verified=maybe\
         &sort=beauty&limit=101&cursor=x&page=2"
    );
    assert_problem!(
        maya.get(&wrong).await,
        422,
        "invalid",
        [
            "/query/category_id",
            "/query/service_id",
            "/query/q",
            "/query/city",
            "/query/lat",
            "/query/radius_km",
            "/query/min_rating",
            "/query/verified",
            "/query/sort",
            "/query/limit",
            "/query/cursor",
            "/query/page"
        ]
    );
    for (query, field) in [
        ("lat=40", "lng"),
        ("lng=40", "lat"),
        ("radius_km=5", "radius_km"),
        ("sort=distance", "sort"),
        ("lat=nan&lng=1", "lat"),
        ("lat=1&lng=inf", "lng"),
        ("lat=1e1&lng=1&radius_km=1e9", "radius_km"),
        ("cursor=4.8_01a1c2d0", "cursor"),
    ] {
        let answer = maya.get(&format!("/providers?{query}")).await;
        assert_problem!(answer, 422, "invalid", [&*format!("/query/{field}")]);
    }
    assert_problem!(app.anybody().get("/providers").await, 401, "unauthenticated");
}

/// Many providers in a few places, of whom each offers two services.
async fn many(app: &App, count: usize) {
    app.user_row(Role::Provider).await;
    app.database
        .execute(&format!(
            "INSERT INTO users (id, issuer, subject, role)
               SELECT gen_random_uuid(), 'many', n::text, 'provider' FROM generate_series(1, {count}) n;
             INSERT INTO providers (id, user_id, name, bio, city, zone, latitude, longitude, rating, review_count)
               SELECT gen_random_uuid(), id, 'Nr. ' || subject, 'word' || subject::int % 1000, 'City ' || subject::int % 200,
                 'UTC', 20 + random() * 50, random() * 200 - 100,
                 CASE WHEN random() < 0.6 THEN 3 + random() * 2 END, 10
               FROM users WHERE issuer = 'many';
             INSERT INTO provider_services (provider_id, service_id, places, price_min_cents, licence, licence_number)
               SELECT p.id, s.id, s.places, 1000 + random() * 9000,
                 (CASE WHEN NOT s.licensed THEN 'not_needed' WHEN random() < 0.5 THEN 'verified'
                       ELSE 'pending_verification' END)::licence_status, 'N'
               FROM (SELECT id, row_number() OVER () AS n FROM providers) p
               JOIN (SELECT *, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all_of_them FROM catalog_services) s
                 ON s.n % s.all_of_them IN (p.n % s.all_of_them, p.n * 7 % s.all_of_them);
             ANALYZE"
        ))
        .await;
}

#[tokio::test]
async fn there_is_an_index_for_each_filter() {
    let app = app().await;
    let count = size(5_000, 100_000);
    many(&app, count).await;
    let here = Location { latitude: 40.0, longitude: -74.0 };
    let word = || vec!["word7:*".to_owned()];
    let haircut = || Some(vec!["haircut".to_owned()]);
    let searches = [
        ("nothing", Search::default(), "providers_rating_idx"),
        ("service", Search { services: haircut(), ..Search::default() }, "provider_services"),
        ("city", Search { city: Some("City 7".to_owned()), ..Search::default() }, "providers_city_idx"),
        ("near", Search { near: Some((here, 25.0)), ..Search::default() }, "providers_spot_idx"),
        ("words", Search { words: word(), ..Search::default() }, "providers_words_idx"),
        ("words of services", Search { words: word(), ..Search::default() }, "provider_services_words_idx"),
        ("rating", Search { min_rating: Some(4.5), ..Search::default() }, "providers_rating_idx"),
        ("verified", Search { verified: true, ..Search::default() }, "provider_services_verified_idx"),
        ("newest", Search { order: Order::Newest, ..Search::default() }, "providers_pkey"),
    ];
    for (name, search, index) in searches {
        let search = Search { limit: 21, ..search };
        let plan = app.database.plan_of_search(&search).await;
        assert!(plan.contains(index), "{name}: {plan}");
        // A small table is read whole, being cheaper so.
        assert!(count < 100_000 || !plan.contains("Seq Scan on provider"), "{name}: {plan}");
    }
    let maya = app.consumer("maya");
    let mut slowest = (0, String::new());
    for query in [
        "",
        "service_id=haircut",
        "city=City+7",
        "city=Nowhere",
        "lat=40&lng=-74&radius_km=100&sort=distance",
        "q=word7",
        "q=nobody+says+this",
        "min_rating=4.99",
        "verified=true",
        "sort=price",
        "sort=price&category_id=plumbing",
        "sort=newest",
        "city=City+7&service_id=haircut&min_rating=4",
    ] {
        let begin = std::time::Instant::now();
        maya.get(&format!("/providers?{query}")).await.expect(200);
        slowest = slowest.max((begin.elapsed().as_millis(), query.to_owned()));
    }
    println!("figure: search of {count} providers: the slowest took {} ms: {}", slowest.0, slowest.1);
}
