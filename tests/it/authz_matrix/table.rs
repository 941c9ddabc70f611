//! Who may do what, written by hand from the contract (§2): one line an operation and whose thing it is about, one column
//! a caller. Nothing here is derived from the code.
//!
//! Whose it is: `own`, `another's` or `unknown`, which is what nobody has; behind a dash how it stands, if that matters.
//! `as-consumer` is a message to an agent that plays that role; `signed` and `forged` are events where Clerk is configured.
//!
//! A cell is a status; `un` is 401 `unauthenticated`, `ac` 401 `account_closed`, `wr` 403 `wrong_role`, `ar` 403
//! `account_required`, `ny` 403 `not_yours`, `nf` 404 `not_found`, `im` 409 `illegal_move`, `in` 422 `invalid`.

/// Who calls: the columns.
pub const CALLERS: [&str; 8] =
    ["none", "bad", "expired", "guest", "consumer", "provider", "admin", "suspended"];

pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
GET /health                             -         | 200  un  un      200   200      200      200   ac
GET /ready                              -         | 200  un  un      200   200      200      200   ac
GET /metrics                            -         | 200  un  un      200   200      200      200   ac
GET /api/docs                           -         | 200  un  un      200   200      200      200   ac
GET /api/docs/errors                    -         | 200  un  un      200   200      200      200   ac
GET /api/docs/{file}                    own       | 200  un  un      200   200      200      200   ac
GET /api/docs/{file}                    unknown   | nf   un  un      nf    nf       nf       nf    ac
GET /api/redoc                          -         | 200  un  un      200   200      200      200   ac
GET /api/redoc/{file}                   own       | 200  un  un      200   200      200      200   ac
GET /api/redoc/{file}                   unknown   | nf   un  un      nf    nf       nf       nf    ac
GET /api/openapi.json                   -         | 200  un  un      200   200      200      200   ac
POST /auth/register                     -         | 201  un  un      201   201      201      201   ac
POST /auth/register                     own       | 201  un  un      201   201      201      201   ac
POST /auth/register                     another's | in   un  un      in    in       in       in    ac
POST /auth/register                     unknown   | in   un  un      in    in       in       in    ac
POST /auth/login                        -         | 200  un  un      200   200      200      200   ac
POST /auth/login                        own       | 200  un  un      200   200      200      200   ac
POST /auth/login                        another's | in   un  un      in    in       in       in    ac
POST /auth/login                        unknown   | in   un  un      in    in       in       in    ac
POST /auth/refresh                      -         | 200  un  un      200   200      200      200   ac
POST /auth/refresh                      unknown   | un   un  un      un    un       un       un    ac
POST /auth/logout                       -         | 204  un  un      204   204      204      204   ac
POST /auth/logout                       unknown   | 204  un  un      204   204      204      204   ac
POST /auth/guest                        -         | 201  un  un      201   201      201      201   ac
POST /auth/password                     -         | un   un  un      ar    200      200      200   ac
GET /auth/me                            -         | un   un  un      ar    200      200      200   ac
DELETE /auth/me                         -         | un   un  un      ar    204      204      204   ac
GET /auth/me/export                     -         | un   un  un      ar    200      200      200   ac
POST /webhooks/clerk                    -         | nf   un  un      nf    nf       nf       nf    ac
POST /webhooks/clerk                    signed    | 204  un  un      204   204      204      204   ac
POST /webhooks/clerk                    forged    | un   un  un      un    un       un       un    ac
POST /chat                              -         | 202  un  un      202   202      202      202   ac
POST /chat                              own       | ny   un  un      202   202      202      202   ac
POST /chat                              another's | ny   un  un      ny    ny       ny       ny    ac
POST /chat                              another's-said | ny un un ny ny      ny       ny       ac
POST /chat                              unknown   | ny   un  un      ny    ny       ny       ny    ac
POST /chat                              as-guest  | 202  un  un      202   wr       wr       wr    ac
POST /chat                              as-consumer | 202 un un      202   202      wr       202   ac
POST /chat                              as-provider | ar un  un      ar    wr       202      wr    ac
POST /chat                              as-enrollment | ar un un     ar    202      202      202   ac
GET /chat/status/{task_id}              own       | un   un  un      200   200      200      200   ac
GET /chat/status/{task_id}              another's | un   un  un      ny    ny       ny       200   ac
GET /chat/status/{task_id}              unknown   | un   un  un      ny    ny       ny       ny    ac
POST /chat/cancel/{task_id}             own       | un   un  un      200   200      200      200   ac
POST /chat/cancel/{task_id}             another's | un   un  un      ny    ny       ny       200   ac
POST /chat/cancel/{task_id}             unknown   | un   un  un      ny    ny       ny       ny    ac
POST /chat/cancel/{task_id}             own-live  | un   un  un      200   200      200      200   ac
POST /chat/cancel/{task_id}             another's-live | un un un    ny    ny       ny       200   ac
POST /chat/cancel/{task_id}             own-matching | un un un      im    im       im       im    ac
POST /chat/cancel/{task_id}             another's-matching | un un un ny   ny       ny       im    ac
POST /chat/retry/{task_id}              own       | un   un  un      202   202      202      202   ac
POST /chat/retry/{task_id}              another's | un   un  un      ny    ny       ny       202   ac
POST /chat/retry/{task_id}              unknown   | un   un  un      ny    ny       ny       ny    ac
POST /chat/retry/{task_id}              own-live  | un   un  un      im    im       im       im    ac
POST /chat/retry/{task_id}              another's-live | un un un    ny    ny       ny       im    ac
GET /chat/sessions                      -         | un   un  un      200   200      200      200   ac
POST /chat/sessions/claim               own       | un   un  un      ar    200      wr       wr    ac
POST /chat/sessions/claim               another's | un   un  un      ar    in       wr       wr    ac
POST /chat/sessions/claim               unknown   | un   un  un      ar    in       wr       wr    ac
GET /chat/sessions/{session_id}         own       | un   un  un      200   200      200      200   ac
GET /chat/sessions/{session_id}         another's | un   un  un      ny    ny       ny       200   ac
GET /chat/sessions/{session_id}         unknown   | un   un  un      ny    ny       ny       ny    ac
DELETE /chat/sessions/{session_id}      own       | un   un  un      204   204      204      204   ac
DELETE /chat/sessions/{session_id}      another's | un   un  un      ny    ny       ny       204   ac
DELETE /chat/sessions/{session_id}      unknown   | un   un  un      ny    ny       ny       ny    ac
POST /requests                          -         | un   un  un      ar    201      wr       wr    ac
GET /admin/audit                        -         | un   un  un      ar    wr       wr       200   ac
PUT /admin/users/{user_id}/status       own       | un   un  un      ar    wr       wr       200   ac
PUT /admin/users/{user_id}/status       another's | un   un  un      ar    wr       wr       200   ac
PUT /admin/users/{user_id}/status       unknown   | un   un  un      ar    wr       wr       ny    ac
PUT /admin/users/{user_id}/role         own       | un   un  un      ar    wr       wr       200   ac
PUT /admin/users/{user_id}/role         another's | un   un  un      ar    wr       wr       200   ac
PUT /admin/users/{user_id}/role         unknown   | un   un  un      ar    wr       wr       ny    ac
";

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
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with("operation")).map(row).collect()
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
        "ny" => (403, Some("not_yours")),
        "nf" => (404, Some("not_found")),
        "im" => (409, Some("illegal_move")),
        "in" => (422, Some("invalid")),
        status => (status.parse().expect("a status"), None),
    };
    Cell { status, code }
}
