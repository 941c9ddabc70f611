use actix_web::HttpResponse;
use proxie_shared::auth::Anyone;
use proxie_shared::error::Code;

use crate::http::{Answer, Call, None};
use crate::views::webhooks::ClerkBody;

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
    let [id, timestamp, signature] =
        ["svix-id", "svix-timestamp", "svix-signature"].map(|name| call.header(name).unwrap_or_default());
    webhook.verify(id, timestamp, signature, &call.bytes)?;
    if let Some(event) = call.body.event(timestamp.parse().ok()) {
        call.app.domain.apply_issuer_event(&webhook.issuer, id, event).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
