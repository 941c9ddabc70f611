//! Faults on demand: what they are and how they are written.
//!
//! A fault comes from four places, each laid over the one before, field by field: what always holds (flags, `PUT
//! /control/faults`, [`Control`](crate::Control)), the next of the queue, the model name (`offline?latency_ms=500&fault=cut`),
//! the header `X-Offline-Faults: latency_ms=200;status=429;retry_after=1`.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// How an answer goes wrong besides being late or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A part of the answer, then the connection is dropped.
    Cut,
    /// JSON that does not parse, in the body or in a chunk.
    MalformedJson,
    /// Tool calls whose arguments are no JSON.
    MalformedArguments,
    /// An answer with empty content.
    Empty,
    /// An answer without choices.
    NoChoices,
    /// No answer, ever.
    Hang,
    /// The tool call that a text in the conversation asks for by `CALL tool_name {json}`.
    Obey,
}

/// What is wrong with one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Milliseconds before the answer begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Milliseconds before each chunk of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk_ms: Option<u64>,
    /// How many chunks of a stream leave before it is cut or malformed; half of them if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_chunk: Option<usize>,
    /// An HTTP status of 400 or more to refuse with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `Retry-After` of a refusal, in seconds; 1 for a 429 that names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// How the answer goes wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Kind>,
}

impl Fault {
    /// A fault of one kind.
    pub fn kind(kind: Kind) -> Self {
        Self { fault: Some(kind), ..Self::default() }
    }

    /// A refusal.
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// A late answer.
    pub fn latency(latency_ms: u64) -> Self {
        Self { latency_ms: Some(latency_ms), ..Self::default() }
    }

    /// A stream that is cut after so many chunks.
    pub fn cut_at(chunks: usize) -> Self {
        Self { at_chunk: Some(chunks), ..Self::kind(Kind::Cut) }
    }

    /// This fault with another laid over it: what the other names holds.
    #[must_use]
    pub fn overlaid(self, over: Self) -> Self {
        Self {
            latency_ms: over.latency_ms.or(self.latency_ms),
            chunk_ms: over.chunk_ms.or(self.chunk_ms),
            at_chunk: over.at_chunk.or(self.at_chunk),
            status: over.status.or(self.status),
            retry_after: over.retry_after.or(self.retry_after),
            fault: over.fault.or(self.fault),
        }
    }

    /// Reads `latency_ms=200;status=429` (`;`, `&` or `,` between).
    ///
    /// # Errors
    /// A sentence that names the first pair that is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut fault = Self::default();
        for pair in text.split([';', '&', ',']).map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or(("fault", pair));
            let wrong = || format!("the fault '{pair}' is not understood");
            let number = || value.trim().parse::<u64>().map_err(|_| wrong());
            match key.trim() {
                "latency_ms" => fault.latency_ms = Some(number()?),
                "chunk_ms" => fault.chunk_ms = Some(number()?),
                "at_chunk" => fault.at_chunk = Some(usize::try_from(number()?).map_err(|_| wrong())?),
                "retry_after" => fault.retry_after = Some(number()?),
                "status" => {
                    let status = number()?;
                    let status = u16::try_from(status).ok().filter(|s| (400..600).contains(s));
                    fault.status = Some(status.ok_or_else(wrong)?);
                }
                "fault" => {
                    let kind = serde_json::from_value(serde_json::Value::from(value.trim()));
                    fault.fault = Some(kind.map_err(|_| wrong())?);
                }
                _ => return Err(wrong()),
            }
        }
        Ok(fault)
    }

    /// The model of a name, and the fault it carries (`offline?fault=cut`).
    ///
    /// # Errors
    /// As [`Fault::parse`].
    pub fn of_model(name: &str) -> Result<(&str, Self), String> {
        match name.split_once('?') {
            Some((model, faults)) => Ok((model, Self::parse(faults)?)),
            None => Ok((name, Self::default())),
        }
    }
}

/// The faults of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// What holds for every chat completion.
    pub always: Option<Fault>,
    /// What holds for the next ones, one each; null is none.
    pub next: VecDeque<Option<Fault>>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn faults_as_text() {
        let fault = Fault::parse("latency_ms=200; status=429;retry_after=1").unwrap();
        assert_eq!((fault.latency_ms, fault.status, fault.retry_after), (Some(200), Some(429), Some(1)));
        assert_eq!(Fault::parse("hang").unwrap(), Fault::kind(Kind::Hang));
        assert_eq!(Fault::of_model("offline?latency_ms=5&fault=cut").unwrap().1.fault, Some(Kind::Cut));
        assert_eq!(Fault::parse("fault=cut;at_chunk=3").unwrap(), Fault::cut_at(3));
        assert!(Fault::parse("status=200").is_err());
        assert!(Fault::parse("colour=red").is_err());
    }

    #[test]
    fn the_nearer_fault_holds() {
        let fault = Fault::latency(5).overlaid(Fault { latency_ms: Some(0), ..Fault::status(500) });
        assert_eq!((fault.latency_ms, fault.status), (Some(0), Some(500)));
    }
}
