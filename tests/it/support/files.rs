//! Files that people send: real pictures and films, with what cameras write into them, and forms that carry them.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// What must not be found in anything that comes back.
pub const PLACE: &str = "40.689247-74.044502";

/// A picture whose quarters are red, green, blue and white, in reading order.
pub fn quarters(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([220, 20, 20]),
        (false, true) => Rgb([20, 220, 20]),
        (true, false) => Rgb([20, 20, 220]),
        (false, false) => Rgb([240, 240, 240]),
    })
    .into()
}

/// A picture like snow on a screen, which cannot be made small.
pub fn noise(width: u32, height: u32) -> DynamicImage {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    RgbImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Rgb([state as u8, (state >> 8) as u8, (state >> 16) as u8])
    })
    .into()
}

/// A picture as a file.
pub fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("a file");
    file.into_inner()
}

/// A JPEG of this quality.
pub fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality)).expect("a JPEG");
    file
}

/// EXIF as a phone writes it (TIFF, little-endian): how it was held, which phone, and where.
pub fn exif(orientation: u16) -> Vec<u8> {
    let text = format!("Phone at {PLACE}\0");
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let after = |entries: u32, begin: u32| begin + 2 + entries * 12 + 4;
    // Three entries, the text of one, then the GPS directory with the latitude in it.
    let text_at = after(3, 8);
    let gps_at = text_at + text.len() as u32;
    let degrees_at = after(2, gps_at);
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(3_u16.to_le_bytes());
    tiff.extend(entry(0x010F, 2, text.len() as u32, text_at));
    tiff.extend(entry(0x0112, 3, 1, orientation.into()));
    tiff.extend(entry(0x8825, 4, 1, gps_at));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(text.as_bytes());
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(1, 2, 2, u32::from(b'N')));
    tiff.extend(entry(2, 5, 3, degrees_at));
    tiff.extend(0_u32.to_le_bytes());
    for (number, of) in [(40_u32, 1_u32), (41, 1), (2_129, 100)] {
        tiff.extend(number.to_le_bytes());
        tiff.extend(of.to_le_bytes());
    }
    tiff
}

/// XMP that says where.
pub fn xmp() -> Vec<u8> {
    format!("<x:xmpmeta><exif:GPSLatitude>{PLACE}</exif:GPSLatitude></x:xmpmeta>").into_bytes()
}

/// A JPEG with segments behind its beginning: marker and what they hold.
pub fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let segment = |(marker, held): &(u8, Vec<u8>)| {
        let length = (held.len() as u16 + 2).to_be_bytes();
        [&[0xFF, *marker][..], &length, held].concat()
    };
    let segments: Vec<u8> = segments.iter().flat_map(segment).collect();
    [&jpeg[..2], &segments, &jpeg[2..]].concat()
}

/// A JPEG as a phone makes it: with EXIF, XMP, IPTC, a comment, and something behind its end.
pub fn phone_jpeg(picture: &DynamicImage, orientation: u16) -> Vec<u8> {
    let named = |name: &[u8], held: Vec<u8>| [name, &held].concat();
    let segments = [
        (0xE1, named(b"Exif\0\0", exif(orientation))),
        (0xE1, named(b"http://ns.adobe.com/xap/1.0/\0", xmp())),
        (0xED, named(b"Photoshop 3.0\08BIM", PLACE.into())),
        (0xE5, PLACE.into()),
        (0xFE, format!("taken at {PLACE}").into_bytes()),
    ];
    let mut file = with_segments(&jpeg(picture, 95), &segments);
    file.extend(format!("a film that begins here, at {PLACE}").into_bytes());
    file
}

/// A chunk of PNG.
pub fn chunk(name: &[u8; 4], held: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(held);
    [&(held.len() as u32).to_be_bytes()[..], name, held, &crc.sum().to_be_bytes()].concat()
}

/// A PNG with chunks behind its header.
pub fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// A WebP with EXIF and XMP behind the picture.
pub fn phone_webp(picture: &DynamicImage, orientation: u16) -> Vec<u8> {
    let simple = encoded(picture, ImageFormat::WebP);
    let part = |name: &[u8; 4], held: &[u8]| {
        let pad: &[u8] = if held.len().is_multiple_of(2) { &[] } else { &[0] };
        [name, &(held.len() as u32).to_le_bytes()[..], held, pad].concat()
    };
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let canvas = [vec![0x0C, 0, 0, 0], side(picture.width()), side(picture.height())].concat();
    let held = [
        b"WEBP".to_vec(),
        part(b"VP8X", &canvas),
        simple[12..].to_vec(),
        part(b"EXIF", &exif(orientation)),
        part(b"XMP ", &xmp()),
    ];
    part(b"RIFF", &held.concat())
}

