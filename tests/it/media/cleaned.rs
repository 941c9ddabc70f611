//! What comes back of a file is the picture or the film, and nothing else.

use image::{DynamicImage, ImageFormat, Rgb};
use serde_json::{Value, json};

use super::fetched;
use crate::support::App;
use crate::support::files::{
    FILMED, PLACE, chunk, encoded, exif, film, holds, jpeg, phone_jpeg, phone_webp, quarters, with_chunks,
    with_segments, xmp,
};

/// Asserts that nothing in a file says where it was made.
#[track_caller]
fn assert_no_place(file: &[u8]) {
    for told in [PLACE, "Exif\0\0II", "GPSLatitude", "xmpmeta", "8BIM", "Phone"] {
        assert!(!holds(file, told), "a file of {} bytes still tells {told:?}", file.len());
    }
}

/// The colours in the middle of the four quarters, in reading order, as names.
fn colours(picture: &DynamicImage) -> String {
    let picture = picture.to_rgb8();
    let (w, h) = picture.dimensions();
    let spots = [(w / 4, h / 4), (w * 3 / 4, h / 4), (w / 4, h * 3 / 4), (w * 3 / 4, h * 3 / 4)];
    let name = |Rgb([r, g, b]): &Rgb<u8>| match (*r > 128, *g > 128, *b > 128) {
        (true, false, false) => 'r',
        (false, true, false) => 'g',
        (false, false, true) => 'b',
        _ => 'w',
    };
    spots.iter().map(|(x, y)| name(picture.get_pixel(*x, *y))).collect()
}

async fn both(app: &App, file: &[u8]) -> (Value, Vec<u8>, DynamicImage) {
    let maya = app.consumer("maya");
    let view = maya.upload(file).await.expect(201).body;
    let original = fetched(&maya, &view, "url").await;
    assert_eq!(original.header("content-type"), view["mime"].as_str());
    let thumb = fetched(&maya, &view, "thumb_url").await;
    assert_eq!(thumb.header("content-type"), Some("image/jpeg"));
    assert_no_place(&original.bytes);
    assert_no_place(&thumb.bytes);
    let small = image::load_from_memory_with_format(&thumb.bytes, ImageFormat::Jpeg).expect("a JPEG");
    assert!(small.width().max(small.height()) <= 400, "{small:?}");
    (view, original.bytes, small)
}

#[tokio::test]
async fn a_photo_with_gps_data_comes_back_without() {
    let app = App::builder().workers(0).start().await;
    let picture = quarters(640, 480);
    let (view, original, small) = both(&app, &phone_jpeg(&picture, 1)).await;
    assert_eq!(
        (&view["mime"], &view["width"], &view["height"]),
        (&json!("image/jpeg"), &json!(640), &json!(480))
    );
    // The picture is as it came, byte for byte: only what is not picture was left out.
    assert_eq!(original, jpeg(&picture, 95));
    assert_eq!((small.width(), small.height(), colours(&small).as_str()), (400, 300, "rgbw"));
}

#[tokio::test]
async fn a_photo_comes_back_as_the_phone_was_held() {
    let app = App::builder().workers(0).start().await;
    // How the quarters stand once each orientation of EXIF is applied (CIPA DC-008 §4.6.5).
    for (orientation, seen) in
        [(2, "grwb"), (3, "wbgr"), (4, "bwrg"), (5, "rbgw"), (6, "brwg"), (7, "wgbr"), (8, "gwrb")]
    {
        let (view, original, small) = both(&app, &phone_jpeg(&quarters(320, 200), orientation)).await;
        let turned = image::load_from_memory(&original).expect("a picture");
        let sides = if orientation < 5 { (320, 200) } else { (200, 320) };
        assert_eq!((turned.width(), turned.height()), sides, "{orientation}");
        assert_eq!((&view["width"], &view["height"]), (&json!(sides.0), &json!(sides.1)), "{orientation}");
        assert_eq!((colours(&turned).as_str(), colours(&small).as_str()), (seen, seen), "{orientation}");
    }
}

