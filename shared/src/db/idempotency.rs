//! First answers to calls with an `Idempotency-Key`.
//!
//! A key is written in the transaction of what the call does, together with the answer: the effect and the memory of it
//! are there both or neither. A second call with the key waits at the unique index until the first has committed.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Bool, Bytea, Json, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Conn;
use super::owned::own;
use super::schema::idempotency_keys;
use super::statement::statement;
use crate::error::{Code, Error, More, Problem, Result};
use crate::model::UserId;

/// A call that shall have its effect once, for 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Whose key it is: another's may be the same.
    pub user_id: UserId,
    /// Method and route, as in `POST /chat`.
    pub route: String,
    /// What the caller chose.
    pub key: String,
    /// SHA-256 of what was sent.
    pub sent: Vec<u8>,
}

/// An answer of success.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The path of what was made.
    pub location: Option<String>,
    /// JSON.
    pub body: Value,
}

/// A key with the answer that its call will have.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// The key.
    pub key: Key,
    /// [`Reply`] as JSON.
    pub answer: String,
}

/// A refusal, to be refused in the same words.
#[derive(Serialize, Deserialize)]
struct Refusal {
    refused: String,
    detail: String,
    problems: Vec<Problem>,
    #[serde(default)]
    more: Option<Box<More>>,
}

statement! {
    /// Takes a key that is new or older than a day.
    Claim { user_id: UserId => Uuid, route: String => Text, key: String => Text, sent: Vec<u8> => Bytea } -> Bool =
    "INSERT INTO idempotency_keys (user_id, route, key, sent) VALUES (?, ?, ?, ?)
     ON CONFLICT (user_id, route, key) DO UPDATE SET sent = excluded.sent, answer = NULL, created_at = now()
       WHERE idempotency_keys.created_at < now() - interval '24 hours'
     RETURNING true"
}

/// Takes the key for this transaction, or finds what was answered to it before.
///
/// # Errors
/// The first answer if it was a refusal; `idempotency_mismatch`; `idempotency_in_flight` when the first call does not end.
pub async fn claim(conn: &mut Conn, key: &Key) -> Result<Option<Reply>> {
    let Key { user_id, route, key: text, sent } = key.clone();
    let claimed: Vec<bool> =
        Claim { user_id, route, key: text, sent }.get_results(conn).await.map_err(|error: DieselError| {
            match Error::from(error) {
                error if error.is_lock_timeout() => Error::new(Code::IdempotencyInFlight).because(error),
                error => error,
            }
        })?;
    match claimed.is_empty() {
        true => find(conn, key).await,
        false => Ok(None),
    }
}

/// What a key is called, whosever it is.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_named(key: &Key) -> _ {
    let route: &str = &key.route;
    let name: &str = &key.key;
    idempotency_keys::route.eq(route).and(idempotency_keys::key.eq(name))
}

/// What was answered to this key.
///
/// # Errors
/// The first answer if it was a refusal; `idempotency_mismatch`.
pub async fn find(conn: &mut Conn, key: &Key) -> Result<Option<Reply>> {
    let first: Option<(Vec<u8>, Option<Value>)> = idempotency_keys::table
        .filter(own!("idempotency.find", idempotency_keys::user_id, key.user_id))
        .filter(is_named(key))
        .filter(idempotency_keys::created_at.gt(sql::<Timestamptz>("now() - interval '24 hours'")))
        .select((idempotency_keys::sent, idempotency_keys::answer))
        .get_result(conn)
        .await
        .optional()?;
    match first {
        Some((sent, _)) if sent != key.sent => Err(Code::IdempotencyMismatch.into()),
        Some((_, Some(answer))) => read(answer).map(Some),
        Some((_, None)) | None => Ok(None),
    }
}

/// Writes down what this transaction answers.
///
/// # Errors
/// When the database is away.
pub async fn keep(conn: &mut Conn, key: &Key, reply: &Reply) -> Result<()> {
    let answer = serde_json::to_value(reply)?;
    let kept = own!("idempotency.keep", idempotency_keys::user_id, key.user_id);
    diesel::update(idempotency_keys::table.filter(kept).filter(is_named(key)))
        .set(idempotency_keys::answer.eq(Some(answer)))
        .execute(conn)
        .await?;
    Ok(())
}

statement! {
    /// In place of what is older than a day or, if so told, of what was to be answered to the same call.
    Remember {
        user_id: UserId => Uuid,
        route: String => Text,
        key: String => Text,
        sent: Vec<u8> => Bytea,
        answer: Value => Json,
        instead: bool => Bool,
    } -> Bool =
    "INSERT INTO idempotency_keys AS k (user_id, route, key, sent, answer) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (user_id, route, key) DO UPDATE
       SET sent = excluded.sent, answer = excluded.answer, created_at = now()
       WHERE k.created_at < now() - interval '24 hours' OR (? AND k.sent = excluded.sent)
     RETURNING true"
}

async fn remember(conn: &mut Conn, key: &Key, answer: Value, instead: bool) -> Result<()> {
    let Key { user_id, route, key, sent } = key.clone();
    let remember = Remember { user_id, route, key, sent, answer, instead };
    remember.get_results::<bool>(conn).await?;
    Ok(())
}

/// Writes down what a call was answered that had no effect, as what it does was done before.
///
/// # Errors
/// When the database is away.
pub async fn keep_instead(conn: &mut Conn, key: &Key, reply: &Reply) -> Result<()> {
    remember(conn, key, serde_json::to_value(reply)?, true).await
}

/// Writes down a refusal, unless something was answered before.
///
/// # Errors
/// When the database is away.
pub async fn keep_refusal(conn: &mut Conn, key: &Key, error: &Error) -> Result<()> {
    let refusal = Refusal {
        refused: error.code.to_string(),
        detail: error.detail.clone().into_owned(),
        problems: error.problems.clone(),
        more: error.more.clone(),
    };
    remember(conn, key, serde_json::to_value(refusal)?, false).await
}

statement! {
    /// The oldest first, by their index.
    Sweep { most: i64 => BigInt } -> Bool =
    "DELETE FROM idempotency_keys WHERE (user_id, route, key) IN (
       SELECT user_id, route, key FROM idempotency_keys WHERE created_at < now() - interval '24 hours'
       ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING true"
}

/// Deletes keys that are older than a day, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn sweep(conn: &mut Conn, most: i64) -> Result<usize> {
    let swept: Vec<bool> = Sweep { most }.get_results(conn).await?;
    Ok(swept.len())
}

fn read(answer: Value) -> Result<Reply> {
    if let Ok(refusal) = serde_json::from_value::<Refusal>(answer.clone()) {
        let mut error = Error::new(refusal.refused.parse().unwrap_or(Code::Internal)).detail(refusal.detail);
        error.problems = refusal.problems;
        error.more = refusal.more;
        return Err(error);
    }
    Ok(serde_json::from_value(answer)?)
}
