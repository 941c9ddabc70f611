//! What the product in this process warns of, for whoever asks why a test failed.

use std::fs::File;
use std::sync::{Mutex, Once};

use tracing_subscriber::filter::LevelFilter;

/// Writes warnings to the file that `PROXIE_TEST_LOG` names, if it names one.
pub(super) fn write_down() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok(path) = std::env::var("PROXIE_TEST_LOG") else { return };
        let file = File::options().create(true).append(true).open(path).expect("the file of PROXIE_TEST_LOG");
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::WARN)
            .with_ansi(false)
            .with_writer(Mutex::new(file))
            .init();
    });
}
