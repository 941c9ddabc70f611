//! What a line may be, and what is said of one that is not.

use serde_json::{Value, json};

use super::{File, good, line};
use crate::support::{App, eventually};

#[tokio::test]
async fn what_is_all_right_is_imported() {
    let app = App::builder().workers(0).start().await;
    let file = File::new(good(1_200));
    let ended = file.import(&app).await;
    ended.assert(0, "1200 read, 1200 imported, 0 already there, 0 refused in ");
    assert_eq!(ended.report, [] as [Value; 0]);
    app.assert_whole(1_200).await;

    let first = "SELECT name, headline, city, zone, latitude, radius_km, languages, years_experience, email, phone, street, \
                 status, rating, review_count FROM providers WHERE external_id = 'crm-000001'";
    let wanted = json!({
        "name": "Curls no. 1", "headline": "Curly hair", "city": "Brooklyn", "zone": "America/New_York",
        "latitude": 40.6812, "radius_km": 12, "languages": ["English"], "years_experience": 15,
        "email": "curls1@example.com", "phone": "+1 718 555 0100", "street": "12 Bergen Street", "status": "active",
        "rating": 4.4, "review_count": 5
    });
    assert_eq!(app.database.rows(first).await, [wanted]);
    let users = "SELECT DISTINCT issuer, role, role_earned FROM users";
    let wanted = json!({"issuer": "proxie/import", "role": "provider", "role_earned": true});
    assert_eq!(app.database.rows(users).await, [wanted]);
    let said = "SELECT author, rating, text, response FROM reviews ORDER BY id LIMIT 1";
    let wanted =
        json!({"author": "Maya", "rating": 5, "text": "Lovely curls, no. 1", "response": "Thank you!"});
    assert_eq!(app.database.rows(said).await, [wanted]);
    // A licence counts once an admin has seen it, however it came here.
    let licences =
        "SELECT DISTINCT service_id, licence::text, licence_number FROM provider_services ORDER BY 1";
    let licence = |service: &str, licence: &str, number: Value| json!({"service_id": service, "licence": licence, "licence_number": number});
    let wanted = [
        licence("braiding", "not_needed", Value::Null),
        licence("electrical_repair", "pending_verification", json!("E-1")),
        licence("haircut", "not_needed", Value::Null),
    ];
    assert_eq!(app.database.rows(licences).await, wanted);
    let noted = "SELECT sum((note->>'imported')::int), count(DISTINCT object_id) FROM audit_log
                 WHERE action = 'providers.import' AND admin_id IS NULL";
    assert_eq!(app.database.rows(noted).await, [json!({"sum": 1_200, "count": 1})]);
}

#[tokio::test]
async fn what_comes_in_is_imported_too_with_the_least_that_a_provider_has() {
    let app = App::builder().workers(0).start().await;
    let file = File::new(json!({"external_id": "least", "name": "Least", "city": "Brooklyn"}).to_string());
    let report = file.report();
    let arguments = ["import", "providers", "-", "--report", report.to_str().unwrap()];
    let input = std::fs::File::open(file.path()).unwrap();
    let (code, said) =
        crate::support::Process::output_fed("proxie-api", &arguments, app.environment(), input).await;
    assert_eq!(code, Some(0), "{said}");
    let least = "SELECT p.zone, p.latitude, a.weekly->'monday' AS monday FROM providers p
                 JOIN availability a ON a.provider_id = p.id";
    let nine_to_five = json!([{"start": "09:00", "end": "17:00"}]);
    let wanted = json!({"zone": "America/New_York", "latitude": 40.68, "monday": nine_to_five});
    assert_eq!(app.database.rows(least).await, [wanted]);
}

