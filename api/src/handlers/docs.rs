//! The documentation, which is served from this program alone: no network is needed to read it.

mod errors;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use actix_web::http::header::HeaderValue;
use actix_web::web;
use proxie_shared::auth::Anyone;
use proxie_shared::error::{Code, Error};
use utoipa_swagger_ui::{Config, SwaggerFile};

use crate::http::{Answer, Asset, Call, document};
use crate::routes::operations;
use crate::views::inputs::{RedocPath, SwaggerPath};
use crate::views::system::DocumentView;

const HTML: &str = "text/html; charset=utf-8";

/// What the pages may load: themselves. Swagger UI sets styles of its own.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// The files of Swagger UI that its page loads.
const PARTS: [&str; 7] = [
    "favicon-16x16.png",
    "favicon-32x32.png",
    "index.css",
    "swagger-initializer.js",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "swagger-ui.css",
];

static SWAGGER: LazyLock<Option<Asset>> = LazyLock::new(|| {
    let page = String::from_utf8(swagger_dist("index.html")?.bytes.into_owned()).ok()?;
    // Relative addresses in the page would need the folder's slash.
    let page =
        page.replace("\"./", "\"/api/docs/").replace("href=\"index.css\"", "href=\"/api/docs/index.css\"");
    Some(Asset::page(HTML, page))
});

static SWAGGER_PARTS: LazyLock<HashMap<&str, Asset>> = LazyLock::new(|| {
    let part = |name| {
        let file = swagger_dist(name)?;
        Some((name, Asset::part(&file.content_type, file.bytes.into_owned())))
    };
    PARTS.into_iter().filter_map(part).collect()
});

static REDOC: LazyLock<Asset> = LazyLock::new(|| Asset::page(HTML, include_str!("redoc.html")));

static REDOC_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let script = include_bytes!(concat!(env!("OUT_DIR"), "/redoc.standalone.js"));
    Asset::part("text/javascript; charset=utf-8", script.as_slice())
});

static ERRORS: LazyLock<Asset> = LazyLock::new(|| Asset::page(HTML, errors::page()));

/// Read the documentation in Swagger UI
///
/// A page that can also make calls, with a token that is entered there.
#[utoipa::path(
    get,
    path = "/api/docs",
    tag = "system",
    responses(
        (status = 200, description = "A page.", body = String, content_type = "text/html"),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn swagger(call: Call<Anyone>) -> Answer {
    let page = SWAGGER.as_ref().ok_or(Code::Internal)?;
    Ok(page.answer(&call.request, &POLICY).await)
}

/// Read a file of Swagger UI
///
/// What the page at `/api/docs` loads.
#[utoipa::path(
    get,
    path = "/api/docs/{file}",
    tag = "system",
    responses(
        (status = 200, description = "A file.", body = String, content_type = "*/*"),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn swagger_file(call: Call<Anyone, SwaggerPath>) -> Answer {
    let part = SWAGGER_PARTS.get(call.path.file.as_str()).ok_or(Code::NotFound)?;
    Ok(part.answer(&call.request, &POLICY).await)
}

/// Read what the errors mean
///
/// One section per code of the catalogue: its status, its usual sentence and what to do. The `type` of every problem leads
/// there.
#[utoipa::path(
    get,
    path = "/api/docs/errors",
    tag = "system",
    responses(
        (status = 200, description = "A page.", body = String, content_type = "text/html"),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn errors(call: Call<Anyone>) -> Answer {
    Ok(ERRORS.answer(&call.request, &POLICY).await)
}

/// Read the documentation in ReDoc
///
/// A page to read, with everything at a glance.
#[utoipa::path(
    get,
    path = "/api/redoc",
    tag = "system",
    responses(
        (status = 200, description = "A page.", body = String, content_type = "text/html"),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn redoc(call: Call<Anyone>) -> Answer {
    Ok(REDOC.answer(&call.request, &POLICY).await)
}

/// Read a file of ReDoc
///
/// What the page at `/api/redoc` loads: `redoc.standalone.js`.
#[utoipa::path(
    get,
    path = "/api/redoc/{file}",
    tag = "system",
    responses(
        (status = 200, description = "A file.", body = String, content_type = "text/javascript"),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn redoc_file(call: Call<Anyone, RedocPath>) -> Answer {
    if call.path.file != "redoc.standalone.js" {
        return Err(Code::NotFound.into());
    }
    Ok(REDOC_SCRIPT.answer(&call.request, &POLICY).await)
}

/// Read the OpenAPI document
///
/// For programs: clients can be made from it.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "system",
    responses(
        (status = 200, description = "OpenAPI 3.1.", body = DocumentView),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn openapi(call: Call<Anyone>) -> Answer {
    // Whoever asks while it is made waits for it, and not on the threads that answer everybody.
    let document = web::block(|| DOCUMENT.as_ref()).await;
    let document = document.map_err(|error| Error::new(Code::Internal).because(error))?;
    let document = document.map_err(|error| Error::new(Code::Internal).because(error))?;
    Ok(document.answer(&call.request, &POLICY).await)
}

/// The OpenAPI document. It is made of the route table, which is the same in every server of a process, and large, so it is made
/// once, when it is first asked for.
static DOCUMENT: LazyLock<serde_json::Result<Asset>> =
    LazyLock::new(|| Ok(Asset::page("application/json", document(&operations()).to_json()?)));

fn swagger_dist(name: &str) -> Option<SwaggerFile<'static>> {
    let config = Config::from("/api/openapi.json").persist_authorization(false).try_it_out_enabled(true);
    utoipa_swagger_ui::serve(name, Arc::new(config)).ok().flatten()
}
