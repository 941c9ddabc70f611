//! Links that lead to files, for a while; deleting; guests; the same call twice; what is left over is swept.

use chrono::{DateTime, Utc};
use futures::future::join_all;
use image::ImageFormat;
use proxie_shared::auth::{Link, Links};
use proxie_shared::config::{AuthConfig, Secret, StoreConfig};
use proxie_shared::domain::media::sweep_media;
use proxie_shared::model::MediaId;
use proxie_shared::model::media::{Audience, Variant};
use proxie_shared::storage::Store;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::{fetched, id_of};
use crate::support::files::{encoded, film, form, form_type, jpeg, noise, quarters};
use crate::support::{App, Caller, SECRET, assert_problem};

fn photo() -> Vec<u8> {
    jpeg(&quarters(500, 400), 90)
}

/// The files that are in an app's store.
fn objects(app: &App) -> usize {
    let StoreConfig::Disk(folder) = &app.worker.media.store else { panic!("a folder") };
    let (mut files, mut folders) = (0, vec![folder.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => files += 1,
            }
        }
    }
    files
}

fn links() -> Links {
    let (secret, issuer) = (Secret::new(SECRET), "proxie".to_owned());
    Links::new(&AuthConfig { secret, issuer, issuers: Vec::new() })
}

/// Sweeps as workers do, now and then.
pub async fn sweep(app: &App) {
    let store = Store::new(&app.worker.media).expect("a store");
    sweep_media(&app.database.pool(), &store).await.expect("swept");
}

#[tokio::test]
async fn an_upload_is_read_by_links_that_need_no_token() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let uploaded = maya.upload(&photo()).await.expect(201);
    let id = id_of(&uploaded);
    assert_eq!(uploaded.header("location"), Some(format!("/media/{id}").as_str()));
    let view = maya.get(&format!("/media/{id}")).await.expect(200).body;
    for view in [&uploaded.body, &view] {
        let mut fields: Vec<&String> = view.as_object().unwrap().keys().collect();
        fields.sort();
        assert_eq!(fields, ["expires_at", "height", "id", "mime", "thumb_url", "url", "width"]);
        let expires: DateTime<Utc> = view["expires_at"].as_str().unwrap().parse().unwrap();
        let seconds = (expires - Utc::now()).num_seconds();
        assert!((880..=900).contains(&seconds), "a quarter of an hour: {seconds}");
        for field in ["url", "thumb_url"] {
            let file = fetched(&app.anybody(), view, field).await;
            assert_eq!(file.header("cache-control"), Some("private, no-store"));
            assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(
                file.header("content-security-policy"),
                Some("default-src 'none'; frame-ancestors 'none'")
            );
            assert!(file.header("content-disposition").unwrap().starts_with("inline; filename="));
            assert_eq!(file.header("content-length"), Some(file.bytes.len().to_string().as_str()));
        }
    }
    // A token that is no good is no better here.
    let path = view["url"].as_str().unwrap();
    assert_problem!(app.anybody().with_token("no.good.token").get(path).await, 401, "unauthenticated");
    let head = maya.send(app.anybody().call(Method::HEAD, path)).await.expect(200);
    assert_eq!(head.header("content-type"), Some("image/jpeg"));
}

#[tokio::test]
async fn a_link_that_was_changed_or_has_expired_leads_nowhere() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let view = maya.upload(&photo()).await.expect(201).body;
    let other = maya.upload(&photo()).await.expect(201);
    let url = view["url"].as_str().unwrap();
    let (path, file) = url.rsplit_once('/').unwrap();
    let parts: Vec<&str> = file.split('.').collect();
    let expires: i64 = parts[1].parse().unwrap();
    let signature = parts[3];
    let thumb = view["thumb_url"].as_str().unwrap().rsplit('.').next().unwrap();
    for file in [
        format!("original.{}.private.{signature}", expires + 1),
        format!("original.{expires}.public.{signature}"),
        format!("thumb.{expires}.private.{signature}"),
        format!("original.{expires}.private.{thumb}"),
        format!("original.{expires}.private."),
        format!("original.{expires}.private"),
        format!("original.0{expires}.private.{signature}"),
        format!("original.{expires}.private.{signature}A"),
        format!("original.{expires}.private.{}", "A".repeat(43)),
    ] {
        assert_problem!(app.anybody().get(&format!("{path}/{file}")).await, 403, "not_yours");
        assert_problem!(maya.get(&format!("{path}/{file}")).await, 403, "not_yours");
    }
    assert_problem!(maya.get(&format!("/media/{}/{file}", id_of(&other))).await, 403, "not_yours");
    assert_problem!(maya.get(&format!("/media/{}/{file}", Uuid::now_v7())).await, 403, "not_yours");

    let id = MediaId(view["id"].as_str().unwrap().parse().unwrap());
    let made = |minutes| {
        let link =
            Link::new(Variant::Original, Audience::Private, Utc::now() - chrono::Duration::minutes(minutes));
        format!("{path}/{}", links().sign(id, &link))
    };
    app.anybody().fetch(app.anybody().call(Method::GET, &made(14))).await;
    assert_problem!(app.anybody().get(&made(16)).await, 403, "not_yours");
}

