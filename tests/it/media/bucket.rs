//! The same in a bucket: Amazon's S3 or what speaks its protocol, played by a stand-in.

use serde_json::json;

use super::{fetched, id_of};
use crate::support::files::{film, jpeg, quarters};
use crate::support::{App, Bucket, assert_problem};

#[tokio::test]
async fn a_bucket_keeps_them_as_well() {
    let bucket = Bucket::start();
    let app = App::builder().workers(0).media(bucket.config()).start().await;
    let maya = app.consumer("maya");
    let photo = jpeg(&quarters(500, 400), 90);
    let view = maya.upload(&photo).await.expect(201);
    let id = id_of(&view).replace('-', "");
    let names = ["original", "thumb"].map(|variant| format!("objects/{}/{id}.{variant}", &id[30..]));
    assert_eq!(bucket.names(), names);
    assert_eq!(fetched(&app.anybody(), &view.body, "url").await.bytes, photo);
    fetched(&app.anybody(), &view.body, "thumb_url").await;
    maya.delete(&format!("/media/{}", id_of(&view))).await.expect(204);
    assert_eq!(bucket.names(), [""; 0]);
}

#[tokio::test]
async fn what_is_large_goes_in_parts() {
    let bucket = Bucket::start();
    let app = App::builder().workers(0).media(bucket.config()).start().await;
    let maya = app.consumer("maya");
    let view = maya.upload(&film(12_000_000)).await.expect(201).body;
    let parts = bucket.calls().into_iter().filter(|call| call.contains("partNumber")).count();
    assert_eq!(parts, 3, "{:?}", bucket.calls());
    let whole = fetched(&maya, &view, "url").await.bytes;
    assert!(whole.len() > 12_000_000);
    let call =
        maya.call(reqwest::Method::GET, view["url"].as_str().unwrap()).header("range", "bytes=100-299");
    let part = maya.fetch(call).await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, &whole[100..300]));
}

#[tokio::test]
async fn a_bucket_that_is_away_is_said_to_be() {
    let bucket = Bucket::start();
    let app = App::builder().workers(0).media(bucket.config()).start().await;
    let maya = app.consumer("maya");
    let photo = jpeg(&quarters(50, 40), 90);
    let view = maya.upload(&photo).await.expect(201);
    bucket.away(true);
    assert_problem!(maya.upload(&photo).await, 503, "unavailable");
    assert_problem!(maya.get(view.body["url"].as_str().unwrap()).await, 503, "unavailable");
    // What is deleted is deleted at once; the store is told when it is back.
    maya.delete(&format!("/media/{}", id_of(&view))).await.expect(204);
    assert_problem!(maya.get(view.body["url"].as_str().unwrap()).await, 403, "not_yours");
    assert_eq!(bucket.names().len(), 2);
    bucket.away(false);
    super::kept::sweep(&app).await;
    assert_eq!(bucket.names(), [""; 0]);
    assert_eq!(app.database.value("SELECT count(*) FROM media").await, json!(0));
}