/// What is wrong with some lines: the text, the name that is read, and where the problems are.
fn bad() -> Vec<(Vec<u8>, Value, Vec<&'static str>)> {
    let id = |number: usize| json!(format!("crm-{number:06}"));
    let of = |number: usize, other: Value, pointers: &[&'static str]| {
        (line(number, other).to_string().into_bytes(), id(number), pointers.to_vec())
    };
    let raw = |text: &[u8]| (text.to_vec(), Value::Null, vec![""]);
    let service = |other: Value| {
        let mut service = json!({"service_id": "haircut", "places": ["provider"], "currency": "USD"});
        service.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        json!({"services": [service]})
    };
    let review = |rating: i32, at: &str| json!({"reviews": [{"rating": rating, "created_at": at}]});
    let twice = format!("{{\"name\": \"One\", {}", &line(19, json!({})).to_string()[1..]);
    let mut not_utf8 = line(20, json!({})).to_string().into_bytes();
    not_utf8[40] = 0xff;
    vec![
        raw(b"this is not JSON"),
        raw(br#"{"external_id": "cut off", "name": "#),
        raw(b"[]"),
        raw(&line(1, json!({"bio": "x".repeat(1_100_000)})).to_string().into_bytes()),
        raw(&not_utf8),
        (line(2, json!({"external_id": null})).to_string().into_bytes(), Value::Null, vec!["/external_id"]),
        (line(2, json!({"external_id": " "})).to_string().into_bytes(), json!(" "), vec!["/external_id"]),
        of(3, json!({"name": null}), &["/name"]),
        of(4, json!({"colour": "red"}), &["/colour"]),
        of(5, service(json!({"service_id": "levitation"})), &["/services/0/service_id"]),
        of(6, service(json!({"places": ["remote"]})), &["/services/0/places/0"]),
        of(7, service(json!({"price_min_cents": 2, "price_max_cents": 1})), &["/services/0/price_max_cents"]),
        of(8, service(json!({"licence_expires_on": "2001-01-01"})), &["/services/0/licence_expires_on"]),
        of(9, json!({"zone": "America/Gotham", "availability": null}), &["/zone"]),
        of(10, json!({"availability": {"zone": "America/Gotham", "weekly": {}}}), &["/availability/zone"]),
        of(11, json!({"name": "Curls\u{0}"}), &["/name"]),
        of(12, review(6, "2026-01-01T00:00:00Z"), &["/reviews/0/rating"]),
        of(13, review(5, "yesterday"), &["/reviews/0/created_at"]),
        of(14, review(5, "2999-01-01T00:00:00Z"), &["/reviews/0/created_at"]),
        of(15, review(5, "1900-01-01T00:00:00Z"), &["/reviews/0/created_at"]),
        of(16, json!({"name": 5, "city": "", "radius_km": -1}), &["/name", "/city", "/radius_km"]),
        of(17, json!({"location": {"latitude": 91, "longitude": 0}}), &["/location/latitude"]),
        of(18, json!({"email": "nobody"}), &["/email"]),
        (twice.into_bytes(), id(19), vec!["/name"]),
    ]
}

#[tokio::test]
async fn a_bad_line_is_reported_and_keeps_no_other_out() {
    let app = App::builder().workers(0).start().await;
    // A mark before UTF-8, ends of lines of both kinds, lines without anything, and no end of the last line.
    let mut text = b"\xef\xbb\xbf\n\r\n".to_vec();
    let mut wanted = Vec::new();
    let mut number = 2;
    let bad = bad();
    for (at, (line_text, name, pointers)) in bad.iter().enumerate() {
        text.extend_from_slice(format!("{}\r\n", line(1_000 + at, json!({}))).as_bytes());
        text.extend_from_slice(line_text);
        text.extend_from_slice(if at % 2 == 0 { b"\n" } else { b"\r\n  \t\r\n" });
        wanted.push((number + 2, name.clone(), pointers.clone()));
        number += if at % 2 == 0 { 2 } else { 3 };
    }
    // One that has the name of another, and one that has it of a line that was refused.
    text.extend_from_slice(
        format!("{}\n{}", line(1_001, json!({"name": "Other"})), line(3, json!({}))).as_bytes(),
    );
    wanted.push((number + 1, json!("crm-001001"), vec!["/external_id"]));

    let file = File::new(text);
    let ended = file.import(&app).await;
    let (good, refused) = (bad.len() + 1, bad.len() + 1);
    ended.assert(
        1,
        &format!("{} read, {good} imported, 0 already there, {refused} refused in ", good + refused),
    );
    let mut told = ended.refused();
    for ((_, _, pointers), (_, _, wanted)) in told.iter_mut().zip(&mut wanted) {
        pointers.sort_unstable();
        wanted.sort_unstable();
    }
    assert_eq!(told, wanted);
    for one in &ended.report {
        let problems = one["problems"].as_array().unwrap();
        assert!(problems.iter().all(|p| p["message"].as_str().unwrap().ends_with('.')), "{one}");
    }
    app.assert_whole(good as i64).await;
    assert_eq!(app.count("providers WHERE name IN ('Other', 'Curls\u{fffd}')").await, 0);

    // Again: the same lines are refused, the others are there.
    let ended = file.import(&app).await;
    ended.assert(
        1,
        &format!("{} read, 0 imported, {good} already there, {refused} refused in ", good + refused),
    );
    app.assert_whole(good as i64).await;
}

#[tokio::test]
async fn what_the_database_refuses_keeps_nobody_else_out() {
    let app = App::builder().workers(0).start().await;
    let refuse = "ALTER TABLE providers ADD CONSTRAINT no_sevens CHECK (name <> 'Curls no. 77' AND name <> 'Curls no. 78');
                  ALTER TABLE reviews ADD CONSTRAINT no_words CHECK (text <> 'unspeakable')";
    app.database.execute(refuse).await;
    let unspeakable = json!([{"rating": 1, "text": "unspeakable", "created_at": "2026-01-01T00:00:00Z"}]);
    let text = format!("{}{}", good(200), line(201, json!({"reviews": unspeakable})));
    let ended = File::new(text).import(&app).await;
    ended.assert(1, "201 read, 198 imported, 0 already there, 3 refused in ");
    let refused = |number: u64| (number, json!(format!("crm-{number:06}")), vec![""]);
    assert_eq!(ended.refused(), [refused(77), refused(78), refused(201)]);
    assert!(ended.report[0].to_string().contains("no_sevens"), "{:?}", ended.report);
    assert!(ended.report[2].to_string().contains("no_words"), "{:?}", ended.report);
    app.assert_whole(198).await;
}

#[tokio::test]
async fn what_cannot_be_read_or_written_is_said() {
    let app = App::builder().workers(0).start().await;
    let file = File::new(good(1));
    let nowhere = file.path().join("nowhere").display().to_string();
    let (there, folder) = (file.path().display().to_string(), file.folder.path().display().to_string());
    for arguments in [vec![&nowhere], vec![&folder], vec![&there, &nowhere]] {
        let mut all = vec!["import", "providers", arguments[0]];
        if let Some(report) = arguments.get(1) {
            all.extend(["--report", report]);
        }
        let (code, said) =
            crate::support::Process::start("proxie-api", &all, app.environment()).ends_saying().await;
        let named = arguments.last().unwrap();
        assert!(code == Some(1) && said.contains(named.as_str()), "{said}");
    }
    assert_eq!(app.count("providers").await, 0);
    // Two do not write the same report.
    let file = File::new(good(1));
    let held = std::fs::File::create(file.report()).unwrap();
    held.lock().unwrap();
    let (code, said) = file.start(&app, None).ends_saying().await;
    assert!(code == Some(1) && said.contains("--report"), "{said}");
    drop(held);
    eventually("it is free", async || file.import(&app).await.code == Some(0)).await;
}
