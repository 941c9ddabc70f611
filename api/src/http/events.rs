//! Server-Sent Events: an answer that goes on for as long as there is something to tell.
//!
//! Nothing is kept for a client that reads slowly: the next events are fetched when the last ones have left. One that takes
//! nothing at all is dropped with its connection ([`drop_the_silent`]).

use std::any::Any;
use std::convert::Infallible;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, HeaderName};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use futures::Stream;
use futures::stream::unfold;
use proxie_shared::auth::Actor;
use proxie_shared::domain::tasks::{Next, TaskStream};
use proxie_shared::error::{Error, Problem as InputProblem, Result};
use tokio::time::{Instant, sleep_until};

use super::Call;
use crate::app::App;
use crate::views::events::{frame, last_frame};

/// The header by which a client says what it has (HTML, Server-sent events, `Last-Event-ID`).
const LAST_EVENT_ID: &str = "last-event-id";
/// Tells proxies of nginx's kind to pass on what comes as it comes.
const NO_BUFFERING: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");
/// How often something is sent, so that nobody on the way takes the connection for dead, and how often it is asked whether
/// the caller still may.
const BEAT: Duration = Duration::from_secs(10);
/// What is sent then: a comment.
const BEAT_FRAME: &[u8] = b":\n\n";
/// What is sent first: how many milliseconds to wait before coming again.
const FIRST_FRAME: &[u8] = b"retry: 1000\n\n";
/// The highest number that is believed.
const MOST: u64 = 1 << 40;
/// How long a client may take nothing of what it is sent.
#[cfg(target_os = "linux")]
const SILENCE: Duration = Duration::from_secs(60);

/// The number of the last event that the caller has; 0 if none.
///
/// # Errors
/// `invalid`.
pub fn last_event_id<A, P, Q, B>(call: &Call<A, P, Q, B>) -> Result<u64> {
    let Some(given) = call.request.headers().get(LAST_EVENT_ID) else { return Ok(0) };
    let text = given.to_str().unwrap_or_default();
    let number = text.parse().ok().filter(|no| *no <= MOST && text.bytes().all(|b| b.is_ascii_digit()));
    number.ok_or_else(|| {
        let message = "Must be the id of an event of this stream: a number.";
        Error::invalid(vec![InputProblem::new("/header/Last-Event-ID", message)])
    })
}

/// Who follows a task.
struct Follower {
    app: web::Data<App>,
    stream: TaskStream,
    actor: Actor,
    token: String,
    begun: bool,
    beat: Instant,
}

/// Answers with all that is told of a task.
pub fn answer<P, Q, B>(call: &Call<Actor, P, Q, B>, stream: TaskStream) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/event-stream")
        .insert_header(NO_BUFFERING)
        // Packing would hold back what it cannot pack yet.
        .insert_header((CONTENT_ENCODING, "identity"));
    if call.request.method() == Method::HEAD {
        return response.finish();
    }
    let follower = Follower {
        app: call.app.clone(),
        stream,
        actor: call.actor,
        token: call.bearer().unwrap_or_default().to_owned(),
        begun: false,
        beat: Instant::now() + BEAT,
    };
    response.streaming(Box::pin(follower.frames()))
}

impl Follower {
    fn frames(self) -> impl Stream<Item = std::result::Result<Bytes, Infallible>> {
        unfold(Some(self), |follower| async move {
            let mut follower = follower?;
            let (frames, goes_on) = follower.next().await?;
            Some((Ok(frames), goes_on.then_some(follower)))
        })
    }

    /// What is sent next, and whether more may follow.
    async fn next(&mut self) -> Option<(Bytes, bool)> {
        if !std::mem::replace(&mut self.begun, true) {
            return Some((Bytes::from_static(FIRST_FRAME), true));
        }
        loop {
            let next = tokio::select! {
                next = self.app.domain.next(&mut self.stream) => Some(next),
                () = sleep_until(self.beat) => None,
            };
            if Instant::now() >= self.beat {
                if !self.is_welcome().await {
                    return None;
                }
                self.beat = Instant::now() + BEAT;
            }
            match next {
                None => return Some((Bytes::from_static(BEAT_FRAME), true)),
                Some(Next::Told(told)) if told.is_empty() => {}
                Some(Next::Told(told)) => {
                    return Some((told.iter().map(frame).collect::<String>().into(), true));
                }
                // Without what it shows the end is not told: the client comes again.
                Some(Next::Ended(no, task)) => {
                    let shown = self.app.domain.shown(&self.actor, task.data().into_iter()).await.ok()?;
                    let links = self.app.gallery.links();
                    return Some((last_frame(no, &task, &shown, links).into(), false));
                }
                Some(Next::Over) => return None,
            }
        }
    }

    /// Whether the token is still good, and its bearer may still read this. That it cannot be asked is no refusal.
    async fn is_welcome(&self) -> bool {
        match self.app.auth.authenticate(&self.token).await {
            Ok(actor) => self.stream.is_open_to(&actor),
            Err(error) => error.is_transient(),
        }
    }
}

/// Has the kernel drop a connection whose client takes nothing for [`SILENCE`] of what it is sent.
pub fn drop_the_silent(connection: &dyn Any, _: &mut Extensions) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(SILENCE))
    {
        tracing::debug!(%error, "a connection keeps its patience");
    }
}
