//! A file of lines, read by chunks that never take more than so much memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use tokio::sync::mpsc;

use crate::http::BODY_MAX;

/// How many lines go on together.
const LINES: usize = 500;
/// How many bytes of them at most, but for the last line.
const BYTES: usize = 4 * 1_024 * 1_024;
/// How many chunks wait to be taken.
const AHEAD: usize = 2;
/// How much is read at once.
const BUFFER: usize = 256 * 1_024;
/// What some programs write before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A line that is not empty.
pub struct Line {
    /// Its number, from one.
    pub number: u64,
    /// What stands there; nothing if it is longer than a body of a call may be.
    pub text: Option<Vec<u8>>,
}

/// Lines that go on together.
#[derive(Default)]
pub struct Chunk {
    /// Which.
    pub lines: Vec<Line>,
    /// The bytes of the file that they took, with those that were skipped.
    pub bytes: u64,
}

/// A file, or what comes in.
pub struct Source {
    reader: Box<dyn Read + Send>,
    /// How long it is, if that is known.
    pub length: Option<u64>,
}

impl Source {
    /// The file at a path; `-` is what comes in.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self { reader: Box::new(io::stdin()), length: None });
        }
        let file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Self { reader: Box::new(file), length: about.is_file().then_some(about.len()) })
    }

    /// Its lines, read on a thread of their own as fast as they are taken.
    pub fn chunks(self) -> mpsc::Receiver<io::Result<Chunk>> {
        let (chunks, taken) = mpsc::channel(AHEAD);
        let mut lines = Lines { reader: BufReader::with_capacity(BUFFER, self.reader), number: 0 };
        std::thread::spawn(move || {
            loop {
                let chunk = lines.chunk();
                let is_last = chunk.as_ref().map_or(true, |chunk| chunk.bytes == 0);
                // Whoever does not listen any more needs no more lines.
                if chunks.blocking_send(chunk).is_err() || is_last {
                    return;
                }
            }
        });
        taken
    }
}

struct Lines<R> {
    reader: BufReader<R>,
    /// Of the line before.
    number: u64,
}

impl<R: Read> Lines<R> {
    /// The next lines; none and no bytes at the end.
    fn chunk(&mut self) -> io::Result<Chunk> {
        let mut chunk = Chunk::default();
        let mut kept = 0;
        while chunk.lines.len() < LINES && kept < BYTES {
            let mut line = Vec::new();
            let (read, is_whole) = self.line(&mut line)?;
            if read == 0 {
                break;
            }
            self.number += 1;
            chunk.bytes += read;
            if self.number == 1 && line.starts_with(BOM) {
                line.drain(..BOM.len());
            }
            if !is_whole || !line.trim_ascii().is_empty() {
                kept += line.len();
                chunk.lines.push(Line { number: self.number, text: is_whole.then_some(line) });
            }
        }
        Ok(chunk)
    }

    /// Reads a line, but nothing of one that is too long; answers its length with its end, and whether it was read.
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<(u64, bool)> {
        let (mut read, mut is_whole) = (0, true);
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            is_whole = is_whole && line.len() + part.len() <= BODY_MAX;
            if is_whole {
                line.extend_from_slice(part);
            } else {
                *line = Vec::new();
            }
            let used = end.map_or(buffer.len(), |end| end + 1);
            let is_over = end.is_some() || buffer.is_empty();
            self.reader.consume(used);
            read += used as u64;
            if is_over {
                return Ok((read, is_whole));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    fn lines(text: &[u8]) -> Vec<(u64, Option<String>)> {
        let mut lines = Lines { reader: BufReader::with_capacity(7, text), number: 0 };
        let mut all = Vec::new();
        let mut bytes = 0;
        loop {
            let chunk = lines.chunk().unwrap();
            if chunk.bytes == 0 {
                assert_eq!(bytes, text.len() as u64);
                return all;
            }
            bytes += chunk.bytes;
            let told = |line: Line| (line.number, line.text.map(|text| String::from_utf8(text).unwrap()));
            all.extend(chunk.lines.into_iter().map(told));
        }
    }

    #[test]
    fn lines_have_numbers_and_empty_ones_are_skipped() {
        let some = |number, text: &str| (number, Some(text.to_owned()));
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n \r\n\t\n"), []);
        assert_eq!(lines(b"\xef\xbb\xbf{}\r\n\n[1, 2, 3, 4]"), [some(1, "{}\r"), some(3, "[1, 2, 3, 4]")]);
        assert_eq!(lines(&[b"\n".repeat(1_200), b"x".to_vec()].concat()), [some(1_201, "x")]);
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let fits = "x".repeat(BODY_MAX);
        let text = format!("{fits}\n{fits}y\nz");
        assert_eq!(lines(text.as_bytes()), [(1, Some(fits)), (2, None), (3, Some("z".to_owned()))]);
    }
}
