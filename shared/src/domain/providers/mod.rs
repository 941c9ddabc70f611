//! Providers: who does the work.

mod business;
mod create;
mod edit;
mod embedding;
mod portfolio;
mod read;
mod search;
mod services;
mod settings;
mod suspend;
mod templates;

pub use business::{Business, NewBusiness, Offered};
pub use create::Opened;
pub(in crate::domain) use create::create_in;
pub use edit::Change;
pub(in crate::domain) use embedding::ask_for_embedding;
pub use portfolio::{Show, Shown};
pub use read::Profile;
pub use search::Wish;
pub use services::ServiceChange;
pub use settings::Stats;
pub use templates::{TemplateChange, Words};

use crate::auth::Actor;
use crate::db::{self, Conn};
use crate::error::{Code, Error, Problem, Result};
use crate::model::ProviderId;
use crate::model::providers::Provider;
use crate::model::users::UserStatus;

/// A provider that the caller may change, locked till the transaction ends; what an admin does is written down. Whoever
/// closes their account locks it too: nothing is said any more of one that was erased.
async fn lock_own(conn: &mut Conn, actor: &Actor, id: ProviderId, action: &str) -> Result<Provider> {
    let provider = db::providers::lock_for(conn, actor.scope(), id).await?;
    if db::users::get(conn, provider.user_id).await?.status == UserStatus::Deleted {
        return Err(Error::not_yours());
    }
    super::audit::record_unless_own(conn, actor, action, id.0, provider.user_id).await?;
    Ok(provider)
}

/// There is none, or none that the reader sees.
pub(in crate::domain) fn no_provider() -> Error {
    Error::new(Code::NotFound).detail("There is no such provider.")
}

/// Refuses a body with problems.
fn refuse(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let below = |p: Problem| Problem { pointer: format!("/body{}", p.pointer), ..p };
    Err(Error::invalid(problems.into_iter().map(below).collect()))
}
