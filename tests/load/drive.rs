//! Closed loops: so many clients, each sending its next request when it has the answer to the last.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::Result;
use crate::http::Connection;

/// Somebody who does the same thing over and over.
pub trait Client: Send + 'static {
    /// Does it once.
    fn once(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// For how long.
#[derive(Clone, Copy)]
pub struct Load {
    /// What is done in this time does not count.
    pub warm_up: Duration,
    /// What is finished in this time does.
    pub measured: Duration,
}

/// Latencies, in microseconds, and how many there were in a second.
pub struct Summary {
    histogram: Histogram<u64>,
    seconds: f64,
}

impl Summary {
    /// Nothing measured yet.
    pub fn new(over: Duration) -> Result<Self> {
        let histogram = Histogram::new_with_bounds(1, 600_000_000, 3)?;
        Ok(Self { histogram, seconds: over.as_secs_f64() })
    }

    /// Counts one; zero counts as a microsecond.
    pub fn add(&mut self, took: Duration) {
        self.histogram.saturating_record((took.as_micros() as u64).max(1));
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// In a second.
    pub fn rate(&self) -> f64 {
        self.histogram.len() as f64 / self.seconds
    }

    /// Takes in what was measured at another time.
    pub fn extend(&mut self, more: &Self) -> Result<()> {
        self.histogram.add(&more.histogram)?;
        self.seconds += more.seconds;
        Ok(())
    }

    /// A percentile, in milliseconds.
    pub fn ms(&self, percentile: f64) -> f64 {
        self.histogram.value_at_percentile(percentile) as f64 / 1_000.0
    }
}

/// Drives all clients at once.
///
/// Any error ends the measurement: what fails fast must not pass for speed.
pub async fn drive<C: Client>(clients: Vec<C>, load: Load) -> Result<Summary> {
    let begin = Instant::now() + load.warm_up;
    let running: Vec<_> =
        clients.into_iter().map(|client| tokio::spawn(repeat(client, begin, load.measured))).collect();
    let mut all = Summary::new(load.measured)?;
    for client in running {
        all.histogram.add(client.await??.histogram)?;
    }
    Ok(all)
}

/// One client's part: what begins and ends within the time that is measured counts.
async fn repeat<C: Client>(mut client: C, begin: Instant, measured: Duration) -> Result<Summary> {
    let mut summary = Summary::new(measured)?;
    let end = begin + measured;
    let mut started = Instant::now();
    while started < end {
        client.once().await?;
        let now = Instant::now();
        if started >= begin && now <= end {
            summary.add(now - started);
        }
        started = now;
    }
    Ok(summary)
}

/// A client that sends prepared requests in turn.
pub struct HttpClient {
    connection: Connection,
    requests: Arc<Vec<Vec<u8>>>,
    next: usize,
    expected: u16,
}

impl HttpClient {
    /// Connects `count` clients, each beginning elsewhere in `requests`.
    pub async fn connect(
        address: SocketAddr,
        count: usize,
        requests: Vec<Vec<u8>>,
        expected: u16,
    ) -> Result<Vec<Self>> {
        let requests = Arc::new(requests);
        let mut clients = Vec::with_capacity(count);
        for number in 0..count {
            let connection = Connection::open(address).await?;
            let next = number * requests.len() / count;
            clients.push(Self { connection, requests: Arc::clone(&requests), next, expected });
        }
        Ok(clients)
    }
}

impl Client for HttpClient {
    async fn once(&mut self) -> Result<()> {
        let response = self.connection.exchange(&self.requests[self.next]).await?;
        if response.status != self.expected {
            let body = String::from_utf8_lossy(response.body);
            return Err(format!("answered {} instead of {}: {body}", response.status, self.expected).into());
        }
        self.next = (self.next + 1) % self.requests.len();
        Ok(())
    }
}