#[tokio::test]
async fn png_and_webp_come_back_without_where_they_were_taken_and_turned() {
    let app = App::builder().workers(0).start().await;
    let picture = quarters(300, 200);
    let plain = encoded(&picture, ImageFormat::Png);
    let said = |orientation| {
        [
            chunk(b"eXIf", &exif(orientation)),
            chunk(b"tEXt", format!("Location\0{PLACE}").as_bytes()),
            chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", &xmp()[..]].concat()),
            chunk(b"prVt", PLACE.as_bytes()),
            chunk(b"gAMA", &45_455_u32.to_be_bytes()),
        ]
    };
    let (view, original, _) = both(&app, &[with_chunks(&plain, &said(1)), PLACE.into()].concat()).await;
    assert_eq!((&view["mime"], &view["width"]), (&json!("image/png"), &json!(300)));
    assert_eq!(original, with_chunks(&plain, &said(1)[4..]), "the picture and how it is coloured");

    let (view, original, small) = both(&app, &with_chunks(&plain, &said(6))).await;
    assert_eq!(
        (&view["mime"], &view["width"], &view["height"]),
        (&json!("image/png"), &json!(200), &json!(300))
    );
    assert_eq!(
        (colours(&image::load_from_memory(&original).unwrap()).as_str(), colours(&small).as_str()),
        ("brwg", "brwg")
    );

    let (view, original, small) = both(&app, &phone_webp(&picture, 1)).await;
    assert_eq!((&view["mime"], &view["width"]), (&json!("image/webp"), &json!(300)));
    let kept = image::load_from_memory_with_format(&original, ImageFormat::WebP).expect("a WebP");
    assert_eq!((kept.to_rgb8(), colours(&small).as_str()), (picture.to_rgb8(), "rgbw"), "without loss");

    let (view, original, small) = both(&app, &phone_webp(&picture, 8)).await;
    assert_eq!((&view["width"], &view["height"]), (&json!(200), &json!(300)));
    let turned = image::load_from_memory(&original).expect("a picture");
    assert_eq!((colours(&turned).as_str(), colours(&small).as_str()), ("gwrb", "gwrb"));
}

#[tokio::test]
async fn colours_stay_as_they_are() {
    let app = App::builder().workers(0).start().await;
    let mut profile = vec![0; 600];
    profile[..4].copy_from_slice(&600_u32.to_be_bytes());
    profile[16..20].copy_from_slice(b"RGB ");
    profile[36..40].copy_from_slice(b"acsp");
    let part = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
    let plain = jpeg(&quarters(320, 200), 95);
    let file = with_segments(&plain, &[(0xE1, [b"Exif\0\0", &exif(1)[..]].concat()), (0xE2, part)]);
    let (_, original, _) = both(&app, &file).await;
    assert!(holds(&original, &profile));
    // What calls itself a profile and is none goes.
    let other = [b"ICC_PROFILE\0\x01\x01", PLACE.as_bytes()].concat();
    let (_, original, _) = both(&app, &with_segments(&plain, &[(0xE2, other)])).await;
    assert_eq!(original, plain);
}

#[tokio::test]
async fn a_film_keeps_picture_and_sound_and_nothing_else() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let sent = film(100_000);
    assert!(sent.windows(PLACE.len()).filter(|at| *at == PLACE.as_bytes()).count() >= 9);
    let view = maya.upload(&sent).await.expect(201).body;
    assert_eq!((&view["mime"], &view["thumb_url"]), (&json!("video/mp4"), &Value::Null));
    assert_eq!((&view["width"], &view["height"]), (&json!(640), &json!(360)));
    let kept = fetched(&maya, &view, "url").await;
    assert_eq!(kept.header("content-type"), Some("video/mp4"));
    assert_no_place(&kept.bytes);
    assert!(!holds(&kept.bytes, "sbtl") && !holds(&kept.bytes, 3_849_984_000_u32.to_be_bytes()));
    // Nothing has moved.
    assert_eq!(kept.bytes.len(), sent.len());
    let at = sent.windows(FILMED.len()).position(|at| at == FILMED).unwrap();
    assert_eq!(kept.bytes[at..at + FILMED.len() + 100_000], sent[at..at + FILMED.len() + 100_000]);
    let stco = |file: &[u8]| file.windows(4).position(|at| at == b"stco");
    assert_eq!(stco(&kept.bytes), stco(&sent));
}
