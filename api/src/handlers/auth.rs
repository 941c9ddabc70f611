use actix_web::HttpResponse;
use proxie_shared::auth::{Anyone, GUEST_TTL, Guest, SignedIn};
use proxie_shared::error::{Error, Problem, Result};
use proxie_shared::limits::Counted;

use crate::app::App;
use crate::http::{Answer, Browser, Call, None};
use crate::views::auth::{
    CredentialsBody, MeView, PasswordBody, RefreshBody, RegisterBody, SignInView, TokenView,
};
use crate::views::export::ExportView;

/// The guest of a token in the body.
pub(super) async fn guest_of(app: &App, token: Option<&str>) -> Result<Option<Guest>> {
    let Some(token) = token else { return Ok(Option::None) };
    match app.auth.authenticate(token).await.and_then(Guest::try_from) {
        Ok(guest) => Ok(Some(guest)),
        Err(error) if error.is_transient() => Err(error),
        Err(_) => Err(Error::invalid(vec![Problem::new(
            "/body/guest_token",
            "This is not the token of a guest, or not any more. Leave it out to go on without.",
        )])),
    }
}

/// Sign up
///
/// Makes an account with the role consumer and signs it in. With a guest's token, the guest's conversations become the
/// account's.
#[utoipa::path(
    post,
    path = "/auth/register",
    tag = "auth",
    responses((
        status = 201,
        description = "The account is made.",
        body = SignInView,
        headers(("Set-Cookie" = String, description = "To a page in a browser: its refresh token."))
    ))
)]
pub async fn register(call: Call<Anyone, None, None, RegisterBody>) -> Answer {
    let browser = call.browser()?;
    let Call { body, app, .. } = call;
    let (registration, guest_token) = body.into_parts();
    let guest = guest_of(&app, guest_token.as_deref()).await?;
    let sign_in = app.domain.register(app.auth.tokens(), registration, guest).await?;
    Ok(browser.signed_in(HttpResponse::Created(), sign_in))
}

/// Sign in
///
/// A wrong password and an unknown e-mail are answered alike. With a guest's token, the guest's conversations become the
/// account's.
#[utoipa::path(
    post,
    path = "/auth/login",
    tag = "auth",
    responses((
        status = 200,
        description = "Signed in.",
        body = SignInView,
        headers(("Set-Cookie" = String, description = "To a page in a browser: its refresh token."))
    ))
)]
pub async fn login(call: Call<Anyone, None, None, CredentialsBody>) -> Answer {
    let browser = call.browser()?;
    let Call { body, app, address, request, .. } = call;
    app.count(&request, &[Counted::sign_in_account(&body.email, address)]).await?;
    let guest = guest_of(&app, body.guest_token.as_deref()).await?;
    let sign_in = app.domain.sign_in(app.auth.tokens(), &body.email, body.password, guest).await?;
    Ok(browser.signed_in(HttpResponse::Ok(), sign_in))
}

/// Stay signed in
///
/// Exchanges a refresh token, of the body or of the browser's cookie, for new tokens. Each is good once: one that is used
/// twice ends all that came of that sign-in.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "auth",
    security((), ("refresh_cookie" = [])),
    responses((
        status = 200,
        description = "New tokens.",
        body = SignInView,
        headers(("Set-Cookie" = String, description = "To a page in a browser: its refresh token."))
    ))
)]
pub async fn refresh(call: Call<Anyone, None, None, RefreshBody>) -> Answer {
    let browser = call.browser()?;
    let token = call.refresh_token()?;
    match call.app.domain.refresh(call.app.auth.tokens(), &token).await {
        Ok(sign_in) => Ok(browser.signed_in(HttpResponse::Ok(), sign_in)),
        Err(error) => Err(browser.refused(error)),
    }
}

/// Sign out
///
/// Ends all that came of the sign-in that the refresh token, of the body or of the cookie, belongs to.
#[utoipa::path(
    post,
    path = "/auth/logout",
    tag = "auth",
    security((), ("refresh_cookie" = [])),
    responses((
        status = 204,
        description = "Signed out.",
        headers(("Set-Cookie" = String, description = "To a page in a browser: its refresh token is gone."))
    ))
)]
pub async fn logout(call: Call<Anyone, None, None, RefreshBody>) -> Answer {
    let browser = call.browser()?;
    let token = call.refresh_token()?;
    call.app.domain.sign_out(&token).await?;
    Ok(browser.signed_out())
}

/// Become a guest
///
/// For 30 days. A first `POST /chat` without a token does the same.
#[utoipa::path(
    post,
    path = "/auth/guest",
    tag = "auth",
    responses((status = 201, description = "A guest's token.", body = TokenView))
)]
pub async fn guest(call: Call<Anyone>) -> Answer {
    let (guest, token) = call.app.domain.make_guest(call.app.auth.tokens(), call.address).await?;
    Ok(HttpResponse::Created().json(TokenView::new(&guest, token, GUEST_TTL)))
}

/// Change the password
///
/// Every sign-in ends; the answer holds the tokens of a new one.
#[utoipa::path(
    post,
    path = "/auth/password",
    tag = "auth",
    responses((
        status = 200,
        description = "Changed.",
        body = SignInView,
        headers(("Set-Cookie" = String, description = "To a page in a browser: its refresh token."))
    ))
)]
pub async fn password(call: Call<SignedIn, None, None, PasswordBody>) -> Answer {
    let browser = call.browser()?;
    let Call { actor, body, app, .. } = call;
    let tokens = app.auth.tokens();
    let sign_in =
        app.domain.change_password(tokens, &actor, body.current_password, body.new_password).await?;
    Ok(browser.signed_in(HttpResponse::Ok(), sign_in))
}

/// See who one is
///
/// With the role that counts for this call, which a token may say.
#[utoipa::path(get, path = "/auth/me", tag = "auth", responses((status = 200, body = MeView)))]
pub async fn me(call: Call<SignedIn>) -> Answer {
    let (user, email) = call.app.domain.me(&call.actor).await?;
    Ok(HttpResponse::Ok().json(MeView::new(&user, call.actor.role(), email)))
}

/// Close the account
///
/// For ever: sign-ins and open tasks end, and the e-mail is free again.
#[utoipa::path(delete, path = "/auth/me", tag = "auth", responses((status = 204, description = "Closed.")))]
pub async fn close(call: Call<SignedIn>) -> Answer {
    call.app.domain.close_account(&call.actor).await?;
    // A page that may not sign in here has no cookie of ours.
    Ok(call.browser().map_or_else(|_| HttpResponse::NoContent().finish(), Browser::signed_out))
}

/// Take everything along
///
/// All that is kept about the caller, as one JSON document: what they said, did and were told, and of others what they may
/// see anyway.
#[utoipa::path(get, path = "/auth/me/export", tag = "auth", responses((status = 200, body = ExportView)))]
pub async fn export(call: Call<SignedIn>) -> Answer {
    let mut export = call.app.domain.export(&call.actor).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Disposition", "attachment; filename=\"proxie-export.json\""))
        .json(ExportView::new(&mut export, call.app.gallery.links())))
}
