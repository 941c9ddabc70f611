use std::backtrace::{Backtrace, BacktraceStatus};

/// Logs panics as errors: where, and with `RUST_BACKTRACE=1` by which way. What a panic says may quote a message (as
/// slicing a text does), and is not told.
pub(super) fn log() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
        tracing::error!(location, backtrace, "panicked");
    }));
}
