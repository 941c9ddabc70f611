//! The documentation, which is served from this program alone: no network is needed to read it.

use std::sync::{Arc, LazyLock};

use actix_web::HttpResponse;
use proxie_shared::auth::Anyone;
use proxie_shared::error::Code;
use utoipa_swagger_ui::Config;

use crate::http::{Answer, Call};
use crate::views::inputs::FilePath;

/// What the pages may load: themselves. Swagger UI sets styles of its own.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                              img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; \
                              base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static SWAGGER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::from("/api/openapi.json").persist_authorization(false).try_it_out_enabled(true);
    Arc::new(config)
});

/// Read the documentation in Swagger UI
#[utoipa::path(
    get,
    path = "/api/docs",
    tag = "system",
    responses((status = 200, description = "A page.", body = String, content_type = "text/html"))
)]
pub async fn swagger(_call: Call<Anyone>) -> Answer {
    // Relative addresses in the page need the folder's slash.
    let page = swagger_page("index.html").ok_or(Code::NotFound)?.replace("\"./", "\"/api/docs/");
    Ok(page_of(page.replace("href=\"index.css\"", "href=\"/api/docs/index.css\"")))
}

/// Read a file of Swagger UI
#[utoipa::path(
    get,
    path = "/api/docs/{file}",
    tag = "system",
    responses((status = 200, description = "A file.", body = String, content_type = "*/*"))
)]
pub async fn swagger_file(call: Call<Anyone, FilePath>) -> Answer {
    let file = utoipa_swagger_ui::serve(&call.path.file, Arc::clone(&SWAGGER))
        .ok()
        .flatten()
        .ok_or(Code::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Type", file.content_type))
        .insert_header(("Content-Security-Policy", CONTENT_POLICY))
        .insert_header(("Cache-Control", "max-age=3600"))
        .body(file.bytes.into_owned()))
}

/// Read the documentation in ReDoc
#[utoipa::path(
    get,
    path = "/api/redoc",
    tag = "system",
    responses((status = 200, description = "A page.", body = String, content_type = "text/html"))
)]
pub async fn redoc(_call: Call<Anyone>) -> Answer {
    Ok(page_of(include_str!("redoc.html").to_owned()))
}

/// Read a file of ReDoc
#[utoipa::path(
    get,
    path = "/api/redoc/{file}",
    tag = "system",
    responses((status = 200, description = "A file.", body = String, content_type = "text/javascript"))
)]
pub async fn redoc_file(call: Call<Anyone, FilePath>) -> Answer {
    if call.path.file != "redoc.standalone.js" {
        return Err(Code::NotFound.into());
    }
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Type", "text/javascript; charset=utf-8"))
        .insert_header(("Content-Security-Policy", CONTENT_POLICY))
        .insert_header(("Cache-Control", "max-age=3600"))
        .body(include_bytes!(concat!(env!("OUT_DIR"), "/redoc.standalone.js")).as_slice()))
}

/// Read the OpenAPI document
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "system",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object))
)]
pub async fn openapi(call: Call<Anyone>) -> Answer {
    Ok(HttpResponse::Ok().content_type("application/json").body(call.app.openapi.clone()))
}

fn swagger_page(name: &str) -> Option<String> {
    let file = utoipa_swagger_ui::serve(name, Arc::clone(&SWAGGER)).ok().flatten()?;
    String::from_utf8(file.bytes.into_owned()).ok()
}

fn page_of(html: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Content-Type", "text/html; charset=utf-8"))
        .insert_header(("Content-Security-Policy", CONTENT_POLICY))
        .body(html)
}