#[tokio::test]
async fn parts_of_a_film_are_sent_as_players_ask_for_them() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let view = maya.upload(&film(300_000)).await.expect(201).body;
    let whole = fetched(&maya, &view, "url").await;
    let tag = whole.header("etag").unwrap().to_owned();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let size = whole.bytes.len();
    let ask = async |headers: &[(&str, &str)]| {
        let mut call = app.anybody().call(Method::GET, view["url"].as_str().unwrap());
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        app.anybody().fetch(call).await
    };
    for (range, from, to) in [
        ("bytes=0-1", 0, 2),
        ("bytes=100-199", 100, 200),
        ("bytes=250000-", 250_000, size),
        ("bytes=-7", size - 7, size),
    ] {
        let part = ask(&[("range", range), ("accept-encoding", "gzip")]).await;
        assert_eq!((part.status, part.bytes.as_slice()), (206, &whole.bytes[from..to]), "{range}");
        assert_eq!(part.header("content-range"), Some(format!("bytes {from}-{}/{size}", to - 1).as_str()));
        assert_ne!(part.header("content-encoding"), Some("gzip"));
    }
    for headers in [&[("range", "bytes=0-1,5-6")][..], &[("range", "bytes=0-1"), ("if-range", "\"another\"")]]
    {
        assert_eq!(ask(headers).await.status, 200, "{headers:?}");
    }
    assert_eq!(ask(&[("range", "bytes=0-1"), ("if-range", &tag)]).await.status, 206);
    assert_eq!(ask(&[("if-none-match", &tag)]).await.status, 304);
    let call =
        app.anybody().call(Method::GET, view["url"].as_str().unwrap()).header("range", "bytes=999999-");
    let beyond = app.anybody().send(call).await;
    assert_problem!(beyond, 416, "no_such_range");
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{size}").as_str()));
}

#[tokio::test]
async fn what_is_deleted_is_gone_and_another_cannot_delete_it() {
    let app = App::builder().workers(0).start().await;
    let (maya, noah) = (app.consumer("maya"), app.consumer("noah"));
    let view = maya.upload(&photo()).await.expect(201).body;
    let path = format!("/media/{}", view["id"].as_str().unwrap());
    assert_problem!(noah.get(&path).await, 403, "not_yours");
    assert_problem!(noah.delete(&path).await, 403, "not_yours");
    assert_eq!(objects(&app), 2);
    maya.delete(&path).await.expect(204);
    assert_eq!(objects(&app), 0);
    assert_eq!(app.database.value("SELECT count(*) FROM media_gone").await, json!(0));
    for answer in
        [maya.delete(&path).await, maya.get(&path).await, maya.get(view["url"].as_str().unwrap()).await]
    {
        assert_problem!(answer, 403, "not_yours");
    }
    // An admin may, and that is written down.
    let view = maya.upload(&photo()).await.expect(201).body;
    let admin = app.user("ada", proxie_shared::model::users::Role::Admin);
    let path = format!("/media/{}", view["id"].as_str().unwrap());
    admin.get(&path).await.expect(200);
    admin.delete(&path).await.expect(204);
    let log = admin.get("/admin/audit").await.expect(200).body;
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["object_id"]),
        (&json!("media.delete"), &view["id"])
    );
}

#[tokio::test]
async fn guests_have_five_pictures_and_no_films() {
    let app = App::builder().workers(0).start().await;
    let (guest, other) = (app.guest().await, app.guest().await);
    other.upload(&photo()).await.expect(201);
    assert_problem!(guest.upload(&film(10)).await, 403, "account_required");
    // All at once: five are kept, whichever.
    let photo = photo();
    let answers = join_all((0..8).map(|_| guest.upload(&photo))).await;
    let kept: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(kept.len(), 5);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_problem!(answer, 403, "account_required");
    }
    assert_problem!(guest.upload(&photo).await, 403, "account_required");
    guest.delete(&format!("/media/{}", id_of(kept[0]))).await.expect(204);
    guest.upload(&photo).await.expect(201);
    // They are the account's once the guest has one.
    let maya = app.consumer("maya");
    maya.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await.expect(200);
    maya.get(&format!("/media/{}", id_of(kept[1]))).await.expect(200);
    maya.upload(&photo).await.expect(201);
    assert_problem!(guest.upload(&photo).await, 401, "account_closed");
}

