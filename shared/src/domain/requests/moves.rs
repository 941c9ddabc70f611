//! Moves of a request from one state to the next.

use chrono::Utc;

use crate::db::{self, Conn};
use crate::error::{Code, Error, Result};
use crate::model::UserId;
use crate::model::requests::{Request, RequestStatus};
use crate::model::states::State;

/// Moves a request, whose row the caller has locked, on behalf of `actor`, or of nobody: time or a task.
///
/// # Errors
/// `request_closed` or `illegal_move` when it may not go there from where it stands; one whose time is over stands as
/// expired, also before the sweep has come by.
pub(in crate::domain) async fn move_to(
    conn: &Conn,
    request: &Request,
    to: RequestStatus,
    actor: Option<UserId>,
    note: Option<&str>,
) -> Result<()> {
    require_move(request, to)?;
    if db::requests::move_to(conn, request.id, request.status, to, actor, note).await? {
        Ok(())
    } else {
        Err(Error::illegal_move(Code::IllegalMove, request.status))
    }
}

/// Whether a request may go on to `to`.
///
/// # Errors
/// As [`move_to`].
pub(in crate::domain) fn require_move(request: &Request, to: RequestStatus) -> Result<()> {
    let from = request.stands_at(Utc::now());
    let lapses = to == RequestStatus::Expired && request.status.may_become(to);
    if from.may_become(to) || lapses { Ok(()) } else { Err(refusal(from)) }
}

/// Why a request that stands there does not move as it should.
pub(in crate::domain) fn refusal(from: RequestStatus) -> Error {
    let code = if from.is_open() { Code::IllegalMove } else { Code::RequestClosed };
    Error::illegal_move(code, from)
}
