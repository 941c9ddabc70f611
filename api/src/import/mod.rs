//! `proxie-api import providers`: a file of lines, each a provider as `POST /providers` takes it with its own name elsewhere
//! and what was said of it. Validation is that of the call; what is wrong with a line is written down, and the others go on.
//!
//! Chunks of lines are read, checked and inserted side by side, few at a time and in order, so that memory stays small. What
//! is there already is left alone: an import that was cut off is started again.

mod check;
mod lines;
mod progress;

use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::future::ready;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use futures::{StreamExt, TryStreamExt, stream};
use proxie_shared::domain::Domain;
use proxie_shared::error::{Error as OurError, Problem};
use uuid::Uuid;

use self::check::{Batch, Names, Refused};
use self::lines::Source;
use self::progress::Progress;

/// How many chunks are checked at once.
const CHECKED: usize = 2;
/// How many are inserted at once.
const INSERTED: usize = 3;

/// What goes wrong here is told to a person.
type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// What is imported.
#[derive(Args, Debug)]
pub struct ImportProviders {
    /// A file of JSON objects, one on each line; `-` reads what comes in. README.md tells what stands in a line.
    file: PathBuf,
    /// Where lines that are refused are written down, as JSON lines, each with line, external_id and problems. It is
    /// written anew and stays empty if none is. [default: FILE.errors.jsonl; of `-` import.errors.jsonl]
    #[arg(long)]
    report: Option<PathBuf>,
}

impl ImportProviders {
    fn report(&self) -> PathBuf {
        self.report.clone().unwrap_or_else(|| match self.file.to_str() {
            Some("-") => "import.errors.jsonl".into(),
            _ => {
                let mut name: OsString = self.file.clone().into();
                name.push(".errors.jsonl");
                name.into()
            }
        })
    }
}

/// What came of an import.
#[derive(Debug, Default)]
pub struct Summary {
    /// Lines that are not empty.
    pub read: usize,
    /// Those that are new.
    pub imported: usize,
    /// Those that were there.
    pub there: usize,
    /// Those that were not taken.
    pub refused: usize,
    /// How long it took.
    pub took: Duration,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, imported, there, refused, took } = self;
        let seconds = took.as_secs_f64();
        let rate = *read as f64 / seconds.max(0.001);
        write!(
            f,
            "{read} read, {imported} imported, {there} already there, {refused} refused in {seconds:.1} s ({rate:.0}/s)"
        )
    }
}

/// Imports providers, shows how far it is, and prints what came of it.
///
/// # Errors
/// When lines were refused, which are in the report then; or when file, report or database fail: then some may be there.
pub async fn providers(domain: &Domain, options: &ImportProviders) -> Result<()> {
    let cannot = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let source = Source::open(&options.file).map_err(|error| cannot(&options.file, error))?;
    let path = options.report();
    let mut report = Report::open(&path).map_err(|error| cannot(&path, error))?;
    let mut progress = Progress::new(source.length);
    let (begun, mut summary, mut bytes) = (Instant::now(), Summary::default(), 0);
    let run = Uuid::now_v7();

    let mut chunks = source.chunks();
    let chunks = stream::poll_fn(|context| chunks.poll_recv(context));
    let catalog = domain.catalog();
    let checked = chunks.map(|chunk| {
        let catalog = Arc::clone(&catalog);
        async move {
            let chunk = chunk?;
            let checked = tokio::task::spawn_blocking(move || Batch::of(chunk, &catalog));
            Ok::<_, Box<dyn Error>>(checked.await?)
        }
    });
    let mut names = Names::default();
    let sorted = checked.buffered(CHECKED).map_ok(|mut batch| {
        names.sort_out(&mut batch);
        batch
    });
    let ended = sorted.map(|batch| async { insert(domain, run, batch?).await }).buffered(INSERTED);
    let taken = ended.try_for_each(|ended| {
        let told = report.take(&ended.refused);
        bytes += ended.bytes;
        summary.add(&ended);
        summary.took = begun.elapsed();
        progress.tell(bytes, &summary);
        ready(told.map_err(|error| cannot(&path, error).into()))
    });
    let taken = taken.await;
    progress.finish();
    summary.took = begun.elapsed();
    println!("{summary}");
    taken.map_err(|error| format!("stopped; start it again to go on: {error}"))?;
    match summary.refused {
        0 => Ok(()),
        refused => Err(format!("{refused} lines were refused: see {}", path.display()).into()),
    }
}

/// What came of a chunk.
struct Ended {
    read: usize,
    imported: usize,
    there: usize,
    refused: Vec<Refused>,
    bytes: u64,
}

impl Summary {
    fn add(&mut self, ended: &Ended) {
        self.read += ended.read;
        self.imported += ended.imported;
        self.there += ended.there;
        self.refused += ended.refused.len();
    }
}

async fn insert(domain: &Domain, run: Uuid, batch: Batch) -> Result<Ended> {
    let read = batch.len();
    let Batch { good, mut refused, bytes } = batch;
    let (numbers, good): (Vec<u64>, Vec<_>) = good.into_iter().unzip();
    let outcome = domain.import_providers(run, &good).await.map_err(|error| with_causes(&error))?;
    refused.extend(outcome.refused.iter().map(|(at, error)| Refused {
        line: numbers[*at],
        external_id: Some(good[*at].external_id.clone()),
        problems: vec![Problem::new("", format!("The database refuses this: {}", with_causes(error)))],
    }));
    refused.sort_by_key(|refused| refused.line);
    Ok(Ended { read, imported: outcome.imported, there: outcome.there, refused, bytes })
}

/// For an operator, who may know why.
fn with_causes(error: &OurError) -> String {
    match error.causes() {
        causes if causes.is_empty() => error.to_string(),
        causes => causes,
    }
}

/// Where refused lines are written down.
struct Report(BufWriter<File>);

impl Report {
    /// Anew; two imports do not write the same.
    fn open(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(std::io::Error::other("another import writes here: name another --report"));
            }
            // Where files cannot be locked, nobody else is known to write.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // A device, such as /dev/null, is not shortened.
        if file.metadata()?.is_file() {
            file.set_len(0)?;
        }
        Ok(Self(BufWriter::new(file)))
    }

    fn take(&mut self, refused: &[Refused]) -> std::io::Result<()> {
        for one in refused {
            serde_json::to_writer(&mut self.0, one)?;
            self.0.write_all(b"\n")?;
        }
        self.0.flush()
    }
}
