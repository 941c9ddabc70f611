//! What the product in this process has to say of itself, for whoever asks why a test failed.

use std::fs::File;
use std::sync::{Mutex, Once};

use tracing_subscriber::EnvFilter;

/// Of attempts also how they ended: only within their span it is told whose they were.
const WRITTEN: &str = "warn,proxie_worker::runtime=info";

/// Writes this to the file that `PROXIE_TEST_LOG` names, if it names one.
pub(super) fn write_down() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok(path) = std::env::var("PROXIE_TEST_LOG") else { return };
        let file = File::options().create(true).append(true).open(path).expect("the file of PROXIE_TEST_LOG");
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(WRITTEN))
            .with_ansi(false)
            .with_writer(Mutex::new(file))
            .init();
    });
}
