//! An OpenAI-compatible model server without a network: it plays the agents of Proxie by rules, the same every time.
//!
//! It keeps nothing between calls and has no clock: all it knows is the conversation it is sent. A call goes
//! [`http`] → [`agents::answer`] (by the role in the system prompt) → the [`concierge`], the
//! business manager or the onboarding guide → [`completion`] → the wire, with the
//! [`faults`] asked for on the way.
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
//! let base_url = format!("http://{}/v1", listener.local_addr()?);
//! let (server, control) = proxie_offline_llm::serve(listener, proxie_offline_llm::Faults::default())?;
//! tokio::spawn(server);
//! control.next(proxie_offline_llm::Fault::status(429));
//! # let _ = base_url; Ok(()) }
//! ```

pub mod agents;
pub mod completion;
pub mod concierge;
pub mod control;
pub mod embeddings;
mod enrollment;
pub mod faults;
mod hash;
pub mod http;
mod provider;
mod talk;
mod wire;

pub use control::{Control, Counters};
pub use faults::{Fault, Faults, Kind};
pub use http::serve;