/// A box of MP4.
pub fn mp4_box(name: &[u8; 4], held: &[u8]) -> Vec<u8> {
    [&(held.len() as u32 + 8).to_be_bytes()[..], name, held].concat()
}

/// The samples of a film's picture.
pub const FILMED: &[u8] = b"what the camera has seen";

/// A film as a phone makes it: it says in each way that there is where it was made, and a track of text says so too.
/// `more` bytes of picture make it large.
pub fn film(more: usize) -> Vec<u8> {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let place = PLACE.as_bytes();
    let head = mp4_box(b"ftyp", b"isom\0\0\x02\0isomiso2mp41");
    let seen = [FILMED, &vec![0x5A; more]].concat();
    let begin = head.len() as u32 + 8;
    // The last are no samples of any track: some cameras write down so where they are.
    let data = mp4_box(b"mdat", &[&seen, place, b"freeGPS ", place].concat());

    let track = |id: u32, kind: &[u8; 4], offset: u32, size: u32| {
        // 1904 and 122 years, in seconds.
        let mut header = words(&[7, 3_849_984_000, 3_849_984_000, id, 0, 1_000, 0, 0, 0, 0]);
        header.extend(words(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000, 640 << 16, 360 << 16]));
        let handler = [&[0; 8][..], kind, &[0; 12], b"Phone of Maya\0"].concat();
        let table = [
            mp4_box(b"stsd", &words(&[0, 0])),
            mp4_box(b"stts", &words(&[0, 1, 1, 1_000])),
            mp4_box(b"stsc", &words(&[0, 1, 1, 1, 1])),
            mp4_box(b"stsz", &words(&[0, 0, 1, size])),
            mp4_box(b"stco", &words(&[0, 1, offset])),
            mp4_box(b"uuid", place),
        ];
        let media = [
            mp4_box(b"mdhd", &words(&[0, 3_849_984_000, 3_849_984_000, 1_000, 1_000, 0])),
            mp4_box(b"hdlr", &handler),
            mp4_box(b"minf", &[mp4_box(b"vmhd", &[0; 12]), mp4_box(b"stbl", &table.concat())].concat()),
        ];
        let held = [
            mp4_box(b"tkhd", &header),
            mp4_box(b"mdia", &media.concat()),
            mp4_box(b"udta", &mp4_box(b"name", place)),
        ];
        mp4_box(b"trak", &held.concat())
    };
    let movie = [
        mp4_box(b"mvhd", &[words(&[0, 3_849_984_000, 3_849_984_000, 1_000, 1_000]), vec![0; 80]].concat()),
        track(1, b"vide", begin, seen.len() as u32),
        track(2, b"sbtl", begin + seen.len() as u32, place.len() as u32),
        mp4_box(b"udta", &mp4_box(b"\xA9xyz", &[&[0, 0x13, 0x15, 0xC7], place].concat())),
        mp4_box(b"meta", &[&[0; 4], place].concat()),
    ];
    let xmp = mp4_box(b"uuid", &[&[0xBE; 16][..], &xmp()].concat());
    [head, data, mp4_box(b"moov", &movie.concat()), xmp, mp4_box(b"free", place)].concat()
}

/// Whether bytes are somewhere in a file.
pub fn holds(file: &[u8], bytes: impl AsRef<[u8]>) -> bool {
    let bytes = bytes.as_ref();
    file.windows(bytes.len()).any(|window| window == bytes)
}

/// A form's boundary.
const BOUNDARY: &str = "a-boundary-between-fields";

/// The content type of [`form`].
pub fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// A form with files: the field's name, the file's name and type, and what it holds.
pub fn form(fields: &[(&str, &str, &str, &[u8])]) -> Vec<u8> {
    let mut form = Vec::new();
    for (field, name, kind, held) in fields {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: {kind}\r\n\r\n"
        );
        form.extend(head.into_bytes());
        form.extend(*held);
        form.extend(b"\r\n");
    }
    form.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    form
}
