//! Browsers keep the refresh token in a cookie that no script can read, and say from which page they call.

use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HeaderValue, SET_COOKIE};
use actix_web::{HttpResponse, HttpResponseBuilder};
use proxie_shared::domain::accounts::SignIn;
use proxie_shared::error::{Code, Error, Result};

use super::{Call, Problem};
use crate::app::App;
use crate::views::auth::{RefreshBody, SignInView};

/// The refresh token's cookie.
const COOKIE: &str = "refresh_token";
/// Where the cookie is sent to: `/auth/refresh` and `/auth/logout` are the only ones that look at it.
const PATH: &str = "/auth";

/// What kind of client calls.
#[derive(Clone, Copy, Debug)]
pub struct Browser {
    /// A page in a browser: it sent an `Origin`, and ours.
    is_one: bool,
    secure: bool,
}

impl<A, P, Q, B> Call<A, P, Q, B> {
    /// What kind of client calls.
    ///
    /// # Errors
    /// `unauthenticated` for a page of a stranger.
    pub fn browser(&self) -> Result<Browser> {
        let is_one = match self.header("origin") {
            Some(origin) if self.app.is_own_origin(origin, self.header("host")) => true,
            Some(_) => {
                let detail =
                    "This page may not sign in here: its address is not one of those that are configured.";
                return Err(Error::new(Code::Unauthenticated).detail(detail));
            }
            None => false,
        };
        Ok(Browser { is_one, secure: self.app.production })
    }
}

impl<A, P, Q> Call<A, P, Q, RefreshBody> {
    /// The refresh token of the body, or of a browser's cookie.
    ///
    /// # Errors
    /// `unauthenticated` when there is none. A cookie without `Origin` does not count: no page sent it.
    pub fn refresh_token(&self) -> Result<String> {
        if let Some(token) = &self.body.refresh_token {
            return Ok(token.clone());
        }
        let cookie = if self.browser()?.is_one { self.request.cookie(COOKIE) } else { None };
        cookie.map(|cookie| cookie.value().to_owned()).ok_or_else(|| {
            let detail = "Send a refresh token in the body, or call from a page that is signed in.";
            Error::new(Code::Unauthenticated).detail(detail)
        })
    }
}

impl Browser {
    /// The answer of a sign-in: with a cookie for a browser, with the token itself for others.
    pub fn signed_in(self, mut response: HttpResponseBuilder, sign_in: SignIn) -> HttpResponse {
        if self.is_one {
            let mut cookie = self.cookie(sign_in.refresh_token.clone());
            let end = OffsetDateTime::from_unix_timestamp(sign_in.refresh_expires_at.timestamp());
            cookie.set_expires(end.unwrap_or(OffsetDateTime::UNIX_EPOCH));
            response.cookie(cookie);
        }
        response.insert_header(("Cache-Control", "no-store"));
        response.json(SignInView::new(&sign_in, self.is_one))
    }

    /// The answer of a sign-out.
    pub fn signed_out(self) -> HttpResponse {
        let mut response = HttpResponse::NoContent();
        if self.is_one {
            response.cookie(self.no_cookie());
        }
        response.finish()
    }

    /// The answer to a refresh token that is not good: a browser need not send it again.
    pub fn refused(self, error: Error) -> Problem {
        let is_over = self.is_one && error.code.status() == 401;
        let cookie = HeaderValue::from_str(&self.no_cookie().to_string()).ok().filter(|_| is_over);
        let problem = Problem::from(error);
        match cookie {
            Some(cookie) => problem.with(SET_COOKIE, cookie),
            None => problem,
        }
    }

    /// Takes the cookie away.
    fn no_cookie(self) -> Cookie<'static> {
        let mut cookie = self.cookie(String::new());
        cookie.make_removal();
        cookie
    }

    fn cookie(self, value: String) -> Cookie<'static> {
        Cookie::build(COOKIE, value)
            .path(PATH)
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self.secure)
            .finish()
    }
}

impl App {
    /// Whether a page of this origin may sign in: one of the configured ones, or served by
    /// ourselves, in production by HTTPS.
    fn is_own_origin(&self, origin: &str, host: Option<&str>) -> bool {
        let ours = |host: &str| {
            let (scheme, at) = origin.split_once("://").unwrap_or_default();
            at.eq_ignore_ascii_case(host) && (scheme == "https" || scheme == "http" && !self.production)
        };
        self.origins.iter().any(|known| known == origin) || host.is_some_and(ours)
    }
}
