//! Large uploads, many at once: memory stays as it was.

use futures::future::join_all;

use super::id_of;
use crate::support::files::{film, jpeg, noise};
use crate::support::{App, Process, assert_problem};

const MB: usize = 1_000 * 1_000;

#[tokio::test]
async fn twenty_uploads_of_20_mb_at_once_take_no_memory() {
    let app = App::builder().workers(0).start().await;
    // A process of its own, whose memory is nobody else's.
    let (process, anybody) = Process::api(&app, &[]).await;
    let maya = anybody.with_token(app.consumer("maya").token.as_deref().expect("a token"));
    // What is made once at the first call is there already.
    maya.upload(&jpeg(&noise(64, 64), 90)).await.expect(201);

    let (before, _) = process.memory();
    let film = film(20 * MB - 3_000);
    for answer in join_all((0..20).map(|_| maya.upload(&film))).await {
        answer.expect(201);
    }
    let (after, most) = process.memory();
    println!(
        "figure: media: 20 films of {:.1} MB at once: {before} MiB before, {most} MiB at most, {after} MiB after",
        film.len() as f64 / MB as f64
    );
    assert!(most < before + 80, "{before} MiB before, {most} MiB at most");

    // Pictures are decoded for their small copies, two or so at a time.
    let photo = jpeg(&noise(3_500, 2_600), 93);
    assert!((15 * MB..21 * MB).contains(&photo.len()), "{}", photo.len());
    let answers = join_all((0..20).map(|_| maya.upload(&photo))).await;
    let (after, most) = process.memory();
    println!(
        "figure: media: 20 photos of {:.1} MB and 9 megapixels at once: {most} MiB at most, {after} MiB after",
        photo.len() as f64 / MB as f64
    );
    assert!(most < before + 320, "{before} MiB before, {most} MiB at most");
    for answer in answers {
        assert_eq!(answer.body["width"], 3_500, "{answer:?}");
    }

    // And out again: as slowly as the reader likes.
    let view = maya.upload(&film).await.expect(201);
    let path = view.body["url"].as_str().expect("a link");
    let (before, _) = process.memory();
    let reads = (0..20).map(|_| async {
        let mut response = maya.call(reqwest::Method::GET, path).send().await.expect("an answer");
        let mut bytes = 0;
        while let Some(part) = response.chunk().await.expect("a whole file") {
            bytes += part.len();
        }
        bytes
    });
    assert_eq!(join_all(reads).await, vec![film.len(); 20]);
    let (after, _) = process.memory();
    println!("figure: media: 20 reads of it at once: {before} MiB before, {after} MiB after");
    assert!(after < before + 80, "{before} MiB before, {after} MiB after");
    maya.delete(&format!("/media/{}", id_of(&view))).await.expect(204);
    assert_problem!(maya.get(path).await, 403, "not_yours");
}
