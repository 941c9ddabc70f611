//! Large uploads, many at once: memory stays as it was.

use std::io::Write;
use std::net::TcpStream;

use futures::future::join_all;
use proxie_shared::domain::media::UPLOADS;

use super::id_of;
use crate::support::files::{film, form, form_type, jpeg, noise, quarters};
use crate::support::{App, Process, assert_problem, eventually};

const MB: usize = 1_000 * 1_000;

#[tokio::test]
async fn twenty_uploads_of_20_mb_at_once_take_no_memory() {
    let app = App::builder().workers(0).start().await;
    // A process of its own, whose memory is nobody else's. How long it takes is not asked here: a program that is not optimized
    // reads 400 MB and decodes pictures on every core, beside other tests.
    let (process, anybody) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn when_too_many_upload_at_once_one_more_is_told_to_wait() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let picture = jpeg(&quarters(64, 64), 90);
    maya.upload(&picture).await.expect(201);
    let body = form(&[("file", "photo.jpg", "image/jpeg", &picture)]);
    let head = format!(
        "POST /media HTTP/1.1\r\nHost: proxie\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
        maya.token.as_deref().expect("a token"),
        form_type(),
        body.len()
    );
    let half = [head.as_bytes(), &body[..body.len() / 2]].concat();
    let slow: Vec<_> = (0..UPLOADS)
        .map(|_| {
            let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).expect("a connection");
            stream.write_all(&half).expect("half of a call");
            stream
        })
        .collect();
    let mut refused = None;
    eventually("all places are taken", async || {
        let answer = maya.upload(&picture).await;
        let is_refused = answer.status != 201;
        refused = Some(answer);
        is_refused
    })
    .await;
    let refused = refused.expect("an answer");
    assert_problem!(refused, 503, "unavailable");
    assert_eq!(refused.headers["retry-after"], "2");
    // A place is free as soon as one of them is gone.
    drop(slow);
    eventually("there is a place again", async || maya.upload(&picture).await.status == 201).await;
}
