//! What the database refuses by name, as codes.

use super::Code;

/// The code of a named constraint that a client can run into; others are our own mistakes.
pub(super) fn code(constraint: &str) -> Option<Code> {
    match constraint {
        // The caller's own row is gone.
        "requests_user_id_fkey" | "chat_sessions_user_id_fkey" | "tasks_user_id_fkey" => {
            Some(Code::AccountClosed)
        }
        "accounts_email_key" => Some(Code::EmailTaken),
        "tasks_stay_ended" => Some(Code::IllegalMove),
        _ => None,
    }
}
