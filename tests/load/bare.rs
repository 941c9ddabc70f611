//! One bare actix endpoint, to compare with: the framework, the kernel and the generator, and nothing of Proxie.

use actix_web::{App, HttpResponse, HttpServer, web};

use crate::Result;

/// Serves `GET /` with as many threads as the API has, until killed.
pub async fn serve(port: u16) -> Result<()> {
    let server = HttpServer::new(|| App::new().route("/", web::get().to(answer)));
    Ok(server.bind(("127.0.0.1", port))?.run().await?)
}

async fn answer() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(r#"{"status":"ok"}"#)
}
