//! What a call counts against.

use std::net::IpAddr;

use actix_web::http::header::HeaderValue;
use actix_web::{HttpMessage, HttpRequest, web};
use proxie_shared::auth::Actor;
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::limits::{Counted, Limits, UNKNOWN, Verdict, client_address};
use proxie_shared::model::users::Role;

use crate::app::App;

/// A kind of call that is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Not at all.
    Free,
    /// Reading.
    Reads,
    /// Changing something.
    Writes,
    /// Talking to the agent.
    Chat,
    /// Becoming a guest.
    Guests,
    /// Giving a password, or a token that stands for one.
    SignIns,
    /// Giving the password of an account; the handler knows whose, and counts that too.
    Account,
    /// Giving one's own password.
    Password,
}

impl Budget {
    /// What a call of this caller from this address counts as. Guests count by their address too: they cost nothing to
    /// make.
    pub fn counted(self, actor: Option<&Actor>, address: IpAddr) -> Vec<Counted> {
        let mut counted = Vec::with_capacity(2);
        if self == Self::Free {
            return counted;
        }
        match (self, actor) {
            (Self::SignIns | Self::Account, _) | (Self::Password, None) => {
                counted.push(Counted::sign_in_address(address))
            }
            (Self::Guests, _) | (Self::Chat, None) => counted.push(Counted::new_guest(address)),
            (Self::Chat, Some(actor)) => counted.push(Counted::chat(actor.user_id())),
            (Self::Reads, Some(actor)) => counted.push(Counted::read(actor.user_id())),
            (Self::Writes, Some(actor)) => counted.push(Counted::write(actor.user_id())),
            (Self::Password, Some(actor)) => {
                let user = actor.user_id();
                counted.push(Counted::write(user));
                counted.extend(Counted::sign_in(&user.to_string(), address));
            }
            (Self::Reads | Self::Writes | Self::Free, _) => {}
        }
        if actor.is_none_or(|actor| actor.role() == Role::Guest) {
            counted.push(Counted::guest_calls(address));
        }
        counted
    }
}

impl App {
    /// Counts a call. The answer, whatever it will be, tells how much is left, of what was counted the least.
    ///
    /// # Errors
    /// `rate_limited`.
    pub async fn count(&self, request: &HttpRequest, counted: &[Counted]) -> Result<()> {
        let limits = request.app_data::<web::Data<Limits>>().map_or(&self.limits, |own| own);
        let Some(verdict) = limits.check(counted).await else { return Ok(()) };
        let refused = verdict.retry_after;
        let mut extensions = request.extensions_mut();
        let tighter = |before: &Verdict| refused.is_none() && before.remaining < verdict.remaining;
        if !extensions.get::<Verdict>().is_some_and(tighter) {
            extensions.insert(verdict);
        }
        match refused {
            None => Ok(()),
            Some(after) => Err(Error { retry_after: Some(after), ..Error::new(Code::RateLimited) }),
        }
    }

    /// Where a caller is, behind the proxies that are trusted.
    pub fn address(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(UNKNOWN, |peer| peer.ip());
        let forwarded = request.headers().get_all("x-forwarded-for").map(HeaderValue::as_bytes);
        client_address(peer, forwarded, &self.trusted_proxies)
    }
}
