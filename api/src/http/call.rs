//! A call: who makes it and what it brings, checked in the contract's order: 401, role, then everything that is wrong
//! with path, query and body at once.

use std::future::Future;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use proxie_shared::auth::{Actor, Consumer};
use proxie_shared::error::{Code, Error, Result};

use super::envelope::Trace;
use super::input::{self, Input, None};
use super::problem::Problem;
use crate::app::App;

/// Who may call: the first thing that a handler names.
pub trait Caller: Sized + 'static {
    /// The caller of a request, from its token.
    ///
    /// # Errors
    /// 401 or 403.
    fn identify(app: &App, token: Option<&str>) -> impl Future<Output = Result<Self>>;
}

/// Anybody, with or without a token; a bad one is refused all the same.
pub struct Anyone(pub Option<Actor>);

impl Caller for Anyone {
    async fn identify(app: &App, token: Option<&str>) -> Result<Self> {
        match token {
            Some(token) => app.auth.authenticate(token).await.map(Some).map(Self),
            Option::None => Ok(Self(Option::None)),
        }
    }
}

impl Caller for Actor {
    async fn identify(app: &App, token: Option<&str>) -> Result<Self> {
        let token = token.ok_or_else(|| Error::new(Code::Unauthenticated))?;
        app.auth.authenticate(token).await
    }
}

impl Caller for Consumer {
    async fn identify(app: &App, token: Option<&str>) -> Result<Self> {
        Actor::identify(app, token).await?.try_into()
    }
}

/// A checked call.
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
}

impl<A: Caller, P: Input, Q: Input, B: Input> FromRequest for Call<A, P, Q, B> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let app =
                request.app_data::<web::Data<App>>().cloned().ok_or_else(|| Error::new(Code::Internal))?;
            let actor = A::identify(&app, bearer(&request)?).await?;
            let (path, query, body) = input::read(&request, payload).await?;
            let trace_id =
                request.extensions().get::<Trace>().map(|t| t.trace_id.clone()).unwrap_or_default();
            Ok(Self { actor, path, query, body, app, trace_id })
        }
        .boxed_local()
    }
}

/// The token of `Authorization: Bearer`, if the header is there.
fn bearer(request: &HttpRequest) -> Result<Option<&str>> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(Option::None) };
    let refuse = || Error::new(Code::Unauthenticated);
    let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(refuse)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refuse());
    }
    Ok(Some(token.trim()))
}
