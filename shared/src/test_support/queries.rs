//! How many queries a process sends to a test's database.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// By the names of databases.
static SENT: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

/// Counts the queries of one connection under the name of its database.
#[derive(Default)]
struct Counter(String);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.0 = name(url).to_owned(),
            // The process looks by itself, every two seconds, whether the catalog has changed: no call's cost.
            InstrumentationEvent::StartQuery { query, .. }
                if !query.to_string().contains("FROM catalog_version") =>
            {
                let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
                *sent.entry(self.0.clone()).or_default() += 1;
            }
            _ => {}
        }
    }
}

/// Counts what is sent over all connections that this process makes from now on.
pub(super) fn count_all() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_default_instrumentation(|| Some(Box::<Counter>::default())).expect("nobody else instruments");
    });
}

/// How many queries this process has sent to the database at an address, transactions' begins and ends among them, its
/// looks at the catalog's version not.
pub(super) fn sent(url: &str) -> usize {
    SENT.lock().unwrap_or_else(PoisonError::into_inner).get(name(url)).copied().unwrap_or_default()
}

/// The name of the database in an address.
fn name(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}
