//! What is not taken: other files under a picture's name, what is cut off, what is made to fill memory.

use std::io::{Read, Write};
use std::net::TcpStream;

use image::ImageFormat;
use reqwest::{Body, Method};
use serde_json::json;

use super::fetched;
use crate::support::files::{
    chunk, encoded, film, form, form_type, holds, jpeg, mp4_box, noise, phone_webp, quarters, with_segments,
};
use crate::support::{App, assert_problem};

#[tokio::test]
async fn a_script_named_jpg_is_refused() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    for script in [
        &b"#!/bin/sh\nrm -rf /\n"[..],
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"%PDF-1.7 and so on",
        b"MZ\x90\0",
        b"",
        b"\xFF\xD8\xFF",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ",
    ] {
        assert_problem!(maya.upload(script).await, 415, "media_unsupported");
    }
    // It counts what a file is, and not what is said of it.
    let picture = jpeg(&quarters(64, 64), 90);
    let answer = maya.upload_form(form(&[("file", "script.html", "text/html", &picture)])).await.expect(201);
    let kept = fetched(&maya, &answer.body, "url").await;
    assert_eq!(kept.header("content-type"), Some("image/jpeg"));
    assert_eq!(kept.header("x-content-type-options"), Some("nosniff"));
    assert!(kept.header("content-disposition").unwrap().ends_with(".jpeg\""), "{:?}", kept.headers);
    assert_eq!(app.database.value("SELECT count(*) FROM media").await, json!(1));
}

#[tokio::test]
async fn what_is_two_things_at_once_is_left_as_one() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let script = b"<script>alert(document.domain)</script>";
    let plain = jpeg(&quarters(64, 64), 90);
    let hidden = with_segments(&plain, &[(0xFE, script.to_vec()), (0xEC, script.to_vec())]);
    for file in [[&plain[..], script].concat(), [&hidden[..], b"PK\x03\x04", script].concat()] {
        let view = maya.upload(&file).await.expect(201).body;
        assert_eq!(fetched(&maya, &view, "url").await.bytes, plain);
    }
    let png = encoded(&quarters(64, 64), ImageFormat::Png);
    let view = maya.upload(&[&png[..], script].concat()).await.expect(201).body;
    assert_eq!(fetched(&maya, &view, "url").await.bytes, png);
    let mut film = film(10);
    film.extend(mp4_box(b"html", script));
    let view = maya.upload(&film).await.expect(201).body;
    assert!(!holds(&fetched(&maya, &view, "url").await.bytes, script));
}

#[tokio::test]
async fn what_is_cut_off_is_refused() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let picture = noise(64, 64);
    for whole in [
        jpeg(&picture, 90),
        encoded(&picture, ImageFormat::Png),
        encoded(&picture, ImageFormat::WebP),
        phone_webp(&picture, 1),
        film(1_000),
    ] {
        maya.upload(&whole).await.expect(201);
        for end in [whole.len() / 10, whole.len() / 2, whole.len() - 10, whole.len() - 1] {
            assert_problem!(maya.upload(&whole[..end]).await, 415, "media_unsupported");
        }
    }
}

/// A PNG of this size in which nothing is said of any pixel.
fn empty_png(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"IDAT", b"\x78\x9C\x03\0\0\0\0\x01"),
        chunk(b"IEND", b""),
    ]
    .concat()
}

#[tokio::test]
async fn what_would_fill_memory_is_refused_before_it_is_decoded() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    // As JPEG, PNG and WebP say it.
    let mut large_jpeg = jpeg(&quarters(64, 64), 90);
    let frame = large_jpeg.windows(2).position(|at| at == [0xFF, 0xC0]).unwrap();
    large_jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    let mut large_webp = encoded(&quarters(64, 64), ImageFormat::WebP);
    large_webp[21..25].copy_from_slice(&[0xFF; 4]);
    for file in [
        large_jpeg,
        large_webp,
        empty_png(7_072, 7_072),
        empty_png(70_000, 10),
        empty_png(u32::MAX, u32::MAX),
        empty_png(1, u32::MAX),
    ] {
        assert_problem!(maya.upload(&file).await, 413, "too_large");
    }
    // A size that is taken, with nothing behind it; and none at all.
    assert_problem!(maya.upload(&empty_png(7_000, 7_000)).await, 415, "media_unsupported");
    assert_problem!(maya.upload(&empty_png(0, 7_000)).await, 415, "media_unsupported");
}

