use actix_web::{HttpRequest, HttpResponse};
use proxie_shared::auth::Anyone;
use proxie_shared::error::{Code, Result};

use crate::app::App;
use crate::http::{Answer, Call, Input, None};
use crate::views::webhooks::ClerkBody;

const SVIX_ID: &str = "svix-id";
const SVIX_TIMESTAMP: &str = "svix-timestamp";

impl Input for ClerkBody {
    /// Whoever has not signed it learns nothing of what is wrong with it.
    fn verify(app: &App, request: &HttpRequest, bytes: &[u8]) -> Result<()> {
        let webhook = app.clerk.as_ref().ok_or(Code::NotFound)?;
        let header =
            |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let [id, timestamp, signature] = [SVIX_ID, SVIX_TIMESTAMP, "svix-signature"].map(header);
        webhook.verify(id, timestamp, signature, bytes)
    }
}

/// Take an event of Clerk
///
/// `user.created`, `user.updated` and `user.deleted`, signed by Svix; others are taken and ignored, as are events older than the
/// last one applied. There is nothing here unless a signing secret is configured.
#[utoipa::path(
    post,
    path = "/webhooks/clerk",
    tag = "auth",
    security(("svix" = [])),
    params(
        ("svix-id" = String, Header, description = "The event's id: the same one is taken once.", example = "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj"),
        ("svix-timestamp" = String, Header, description = "When it was sent, in Unix seconds; within five minutes.", example = "1795446245"),
        ("svix-signature" = String, Header, description = "Signatures, `v1,` and Base64, with spaces between.", example = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=")
    ),
    responses((status = 204, description = "Taken."))
)]
pub async fn clerk(call: Call<Anyone, None, None, ClerkBody>) -> Answer {
    let webhook = call.app.clerk.as_ref().ok_or(Code::NotFound)?;
    let id = call.header(SVIX_ID).unwrap_or_default();
    let sent = call.header(SVIX_TIMESTAMP).and_then(|seconds| seconds.parse().ok());
    if let Some(event) = call.body.event(sent) {
        call.app.domain.apply_issuer_event(&webhook.issuer, id, event).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
