//! Pictures: stripped, decoded once, turned if they are to be, and copied small.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, Write};
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use tempfile::tempfile_in;

use super::{Cleaned, Refused, Told, jpeg, png, webp};
use crate::model::media::{PICTURE_MAX, PIXELS_MAX, THUMB_SIDE};
use crate::storage::Format;

/// How good a JPEG is made of 100: a turned picture nearly as it came, a small copy to be small.
const TURNED_QUALITY: u8 = 92;
const THUMB_QUALITY: u8 = 80;
/// The most memory of a decoder: 16 bits of four components for each pixel, and as much again.
const DECODER_MAX: u64 = PIXELS_MAX * 16;

/// A picture without anything else in its file.
pub(super) struct Stripped {
    file: File,
    format: Format,
    told: Told,
    turn: Orientation,
}

impl Stripped {
    /// How many bytes it takes to go on.
    pub fn memory(&self) -> u64 {
        let copies = if self.turn == Orientation::NoTransforms { 1 } else { 2 };
        PICTURE_MAX + self.told.memory * copies
    }
}

/// Copies nothing but the picture.
pub(super) fn strip(mut file: File, format: Format, folder: &Path) -> Result<Stripped, Refused> {
    file.rewind()?;
    let mut from = BufReader::with_capacity(64 * 1_024, file);
    let mut to = BufWriter::new(tempfile_in(folder)?);
    let told = match format {
        Format::Jpeg => jpeg::strip(&mut from, &mut to)?,
        Format::Png => png::strip(&mut from, &mut to)?,
        Format::WebP => webp::strip(&mut from, &mut to)?,
        Format::Mp4 => return Err(Refused::because("a film")),
    };
    let file = to.into_inner().map_err(|error| error.into_error())?;
    let turn =
        told.exif.as_deref().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    Ok(Stripped { file, format, told, turn })
}

/// Makes the small copy, and turns the picture if it is to be.
pub(super) fn finish(stripped: Stripped, folder: &Path) -> Result<Cleaned, Refused> {
    let Stripped { mut file, mut format, told, turn } = stripped;
    file.rewind()?;
    let mut picture = decode(&file, format)?;
    if (picture.width(), picture.height()) != (told.width, told.height) {
        return Err(Refused::because("it is of another size than it says"));
    }
    let mut small = match told.width.max(told.height) {
        0..=THUMB_SIDE => picture.clone(),
        _ => picture.thumbnail(THUMB_SIDE, THUMB_SIDE),
    };
    small.apply_orientation(turn);
    let profile = |space: &[u8; 4]| told.profile.clone().filter(|profile| profile.get(16..20) == Some(space));
    let thumb =
        made(folder, |to| encode_jpeg(to, &on_white(&small).into(), THUMB_QUALITY, profile(b"RGB ")))?;
    if turn != Orientation::NoTransforms {
        picture.apply_orientation(turn);
        let profile = profile(if picture.color().has_color() { b"RGB " } else { b"GRAY" });
        format = match format {
            // There is no coder of the lossy kind; without transparency JPEG does as well.
            Format::WebP if !picture.color().has_alpha() => Format::Jpeg,
            format => format,
        };
        file = made(folder, |to| match format {
            Format::Jpeg => encode_jpeg(to, &picture, TURNED_QUALITY, profile),
            Format::WebP => encode(WebPEncoder::new_lossless(to), &picture, profile),
            Format::Png | Format::Mp4 => encode(PngEncoder::new(to), &picture, profile),
        })?;
    }
    let bytes = file.metadata()?.len();
    let size = Some((picture.width(), picture.height()));
    Ok(Cleaned { format, size, file, bytes, thumb: Some(thumb) })
}

fn decode(file: &File, format: Format) -> Result<DynamicImage, Refused> {
    let format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::WebP | Format::Mp4 => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(BufReader::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_MAX);
    reader.limits(limits);
    Ok(reader.decode()?)
}

/// What is clear is seen on white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let mixed = |colour: u32| ((colour * alpha + 255 * (255 - alpha)) / 255) as u8;
        [red, green, blue].map(mixed).into()
    })
}

/// A file that something is written to.
fn made(
    folder: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Refused>,
) -> Result<File, Refused> {
    let mut to = BufWriter::new(tempfile_in(folder)?);
    write(&mut to)?;
    to.flush()?;
    Ok(to.into_inner().map_err(|error| error.into_error())?)
}

fn encode_jpeg(
    to: &mut BufWriter<File>,
    picture: &DynamicImage,
    quality: u8,
    profile: Option<Vec<u8>>,
) -> Result<(), Refused> {
    encode(JpegEncoder::new_with_quality(to, quality), picture, profile)
}

fn encode(
    mut encoder: impl ImageEncoder,
    picture: &DynamicImage,
    profile: Option<Vec<u8>>,
) -> Result<(), Refused> {
    if let Some(profile) = profile
        && let Err(error) = encoder.set_icc_profile(profile)
    {
        tracing::debug!(%error, "a colour profile is lost");
    }
    Ok(picture.write_with_encoder(encoder)?)
}

impl From<ImageError> for Refused {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::IoError(error) => error.into(),
            ImageError::Limits(_) => Self::TooManyPixels,
            other => Self::because(other.to_string()),
        }
    }
}
