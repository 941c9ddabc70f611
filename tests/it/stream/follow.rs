//! A task followed as a client does: events read as they come, and what they add up to.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use crate::support::{Caller, Task, patience, within};

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub no: u64,
    pub name: String,
    pub data: Value,
}

impl Frame {
    /// Whether nothing follows.
    pub fn is_end(&self) -> bool {
        ["completed", "failed", "cancelled"].contains(&self.name.as_str())
    }
}

/// A stream that is being read.
pub struct Follow {
    response: Response,
    arrived: Vec<u8>,
}

/// The call that follows a task from the event after `seen` on.
pub fn call(caller: &Caller, task: &str, seen: Option<u64>) -> RequestBuilder {
    let call = caller.call(Method::GET, &format!("/chat/stream/{task}"));
    match seen {
        Some(seen) => call.header("last-event-id", seen),
        None => call,
    }
}

impl Follow {
    /// Follows a task from the event after `seen` on.
    pub async fn after(caller: &Caller, task: &str, seen: Option<u64>) -> Self {
        let sent = call(caller, task, seen).header("accept-encoding", "gzip").send();
        let response = within(patience(), "the head of a stream", sent).await.expect("the API answers");
        assert_eq!(response.status(), 200, "{response:?}");
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
        assert_eq!(header("cache-control").as_deref(), Some("no-store"));
        assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
        assert_ne!(header("content-encoding").as_deref(), Some("gzip"));
        Self { response, arrived: Vec::new() }
    }

    /// Follows a task from its beginning.
    pub async fn of(task: &Task) -> Self {
        Self::after(task.caller(), &task.id, None).await
    }

    /// The next event; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Frame> {
        within(patience(), "an event or the end of the stream", async {
            loop {
                if let Some(end) = self.arrived.windows(2).position(|two| two == b"\n\n") {
                    let lines: Vec<u8> = self.arrived.drain(..end + 2).collect();
                    match frame(std::str::from_utf8(&lines).expect("UTF-8")) {
                        Some(frame) => return Some(frame),
                        None => continue,
                    }
                }
                match self.response.chunk().await {
                    Ok(Some(bytes)) => self.arrived.extend_from_slice(&bytes),
                    // An API that was killed ends no body.
                    Ok(None) | Err(_) => return None,
                }
            }
        })
        .await
    }

    /// All events to the end of the stream.
    pub async fn rest(&mut self) -> Vec<Frame> {
        let mut rest = Vec::new();
        while let Some(frame) = self.next().await {
            rest.push(frame);
        }
        rest
    }

    /// Events up to one that is looked for.
    pub async fn until(&mut self, mut found: impl FnMut(&Frame) -> bool) -> Vec<Frame> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|| panic!("it ended before: {frames:?}"));
            frames.push(frame);
            if found(&frames[frames.len() - 1]) {
                return frames;
            }
        }
    }
}

/// Lines as an event; none if they are a comment or advice.
fn frame(lines: &str) -> Option<Frame> {
    let field = |name: &str| lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let (no, name, data) = (field("id")?, field("event").expect("a name"), field("data").expect("data"));
    let data = serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {lines}"));
    Some(Frame { no: no.parse().expect("a number"), name: name.to_owned(), data })
}

/// The text that a reader has before them after these events.
pub fn text(frames: &[Frame]) -> String {
    let mut deltas: Vec<(u64, &str)> = Vec::new();
    for frame in frames {
        match frame.name.as_str() {
            "delta" => deltas.push((frame.no, frame.data["text"].as_str().expect("text"))),
            "reset" => {
                let from = frame.data["from"].as_u64().expect("a number");
                assert!(from < frame.no, "{frame:?}");
                deltas.retain(|(no, _)| *no < from);
            }
            _ => {}
        }
    }
    deltas.into_iter().map(|(_, text)| text).collect()
}

/// That they are numbered one by one from `first` on, and end once.
#[track_caller]
pub fn assert_whole(frames: &[Frame], first: u64) {
    let numbers: Vec<u64> = frames.iter().map(|frame| frame.no).collect();
    let expected: Vec<u64> = (first..).take(numbers.len()).collect();
    assert_eq!(numbers, expected, "{frames:#?}");
    let ends: Vec<bool> = frames.iter().map(Frame::is_end).collect();
    assert!(ends.last() == Some(&true) && ends.iter().filter(|end| **end).count() == 1, "{frames:#?}");
}

/// That these events end with a completed task and that its text is what they add up to.
#[track_caller]
pub fn assert_completed(frames: &[Frame]) {
    let last = frames.last().expect("an end");
    assert_eq!(last.name, "completed", "{frames:#?}");
    assert_eq!(text(frames), last.data["result"]["message"].as_str().expect("text"), "{frames:#?}");
}