async fn upload_with_key(caller: &Caller, key: &str, file: &[u8]) -> crate::support::Answer {
    let call = caller
        .call(Method::POST, "/media")
        .header("content-type", form_type())
        .header("idempotency-key", key);
    caller.send(call.body(form(&[("file", "photo.jpg", "image/jpeg", file)]))).await
}

#[tokio::test]
async fn the_same_upload_is_kept_once() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let photo = photo();
    let answers = join_all((0..4).map(|_| upload_with_key(&maya, "k", &photo))).await;
    let first = answers[0].clone().expect(201);
    for answer in answers {
        assert_eq!(answer.expect(201).body, first.body);
    }
    assert_eq!(upload_with_key(&maya, "k", &photo).await.expect(201).body, first.body);
    // Also the last that a guest may have.
    let guest = app.guest().await;
    for _ in 0..4 {
        guest.upload(&photo).await.expect(201);
    }
    let last = upload_with_key(&guest, "l", &photo).await.expect(201);
    assert_eq!(upload_with_key(&guest, "l", &photo).await.expect(201).body, last.body);
    assert_problem!(upload_with_key(&guest, "m", &photo).await, 403, "account_required");
    app.database
        .execute("DELETE FROM media WHERE user_id = (SELECT id FROM users WHERE role = 'guest')")
        .await;
    sweep(&app).await;
    assert_problem!(
        upload_with_key(&maya, "k", &encoded(&quarters(9, 9), ImageFormat::Png)).await,
        422,
        "idempotency_mismatch",
        []
    );
    assert_eq!(app.database.value("SELECT count(*) FROM media").await, json!(1));
    assert_eq!(objects(&app), 2);
    // A refusal is one the second time, too.
    for _ in 0..2 {
        assert_problem!(upload_with_key(&maya, "s", b"#!/bin/sh\nexit").await, 415, "media_unsupported");
    }
}

#[tokio::test]
async fn what_is_left_over_is_swept() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let sizes = [noise(20, 20), noise(21, 21), noise(22, 22), noise(23, 23)];
    let mut ids = Vec::new();
    for picture in &sizes {
        ids.push(id_of(&maya.upload(&jpeg(picture, 80)).await.expect(201)));
    }
    let [fresh, loose, hung, gone] = ids.as_slice() else { panic!("four") };
    let owner = app.database.value("SELECT id FROM users WHERE subject = 'maya'").await;
    let owner: Uuid = owner.as_str().unwrap().parse().unwrap();
    let request = app.request_row(owner).await;
    // As processes leave it behind that died: before the store had all, and after the row was gone.
    let unready = Uuid::now_v7();
    app.database
        .execute(&format!(
            "UPDATE media SET created_at = now() - interval '25 hours' WHERE id IN ('{loose}', '{hung}', '{gone}');
             UPDATE media SET created_at = now() - interval '23 hours' WHERE id = '{fresh}';
             INSERT INTO request_media (request_id, media_id, position) VALUES ('{request}', '{hung}', 0);
             DELETE FROM media WHERE id = '{gone}';
             INSERT INTO media (id, user_id, kind, mime, bytes, width, height, created_at)
               VALUES ('{unready}', '{owner}', 'image', 'image/jpeg', 1, 1, 1, now() - interval '61 minutes')"
        ))
        .await;
    assert_eq!(objects(&app), 8);
    // What a process had stored of it when it died.
    let StoreConfig::Disk(folder) = &app.worker.media.store else { panic!("a folder") };
    let id = unready.simple().to_string();
    let part = folder.join("objects").join(&id[30..]);
    std::fs::create_dir_all(&part).unwrap();
    for staged in ["original#1", "original#2", "thumb#1"] {
        std::fs::write(part.join(format!("{id}.{staged}")), "half of it").unwrap();
    }
    tokio::join!(sweep(&app), sweep(&app));
    let left = app.database.rows("SELECT id FROM media ORDER BY id").await;
    let left: Vec<&str> = left.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(left, [fresh, hung]);
    assert_eq!(objects(&app), 4);
    assert_eq!(app.database.value("SELECT count(*) FROM media_gone").await, json!(0));
}

#[tokio::test]
async fn what_the_store_does_not_take_leaves_nothing_behind() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let StoreConfig::Disk(folder) = &app.worker.media.store else { panic!("a folder") };
    // A file stands where the objects would go.
    std::fs::write(folder.join("objects"), b"").unwrap();
    let answer = maya.upload(&photo()).await;
    assert_problem!(answer, 503, "unavailable");
    std::fs::remove_file(folder.join("objects")).unwrap();
    maya.upload(&photo()).await.expect(201);
    assert_eq!(app.database.value("SELECT count(*) FROM media").await, json!(1));
    sweep(&app).await;
    assert_eq!((app.database.value("SELECT count(*) FROM media_gone").await, objects(&app)), (json!(0), 2));
}
