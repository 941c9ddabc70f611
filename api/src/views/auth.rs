use std::time::Duration;

use chrono::{DateTime, Utc};
use proxie_shared::auth::ACCESS_TTL;
use proxie_shared::domain::accounts::{Registration, SignIn};
use proxie_shared::error::Problem;
use proxie_shared::model::UserId;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::users::{Role, User, UserStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples;
use crate::http::Input;

/// `POST /auth/register`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "maya@example.com", "password": "correct horse battery", "name": "Maya"}))]
pub struct RegisterBody {
    /// Names the account; upper and lower case do not matter.
    #[schema(format = Email, min_length = 3, max_length = 254)]
    email: String,
    /// At least 8 characters.
    #[schema(min_length = 8, max_length = 200)]
    password: String,
    /// First name or full name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// A guest's token: what the guest has becomes the account's.
    #[schema(max_length = 8_192)]
    guest_token: Option<String>,
}

impl RegisterBody {
    /// What to sign up with, and a guest's token.
    pub fn into_parts(self) -> (Registration, Option<String>) {
        let name = self.name.map(|name| name.trim().to_owned());
        (Registration { email: self.email, password: self.password, name }, self.guest_token)
    }
}

impl Input for RegisterBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        let blank = self.name.as_deref().is_some_and(|name| name.trim().is_empty());
        if blank { vec![Problem::new("/name", "Say a name, or leave it out.")] } else { Vec::new() }
    }
}

/// `POST /auth/login`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "maya@example.com", "password": "correct horse battery"}))]
pub struct CredentialsBody {
    /// Names the account.
    #[schema(min_length = 1, max_length = 254)]
    pub email: String,
    /// Its password.
    #[schema(min_length = 1, max_length = 200)]
    pub password: String,
    /// A guest's token: what the guest has becomes the account's.
    #[schema(max_length = 8_192)]
    pub guest_token: Option<String>,
}

impl Input for CredentialsBody {}

/// `POST /auth/refresh` and `/auth/logout`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::refresh()))]
pub struct RefreshBody {
    /// A refresh token; that of the browser's cookie if absent.
    #[schema(min_length = 1, max_length = 200)]
    pub refresh_token: Option<String>,
}

impl Input for RefreshBody {
    const OPTIONAL: bool = true;
}

/// `POST /auth/password`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "current_password": "correct horse battery", "new_password": "staple correct horse"
}))]
pub struct PasswordBody {
    /// The present one.
    #[schema(min_length = 1, max_length = 200)]
    pub current_password: String,
    /// The one to be: at least 8 characters.
    #[schema(min_length = 8, max_length = 200)]
    pub new_password: String,
}

impl Input for PasswordBody {}

/// A token and whom it stands for.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::guest_token()))]
pub struct TokenView {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
    user: UserView,
}

/// Somebody who is signed in, with what proves it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::sign_in()))]
pub struct SignInView {
    access_token: String,
    /// Good once. Null in a browser, which has it in a cookie that no script can read.
    refresh_token: Option<String>,
    token_type: &'static str,
    /// How many seconds the access token is good.
    expires_in: u64,
    user: UserView,
}

/// A user as they see themselves.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::user()))]
pub struct UserView {
    id: UserId,
    role: Role,
    name: Option<String>,
}

/// A user with what is kept about them.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::me()))]
pub struct MeView {
    id: UserId,
    role: Role,
    status: UserStatus,
    name: Option<String>,
    /// Of the account here; null for users of other issuers.
    email: Option<String>,
    created_at: DateTime<Utc>,
}

impl TokenView {
    /// The view of a token just made.
    pub fn new(user: &User, access_token: String, ttl: Duration) -> Self {
        Self { access_token, token_type: "Bearer", expires_in: ttl.as_secs(), user: user.into() }
    }
}

impl SignInView {
    /// The view for a client that keeps the refresh token itself, or for a browser, which does not.
    pub fn new(sign_in: &SignIn, browser: bool) -> Self {
        Self {
            access_token: sign_in.access_token.clone(),
            refresh_token: (!browser).then(|| sign_in.refresh_token.clone()),
            token_type: "Bearer",
            expires_in: ACCESS_TTL.as_secs(),
            user: UserView::from(&sign_in.user),
        }
    }
}

impl From<&User> for UserView {
    fn from(user: &User) -> Self {
        Self { id: user.id, role: user.role, name: user.name.clone() }
    }
}

impl MeView {
    /// The view of a user in a role.
    pub fn new(user: &User, role: Role, email: Option<String>) -> Self {
        Self {
            id: user.id,
            role,
            status: user.status,
            name: user.name.clone(),
            email,
            created_at: user.created_at,
        }
    }
}
