//! What arrives: written to a file that has no name, so that nothing is left of it when the process dies.

use std::fs::File;
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::Format;
use crate::error::{Code, Error, Result};

/// A file that arrives. What is no picture and no film is refused with its first bytes, what is too large with the first
/// byte too many.
pub struct Spool {
    file: tokio::fs::File,
    head: Vec<u8>,
    format: Option<Format>,
    bytes: u64,
    digest: Sha256,
}

/// A file that has arrived.
pub struct Spooled {
    pub(super) file: File,
    pub(super) format: Format,
    /// SHA-256 of all of it.
    pub digest: Vec<u8>,
}

impl Spool {
    /// An empty file in a folder.
    ///
    /// # Errors
    /// When the disk is full or away.
    pub fn new(folder: &Path) -> Result<Self> {
        let file = tokio::fs::File::from_std(tempfile::tempfile_in(folder)?);
        Ok(Self { file, head: Vec::new(), format: None, bytes: 0, digest: Sha256::new() })
    }

    /// What it is, once its first bytes are there.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// Takes in what comes next.
    ///
    /// # Errors
    /// `media_unsupported`, `too_large`; when the disk is full or away.
    pub async fn write(&mut self, part: &[u8]) -> Result<()> {
        if self.format.is_none() {
            let wanted = Format::TELLING - self.head.len();
            self.head.extend(part.iter().take(wanted));
            if self.head.len() == Format::TELLING {
                self.format = Some(Format::of(&self.head).ok_or_else(unsupported)?);
            }
        }
        self.bytes += part.len() as u64;
        if self.format.is_some_and(|format| self.bytes > format.most()) {
            return Err(too_large());
        }
        self.digest.update(part);
        Ok(self.file.write_all(part).await?)
    }

    /// All has arrived.
    ///
    /// # Errors
    /// `media_unsupported` when that is too little to be anything; when the disk is full or away.
    pub async fn end(mut self) -> Result<Spooled> {
        let format = self.format.ok_or_else(unsupported)?;
        self.file.flush().await?;
        Ok(Spooled { file: self.file.into_std().await, format, digest: self.digest.finalize().to_vec() })
    }
}

/// What is taken, said to who sent something else.
fn unsupported() -> Error {
    Error::new(Code::MediaUnsupported).detail(
        "Send a picture (JPEG, PNG, WebP) or a film (MP4). What a file is counts, not what it is called.",
    )
}

fn too_large() -> Error {
    Error::new(Code::TooLarge)
        .detail("A picture may have up to 20 MB, a film up to 100 MB. Send a smaller one.")
}
