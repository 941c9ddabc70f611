//! How far an import is: a bar for people, a line now and then for logs.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Summary;

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// Shows how far it is, on the error output.
pub enum Progress {
    /// To somebody who watches.
    Bar(ProgressBar),
    /// To a file or another program.
    Lines {
        /// Of what was read, in bytes.
        length: Option<u64>,
        /// When the last line was written.
        told: Instant,
    },
}

impl Progress {
    /// Of something of this length in bytes, if that is known.
    pub fn new(length: Option<u64>) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines { length, told: Instant::now() };
        }
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        let looks = match length {
            Some(_) => "{bar:40} {percent:>3} % {elapsed} (still {eta}) {msg}",
            None => "{spinner} {bytes} {elapsed} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(looks) {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// So many bytes are done with, and this came of them.
    pub fn tell(&mut self, bytes: u64, so_far: &Summary) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(so_far.to_string());
                bar.set_position(bytes);
            }
            Self::Lines { length, told } if told.elapsed() >= EVERY => {
                *told = Instant::now();
                match length.filter(|length| *length > 0) {
                    Some(length) => eprintln!("{} %: {so_far}", bytes * 100 / length),
                    None => eprintln!("{so_far}"),
                }
            }
            Self::Lines { .. } => {}
        }
    }

    /// Leaves the screen to what comes next.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
