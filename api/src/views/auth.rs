use std::time::Duration;

use proxie_shared::model::UserId;
use proxie_shared::model::users::{Role, User};
use serde::Serialize;
use utoipa::ToSchema;

/// A token and whom it stands for.
#[derive(Serialize, ToSchema)]
pub struct TokenView {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
    user: UserView,
}

/// A user as they see themselves.
#[derive(Serialize, ToSchema)]
pub struct UserView {
    id: UserId,
    role: Role,
    name: Option<String>,
}

impl TokenView {
    /// The view of a token just made.
    pub fn new(user: &User, access_token: String, ttl: Duration) -> Self {
        let user = UserView { id: user.id, role: user.role, name: user.name.clone() };
        Self { access_token, token_type: "Bearer", expires_in: ttl.as_secs(), user }
    }
}