#[tokio::test]
async fn films_that_are_not_put_together_as_films_are_refused() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let head = mp4_box(b"ftyp", b"isom\0\0\x02\0isom");
    let deep = (0..30_000).fold(Vec::new(), |mut boxes: Vec<u8>, _| {
        boxes.extend(mp4_box(b"free", b""));
        boxes
    });
    let mut longer = film(10);
    let moov = longer.windows(4).position(|at| at == b"moov").unwrap();
    longer[moov - 4] = 0x7F;
    for film in [
        head.clone(),
        [&head[..], &mp4_box(b"moov", b"")].concat(),
        [&head[..], &mp4_box(b"mdat", b"data")].concat(),
        [&head[..], &mp4_box(b"moov", &deep), &mp4_box(b"mdat", b"data")].concat(),
        [&head[..], &mp4_box(b"moov", b"\0\0\0\x01trak\0\0\0\0\0\0\0\0"), &mp4_box(b"mdat", b"data")]
            .concat(),
        [&head[..], &mp4_box(b"moov", b"\0\0\0\x04trak"), &mp4_box(b"mdat", b"data")].concat(),
        longer,
    ] {
        assert_problem!(maya.upload(&film).await, 415, "media_unsupported");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_its_end() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    // Announced, and nothing of it sent.
    let head = "POST /media HTTP/1.1\r\nHost: proxie\r\n";
    let token = maya.token.clone().unwrap();
    let announced = format!(
        "{head}Authorization: Bearer {token}\r\nContent-Type: {}\r\nContent-Length: 110000000\r\n\r\n",
        form_type()
    );
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).expect("a connection");
    stream.write_all(announced.as_bytes()).expect("a call without its body");
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).expect("an answer");
    assert_eq!(&begin, b"HTTP/1.1 413");

    // A picture that has no end.
    let begin = form(&[("file", "photo.jpg", "image/jpeg", &jpeg(&quarters(64, 64), 90))]);
    let begin = begin[..begin.len() - 40].to_vec();
    let endless =
        futures::stream::iter(std::iter::once(begin).chain(std::iter::repeat_with(|| vec![0; 64 * 1_024])));
    let body = Body::wrap_stream(futures::StreamExt::map(endless, Ok::<_, std::io::Error>));
    let call = maya.call(Method::POST, "/media").header("content-type", form_type()).body(body);
    // Whether its caller hears the answer or only that nobody listens any more: it is over.
    if let Ok(answer) = maya.try_send(call).await {
        assert_problem!(answer, 413, "too_large");
    }
    let mut large = jpeg(&quarters(64, 64), 90);
    large.resize(20 * 1_024 * 1_024 + 1, 0);
    assert_problem!(maya.upload(&large).await, 413, "too_large");
    assert_eq!(app.database.value("SELECT count(*) FROM media").await, json!(0));
}

#[tokio::test]
async fn a_form_that_is_none_is_told_what_is_wrong() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let picture = jpeg(&quarters(64, 64), 90);
    let file = ("file", "photo.jpg", "image/jpeg", &picture[..]);
    assert_problem!(maya.post("/media", json!({"file": "photo"})).await, 415, "media_unsupported");
    let send = async |kind: &str, body: Vec<u8>| {
        maya.send(maya.call(Method::POST, "/media").header("content-type", kind).body(body)).await
    };
    assert_problem!(send("multipart/mixed; boundary=x", form(&[file])).await, 415, "media_unsupported");
    assert_problem!(send("image/jpeg", picture.clone()).await, 415, "media_unsupported");
    assert_problem!(send("multipart/form-data", form(&[file])).await, 422, "invalid", ["/body"]);
    assert_problem!(
        send("multipart/form-data; boundary=other", form(&[file])).await,
        422,
        "invalid",
        ["/body"]
    );
    let whole = form(&[file]);
    assert_problem!(send(&form_type(), whole[..whole.len() - 30].to_vec()).await, 422, "invalid", ["/body"]);

    assert_problem!(maya.upload_form(form(&[])).await, 422, "invalid", ["/body/file"]);
    let other = ("caption", "caption.txt", "text/plain", &b"hello"[..]);
    let answer = maya.upload_form(form(&[other])).await;
    assert_problem!(answer, 422, "invalid", ["/body/caption", "/body/file"]);
    assert_problem!(maya.upload_form(form(&[file, other])).await, 422, "invalid", ["/body/caption"]);
    assert_problem!(maya.upload_form(form(&[file, file])).await, 422, "invalid", ["/body/file"]);
    let long = vec![b'x'; 100_000];
    let answer = maya.upload_form(form(&[("notes", "notes.txt", "text/plain", &long), file])).await;
    assert_problem!(answer, 413, "too_large");
    assert_eq!(app.database.value("SELECT count(*) FROM media").await, json!(0));
}
