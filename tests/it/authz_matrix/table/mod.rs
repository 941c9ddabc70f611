//! Who may do what, written by hand from the contract (§2): one line an operation and whose thing it is about, one column
//! a caller. Nothing here is derived from the code.
//!
//! Whose it is: `own`, `another's` or `unknown`, which is what nobody has; behind a dash how it stands, if that matters.
//! `as-consumer` is a message to an agent that plays that role; `signed` and `forged` are events where Clerk is configured.
//!
//! A cell is a status; `un` is 401 `unauthenticated`, `ac` 401 `account_closed`, `wr` 403 `wrong_role`, `ar` 403
//! `account_required`, `np` 403 `no_provider_profile`, `ny` 403 `not_yours`, `nf` 404 `not_found`, `im` 409 `illegal_move`, `rc` 409
//! `request_closed`, `mu` 409 `media_in_use`, `dc` 409 `draft_changed`, `in` 422 `invalid`.

mod accounts_and_chat;
mod bookings;
mod catalog;
mod consumers;
mod enrollment;
mod leads;
mod media;
mod notifications;
mod offers;
mod providers;
mod requests;
mod reviews;
mod slots;
mod tasks;

/// Who calls: the columns.
pub const CALLERS: [&str; 8] =
    ["none", "bad", "expired", "guest", "consumer", "provider", "admin", "suspended"];

/// A table a noun, each with the same head.
const TABLES: &[&str] = &[
    accounts_and_chat::TABLE,
    catalog::TABLE,
    consumers::TABLE,
    enrollment::TABLE,
    leads::TABLE,
    media::TABLE,
    notifications::TABLE,
    providers::TABLE,
    requests::TABLE,
    slots::TABLE,
    bookings::TABLE,
    offers::TABLE,
    reviews::TABLE,
    tasks::TABLE,
];

/// What a caller must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub status: u16,
    pub code: Option<&'static str>,
}

/// A line of the table.
pub struct Row {
    /// `METHOD /path`
    pub operation: String,
    /// `-` where it is about nothing that somebody has.
    pub whose: &'static str,
    /// How it stands, where that matters.
    pub state: Option<&'static str>,
    /// In the order of [`CALLERS`].
    pub cells: Vec<Cell>,
}

pub fn rows() -> Vec<Row> {
    let lines = TABLES.iter().flat_map(|table| table.lines());
    lines.filter(|line| !line.is_empty() && !line.starts_with("operation")).map(row).collect()
}

fn row(line: &'static str) -> Row {
    let (what, cells) = line.split_once('|').expect("a bar");
    let (operation, whose) = what.trim().rsplit_once(' ').expect("whose it is");
    let (whose, state) = match whose.split_once('-') {
        Some((whose @ ("own" | "another's" | "unknown"), state)) => (whose, Some(state)),
        _ => (whose, None),
    };
    let cells: Vec<Cell> = cells.split_whitespace().map(cell).collect();
    assert_eq!(cells.len(), CALLERS.len(), "{line}");
    Row { operation: operation.trim().to_owned(), whose, state, cells }
}

fn cell(text: &'static str) -> Cell {
    let (status, code) = match text {
        "un" => (401, Some("unauthenticated")),
        "ac" => (401, Some("account_closed")),
        "wr" => (403, Some("wrong_role")),
        "ar" => (403, Some("account_required")),
        "np" => (403, Some("no_provider_profile")),
        "ny" => (403, Some("not_yours")),
        "nf" => (404, Some("not_found")),
        "im" => (409, Some("illegal_move")),
        "rc" => (409, Some("request_closed")),
        "mu" => (409, Some("media_in_use")),
        "dc" => (409, Some("draft_changed")),
        "in" => (422, Some("invalid")),
        status => (status.parse().expect("a status"), None),
    };
    Cell { status, code }
}
