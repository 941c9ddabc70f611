//! A call: who makes it and what it brings, checked.

use std::net::IpAddr;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{HttpRequest, web};
use proxie_shared::db::idempotency::{Key, Reply};
use proxie_shared::domain::Once;
use proxie_shared::error::{Code, Error, Result};

use super::input::None;
use crate::app::App;

/// A checked call: what a handler takes. Its types declare who may call and what is sent.
pub struct Call<A, P = None, Q = None, B = None> {
    /// Who.
    pub actor: A,
    /// What the path holds.
    pub path: P,
    /// What the query holds.
    pub query: Q,
    /// What the body holds.
    pub body: B,
    /// What is asked.
    pub app: web::Data<App>,
    /// Joins the logs of this call and of what it starts.
    pub trace_id: String,
    /// Where the caller is.
    pub address: IpAddr,
    /// The rest of it, for what few handlers need.
    pub request: HttpRequest,
    /// The call's `Idempotency-Key`, on operations that create.
    pub key: Option<Key>,
}

impl<A, P, Q, B> Call<A, P, Q, B> {
    /// Answers what is made with `render`, once for each key.
    pub fn once<T>(&self, render: impl Fn(&T) -> Reply + Send + Sync + 'static) -> Once<'_, T> {
        Once::new(self.key.as_ref(), render)
    }

    /// The token of `Authorization: Bearer`, whatever it is good for.
    pub fn bearer(&self) -> Option<&str> {
        bearer(self.request.headers()).ok().flatten()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }
}

/// The token of `Authorization: Bearer`, if the header is there.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let mut given = headers.get_all(AUTHORIZATION);
    let Some(header) = given.next() else { return Ok(Option::None) };
    let refuse = || Error::new(Code::Unauthenticated);
    if given.next().is_some() {
        return Err(refuse());
    }
    let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(refuse)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refuse());
    }
    Ok(Some(token.trim()))
}
