//! The web client, which is served from this program alone.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::header::{ALLOW, HeaderValue, InvalidHeaderValue};
use actix_web::{HttpRequest, guard, web};
use mime_guess::{MimeGuess, mime};
use proxie_shared::auth::Anyone;
use proxie_shared::config::{ClientConfig, Realtime};
use proxie_shared::error::Code;

use crate::app::App;
use crate::http::{Answer, Asset, Call, Problem, tagged};
use crate::views::client::ClientConfigView;

/// Where what is told the client is.
const CONFIG: &str = "/app/config.json";

/// What every page's address gets: which page it is, the client finds out by itself.
static PAGE: LazyLock<Asset> = LazyLock::new(|| {
    let built = BUILT.iter().find(|(name, _)| *name == "index.html");
    Asset::page("text/html; charset=utf-8", built.map_or(NOT_BUILT, |(_, page)| *page))
});

static FILES: LazyLock<HashMap<&str, Asset>> = LazyLock::new(|| {
    let files = BUILT.iter().filter(|(name, _)| *name != "index.html");
    files.map(|(name, content)| (*name, file(name, content))).collect()
});

/// What `bin/web` built, by name.
const BUILT: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/client.rs"));
const NOT_BUILT: &[u8] =
    b"<!doctype html><title>Proxie</title><p>The web client was not built into this program: run bin/web, \
                           and build again. The API is described at <a href=\"/api/docs\">/api/docs</a>.";

fn file(name: &str, content: &'static [u8]) -> Asset {
    let kind = MimeGuess::from_path(name).first_or_octet_stream();
    let is_text = kind.type_() == mime::TEXT || kind.subtype() == mime::JAVASCRIPT;
    let kind = if is_text { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    // The bundler puts a hash into the name of what it makes, and makes nothing outside this folder.
    if name.starts_with("assets/") { Asset::hashed(&kind, content) } else { Asset::part(&kind, content) }
}

/// Serves the client's pages and files below `/app/`, where `/` leads.
pub fn configure(app: &mut web::ServiceConfig) {
    for address in ["/", "/app"] {
        app.service(web::redirect(address, "/app/"));
    }
    let files =
        web::resource("/app/{file:.*}").guard(guard::fn_guard(|call| call.head().uri.path() != CONFIG));
    let files = files.route(web::get().to(serve)).route(web::head().to(serve));
    app.service(files.default_service(web::to(refuse)));
}

async fn serve(request: HttpRequest, file: web::Path<String>, app: web::Data<App>) -> Answer {
    let asset = match FILES.get(file.as_str()) {
        Some(file) => file,
        // A page of an older release may ask for what is no more: no page is sent in its place.
        None if file.starts_with("assets/") => return Err(Code::NotFound.into()),
        None => &PAGE,
    };
    Ok(asset.answer(&request, &app.client_policy).await)
}

async fn refuse() -> Answer {
    Err(Problem::from(Code::MethodNotAllowed).with(ALLOW, HeaderValue::from_static("GET, HEAD")))
}

/// What the client's pages may load and whom they may call (CSP).
///
/// # Errors
/// When an address in the configuration cannot stand in a header.
pub fn policy(config: &ClientConfig) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut calls = vec!["'self'".to_owned()];
    match &config.realtime {
        // Browsers take `http:` for `ws:` only where it is the page's own origin.
        Some(Realtime::Origin(origin)) => {
            calls.push(format!("{origin} {}", origin.replacen("http", "ws", 1)))
        }
        Some(Realtime::Port(port)) => {
            calls.push(format!("http://*:{port} ws://*:{port} https://*:{port} wss://*:{port}"))
        }
        None => {}
    }
    calls.extend(config.sentry.as_ref().map(|project| project.origin.clone()));
    let clerk = config.clerk.as_ref().map(|clerk| format!(" https://{}", clerk.host)).unwrap_or_default();
    // What Clerk's sign-in asks for, https://clerk.com/docs/security/clerk-csp.
    let (robots, portraits) = match &config.clerk {
        Some(_) => (" https://challenges.cloudflare.com", " https://img.clerk.com"),
        None => ("", ""),
    };
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'self'{clerk}{robots}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' blob: data:{portraits}; font-src 'self'; connect-src {}{clerk}; media-src 'self' blob:; \
         worker-src 'self' blob:; frame-src{}; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
        calls.join(" "),
        if robots.is_empty() { " 'none'" } else { robots },
    ))
}

/// Read how the client is set up
///
/// Where the realtime process is, and which services of others the web client uses; null where there is none.
#[utoipa::path(
    get,
    path = "/app/config.json",
    tag = "system",
    responses(
        (status = 200, body = ClientConfigView),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn config(call: Call<Anyone>) -> Answer {
    let (scheme, host) = {
        let connection = call.request.connection_info();
        (connection.scheme().to_owned(), connection.host().to_owned())
    };
    let view = ClientConfigView::new(&call.app.client, &scheme, &host);
    Ok(tagged(&call.request, &view)?)
}
