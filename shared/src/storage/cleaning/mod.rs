//! Nothing is kept of a file but the picture or the film itself: no place, no time, no device, no text, nothing behind its
//! end.
//!
//! Pictures keep their quality: what is not picture is left out, and the rest copied as it is. Only a picture that its
//! metadata says is to be turned is decoded, turned and encoded anew. Of each a small copy is made, which proves that it can
//! be decoded. A colour profile of moderate size stays, as colours would be others without it. Films keep every byte of
//! sound and picture in its place: what is neither is overwritten with zeros.

mod bench;
mod films;
mod jpeg;
mod pictures;
mod png;
mod webp;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use bench::Bench;
use tokio::sync::Semaphore;

use super::{Format, Spooled};
use crate::error::{Code, Error, Result};
use crate::model::media::PIXELS_MAX;

/// How much memory pictures may take that are decoded at once, in MiB. One that takes more is decoded alone.
const MEMORY: u32 = 256;
/// How many files are cleaned at once at most, however many cores there are.
const AT_ONCE: u32 = 4;
/// The longest side of a picture, in pixels: all that JPEG can say.
const SIDE_MAX: u32 = 65_535;
/// The largest colour profile that is kept.
const PROFILE_MAX: usize = 64 * 1_024;

/// A file with nothing in it but picture or film.
pub struct Cleaned {
    /// What it is now.
    pub format: Format,
    /// In pixels, as it is seen; of a film, if it says so.
    pub size: Option<(u32, u32)>,
    /// All of it.
    pub file: File,
    /// How long it is.
    pub bytes: u64,
    /// A small JPEG of a picture.
    pub thumb: Option<File>,
}

/// Cleans files, off the threads that answer calls, not too many at once.
pub struct Cleaner {
    memory: Arc<Semaphore>,
    /// What is counted for a file that takes less: so no more come at once than there are threads.
    least: u32,
    bench: Bench,
    folder: Box<Path>,
}

impl Cleaner {
    /// Keeps what it makes in files of a folder that have no name.
    ///
    /// # Errors
    /// When the system has no more threads.
    pub fn new(folder: &Path) -> Result<Self> {
        let threads = available_parallelism().map_or(1, |cores| cores.get() as u32).min(AT_ONCE);
        Ok(Self {
            memory: Arc::new(Semaphore::new(MEMORY as usize)),
            least: MEMORY.div_ceil(threads),
            bench: Bench::new(threads)?,
            folder: folder.into(),
        })
    }

    /// Cleans a file.
    ///
    /// # Errors
    /// `media_unsupported` when it is not what it seems or is cut off; `too_large` when a picture has too many pixels;
    /// when the disk is full or away.
    pub async fn clean(&self, spooled: Spooled) -> Result<Cleaned> {
        let Spooled { file, format, .. } = spooled;
        if format == Format::Mp4 {
            return self.run(self.least, move || films::clean(file)).await;
        }
        let folder = self.folder.clone();
        let stripped = self.run(self.least, move || pictures::strip(file, format, &folder)).await?;
        let memory = stripped.memory().div_ceil(1_024 * 1_024).try_into().unwrap_or(MEMORY);
        let folder = self.folder.clone();
        self.run(memory.clamp(self.least, MEMORY), move || pictures::finish(stripped, &folder)).await
    }

    /// Works on one of the threads, once there is so much memory.
    async fn run<T: Send + 'static>(
        &self,
        memory: u32,
        work: impl FnOnce() -> Result<T, Refused> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.memory).acquire_many_owned(memory).await;
        let place = place.map_err(|closed| Error::new(Code::Internal).because(closed))?;
        self.bench
            .run(move || {
                // Until the end, also when nobody waits for it.
                let _place = place;
                work()
            })
            .await
    }
}

/// Why a file is not taken.
#[derive(Debug)]
enum Refused {
    /// It is not what its beginning says, or only in part; why, for the log.
    Unsupported(String),
    /// It has more pixels than are taken.
    TooManyPixels,
    /// The disk is full or away.
    Io(io::Error),
}

impl Refused {
    fn because(why: impl Into<String>) -> Self {
        Self::Unsupported(why.into())
    }
}

impl From<io::Error> for Refused {
    /// What ends too early is the file's own fault.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::because("it is cut off"),
            _ => Self::Io(error),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unsupported(why) => Self::new(Code::MediaUnsupported)
                .detail(
                    "This file cannot be read to its end as what it seems to be. Send it again, or another.",
                )
                .because(why),
            Refused::TooManyPixels => Self::new(Code::TooLarge)
                .detail("A picture may have up to 50 megapixels. Send a smaller one."),
            Refused::Io(error) => error.into(),
        }
    }
}

/// Whether a picture of this size is taken.
fn check_size(width: u32, height: u32) -> Result<(), Refused> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Refused::because("it has no pixels")),
        pixels if pixels > PIXELS_MAX || width.max(height) > SIDE_MAX => Err(Refused::TooManyPixels),
        _ => Ok(()),
    }
}

/// Copies so many bytes.
fn copy_exactly(from: &mut impl Read, to: &mut impl Write, bytes: u64) -> Result<(), Refused> {
    match io::copy(&mut from.take(bytes), to)? {
        copied if copied == bytes => Ok(()),
        _ => Err(Refused::because("it is cut off")),
    }
}

/// What a picture's container says of it.
#[derive(Debug, Default)]
struct Told {
    width: u32,
    height: u32,
    /// Bytes that it takes to decode it.
    memory: u64,
    /// TIFF with the orientation in it, and with where it was taken.
    exif: Option<Vec<u8>>,
    /// The colour profile, if it is kept (ICC.1).
    profile: Option<Vec<u8>>,
}
