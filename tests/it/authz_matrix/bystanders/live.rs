//! What is told as it happens.

use proxie_shared::db;
use proxie_shared::model::{MessageId, NotificationId, SessionId, TaskId, UserId};
use uuid::Uuid;

use crate::support::App;

/// Live events, and all that they may be about.
pub async fn what_is_told_live_is_for_whose_it_is(app: &App) {
    let (maya, maya_id) = app.guest_with_id().await;
    let (ann, ann_id) = app.guest_with_id().await;
    let said = maya.say("I need a haircut").await;
    ann.say("I need a plumber").await;
    let session: Uuid = said.session.parse().unwrap();
    let notified = Uuid::now_v7();
    let told = format!(
        "INSERT INTO notifications (id, user_id, kind) VALUES ('{notified}', '{maya_id}', 'no_match');
         INSERT INTO live_events (user_id, kind, subject_id, data)
           VALUES ('{maya_id}', 'chat:delta', '{0}', '{{\"session_id\": \"{session}\"}}')",
        said.id
    );
    app.database.execute(&told).await;
    let mut conn = app.database.pool().conn().await.unwrap();
    while db::live::number(&mut conn, 100).await.unwrap() > 0 {}

    let (maya_id, ann_id) = (UserId(maya_id), UserId(ann_id));
    let of_maya = db::live::list_for(&mut conn, maya_id, 0, 100).await.unwrap();
    let of_ann = db::live::list_for(&mut conn, ann_id, 0, 100).await.unwrap();
    assert!(
        !of_ann.is_empty()
            && of_maya.iter().all(|event| of_ann.iter().all(|other| other.subject_id != event.subject_id))
    );
    let last = db::live::last_for(&mut conn, maya_id).await.unwrap();
    assert_eq!(last, of_maya.len() as i64);
    assert_ne!(
        db::live::last_for(&mut conn, UserId(Uuid::now_v7())).await.unwrap(),
        last,
        "nobody was told anything"
    );
    let deltas = db::live::deltas_for(&mut conn, ann_id, SessionId(session), (0, 100), 100).await.unwrap();
    assert!(deltas.is_empty(), "{deltas:?}");

    let message: Uuid = app
        .database
        .value(&format!("SELECT id::text FROM chat_messages WHERE session_id = '{session}' LIMIT 1"))
        .await
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let task = TaskId(said.id.parse().unwrap());
    let (mine, anothers) = (maya_id.into(), ann_id.into());
    assert_eq!(db::tasks::all_for(&mut conn, mine, &[task]).await.unwrap().len(), 1);
    assert!(db::tasks::all_for(&mut conn, anothers, &[task]).await.unwrap().is_empty());
    assert_eq!(db::chat::messages_for(&mut conn, mine, &[MessageId(message)]).await.unwrap().len(), 1);
    assert!(db::chat::messages_for(&mut conn, anothers, &[MessageId(message)]).await.unwrap().is_empty());
    let notified = [NotificationId(notified)];
    assert_eq!(db::notifications::all_for(&mut conn, mine, &notified).await.unwrap().len(), 1);
    assert!(db::notifications::all_for(&mut conn, anothers, &notified).await.unwrap().is_empty());
}
