use actix_web::HttpResponse;
use proxie_shared::auth::GUEST_TTL;

use crate::http::{Answer, Anyone, Call};
use crate::views::auth::TokenView;

/// `POST /auth/guest`: a guest, good for 30 days.
pub async fn guest(call: Call<Anyone>) -> Answer {
    let (guest, token) = call.app.domain.make_guest(call.app.auth.tokens()).await?;
    Ok(HttpResponse::Created().json(TokenView::new(&guest, token, GUEST_TTL)))
}
