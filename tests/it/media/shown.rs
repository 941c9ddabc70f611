//! Who may see it: its owner, and those to whom what it hangs on is shown.

use futures::future::join_all;
use proxie_shared::db;
use proxie_shared::model::users::Role;
use proxie_shared::model::{MediaId, UserId};
use serde_json::json;
use uuid::Uuid;

use super::{fetched, id_of};
use crate::support::files::{jpeg, quarters};
use crate::support::{App, Caller, assert_problem};

/// Somebody, and the id of their row.
async fn somebody(app: &App, role: Role) -> (Caller, Uuid) {
    let id = app.user_row(role).await;
    (app.user(&id.to_string(), role), id)
}

async fn photo_of(caller: &Caller) -> String {
    id_of(&caller.upload(&jpeg(&quarters(60, 40), 90)).await.expect(201))
}

#[tokio::test]
async fn what_a_visible_provider_shows_is_everybodys() {
    let app = App::builder().workers(0).start().await;
    let (carla, user) = somebody(&app, Role::Provider).await;
    let provider = app.provider_row(user).await;
    let (portrait, work, private) = (photo_of(&carla).await, photo_of(&carla).await, photo_of(&carla).await);
    let shown = format!(
        "UPDATE providers SET photo_id = '{portrait}' WHERE id = '{provider}';
         INSERT INTO portfolio_items (id, provider_id, media_id) VALUES ('{}', '{provider}', '{work}')",
        Uuid::now_v7()
    );
    app.database.execute(&shown).await;
    let (guest, maya) = (app.guest().await, app.consumer("maya"));
    for id in [&portrait, &work] {
        let path = format!("/media/{id}");
        let first = guest.get(&path).await.expect(200).body;
        let file = fetched(&app.anybody(), &first, "url").await;
        let cache = file.header("cache-control").unwrap();
        assert!(cache.starts_with("public, max-age=") && cache.ends_with(", immutable"), "{cache}");
        assert_problem!(maya.delete(&path).await, 403, "not_yours");
        assert_problem!(carla.delete(&path).await, 409, "media_in_use");
    }
    assert_problem!(maya.get(&format!("/media/{private}")).await, 403, "not_yours");
    let paths = [&portrait, &work].map(|id| format!("/media/{id}"));
    for (hidden, again) in [
        ("UPDATE providers SET status = 'suspended'", "UPDATE providers SET status = 'paused'"),
        (
            "UPDATE provider_services SET licence = 'pending_verification'",
            "UPDATE provider_services SET licence = 'verified', licence_number = '1', licence_expires_on = now() + interval '3 days'",
        ),
        (
            "UPDATE provider_services SET licence_expires_on = now() - interval '3 days'",
            "UPDATE provider_services SET licence_expires_on = NULL",
        ),
    ] {
        app.database.execute(hidden).await;
        for path in &paths {
            assert_problem!(maya.get(path).await, 403, "not_yours");
            // Theirs they see as before, by links that nobody keeps.
            let view = carla.get(path).await.expect(200).body;
            assert_eq!(
                fetched(&carla, &view, "url").await.header("cache-control"),
                Some("private, no-store")
            );
        }
        app.database.execute(again).await;
        for path in &paths {
            maya.get(path).await.expect(200);
        }
    }
}

#[tokio::test]
async fn what_hangs_on_a_request_is_for_the_providers_it_went_to() {
    let app = App::builder().workers(0).start().await;
    let ((maya, consumer), (carla, hers), (dora, another)) = (
        somebody(&app, Role::Consumer).await,
        somebody(&app, Role::Provider).await,
        somebody(&app, Role::Provider).await,
    );
    let (routed, _other) = (app.provider_row(hers).await, app.provider_row(another).await);
    let photo = photo_of(&maya).await;
    let path = format!("/media/{photo}");
    let request = app.request_row(consumer).await;
    let hang = format!(
        "INSERT INTO request_media (request_id, media_id, position) VALUES ('{request}', '{photo}', 0)"
    );
    app.database.execute(&hang).await;
    assert_problem!(carla.get(&path).await, 403, "not_yours");
    app.lead_row(request, routed).await;
    let view = carla.get(&path).await.expect(200).body;
    assert_eq!(fetched(&carla, &view, "url").await.header("cache-control"), Some("private, no-store"));
    for stranger in [&dora, &app.consumer("noah"), &app.guest().await] {
        assert_problem!(stranger.get(&path).await, 403, "not_yours");
    }
    assert_problem!(carla.delete(&path).await, 403, "not_yours");
    assert_problem!(maya.delete(&path).await, 409, "media_in_use");
    app.database.execute(&format!("DELETE FROM request_media WHERE media_id = '{photo}'")).await;
    maya.delete(&path).await.expect(204);
}

#[tokio::test]
async fn what_hangs_on_an_enrollment_is_its_owners_and_the_admins() {
    let app = App::builder().workers(0).start().await;
    let (maya, user) = somebody(&app, Role::Consumer).await;
    let photo = photo_of(&maya).await;
    let path = format!("/media/{photo}");
    let enrollment = Uuid::now_v7();
    let hang = format!(
        "INSERT INTO enrollments (id, user_id, expires_at) VALUES ('{enrollment}', '{user}', now() + interval '1 day');
         INSERT INTO enrollment_media (enrollment_id, media_id) VALUES ('{enrollment}', '{photo}')"
    );
    app.database.execute(&hang).await;
    maya.get(&path).await.expect(200);
    app.user("ada", Role::Admin).get(&path).await.expect(200);
    let (carla, hers) = somebody(&app, Role::Provider).await;
    app.provider_row(hers).await;
    assert_problem!(carla.get(&path).await, 403, "not_yours");
    assert_problem!(maya.delete(&path).await, 409, "media_in_use");
}

/// Hangs media on a request as the domain does: held first, then named.
async fn hang(app: &App, owner: Uuid, request: Uuid, photo: &str) -> Result<(), proxie_shared::error::Error> {
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    let db = app.database.pool();
    let mut conn = db.conn().await?;
    conn.transaction(async |conn| {
        let id = MediaId(photo.parse().expect("an id"));
        db::media::hold_own(conn, UserId(owner), &[id, id]).await?;
        let named = format!(
            "INSERT INTO request_media (request_id, media_id, position) VALUES ('{request}', '{photo}', 0)"
        );
        Ok(conn.batch_execute(&named).await?)
    })
    .await
}

#[tokio::test]
async fn deleting_while_it_is_hung_on_something_ends_one_way_or_the_other() {
    let app = App::builder().workers(0).start().await;
    let (maya, user) = somebody(&app, Role::Consumer).await;
    let request = app.request_row(user).await;
    let mut photos = Vec::new();
    for _ in 0..20 {
        photos.push(photo_of(&maya).await);
    }
    let paths: Vec<String> = photos.iter().map(|photo| format!("/media/{photo}")).collect();
    let deleting = join_all(paths.iter().map(|path| maya.delete(path)));
    let hanging = join_all(photos.iter().map(|photo| hang(&app, user, request, photo)));
    let (deleted, hung) = tokio::join!(deleting, hanging);
    for ((answer, hung), path) in deleted.iter().zip(&hung).zip(&paths) {
        match hung {
            Ok(()) => {
                assert_problem!(answer, 409, "media_in_use");
                let view = maya.get(path).await.expect(200).body;
                fetched(&maya, &view, "url").await;
            }
            Err(error) => {
                assert_eq!((answer.status, error.code.to_string().as_str()), (204, "not_yours"));
                assert_problem!(maya.get(path).await, 403, "not_yours");
            }
        }
    }
    let count = format!("SELECT count(*) FROM request_media WHERE request_id = '{request}'");
    assert_eq!(app.database.value(&count).await, json!(hung.iter().filter(|hung| hung.is_ok()).count()));
}

#[tokio::test]
async fn what_is_another_s_cannot_be_hung_on_ones_own() {
    let app = App::builder().workers(0).start().await;
    let ((maya, user), (noah, _)) =
        (somebody(&app, Role::Consumer).await, somebody(&app, Role::Consumer).await);
    let request = app.request_row(user).await;
    for photo in [photo_of(&noah).await, Uuid::now_v7().to_string()] {
        let refused = hang(&app, user, request, &photo).await.expect_err("not hers");
        assert_eq!(refused.code.to_string(), "not_yours");
    }
    hang(&app, user, request, &photo_of(&maya).await).await.expect("hers");
}
