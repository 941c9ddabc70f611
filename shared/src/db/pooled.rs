use std::ops::{Deref, DerefMut};

use diesel_async::pooled_connection::PoolableConnection;
use diesel_async::pooled_connection::deadpool::Object;
use tokio::sync::OwnedMutexGuard;

use super::Conn;

/// A connection, given back when this is dropped: to the pool, or to the [transaction](super::Transaction) that lent it.
///
/// A call can end in the middle of a transaction: its caller leaves, or its time is up. Such a connection is closed at
/// once: in the pool it would keep its locks until somebody happened to be given it.
pub struct Pooled(Held);

#[allow(
    clippy::large_enum_variant,
    reason = "nearly all are of the pool, and are not to be allocated each time"
)]
enum Held {
    /// Of the pool; nothing once it is dropped.
    Own(Option<Object<Conn>>),
    /// Of a transaction that goes on.
    Lent(OwnedMutexGuard<Pooled>),
}

impl Pooled {
    pub(super) fn new(conn: Object<Conn>) -> Self {
        Self(Held::Own(Some(conn)))
    }

    pub(super) fn lent(conn: OwnedMutexGuard<Self>) -> Self {
        Self(Held::Lent(conn))
    }
}

#[allow(clippy::expect_used, reason = "it is there until this is dropped")]
impl Deref for Pooled {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        match &self.0 {
            Held::Own(conn) => conn.as_ref().expect("a connection"),
            Held::Lent(conn) => conn,
        }
    }
}

#[allow(clippy::expect_used, reason = "it is there until this is dropped")]
impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Conn {
        match &mut self.0 {
            Held::Own(conn) => conn.as_mut().expect("a connection"),
            Held::Lent(conn) => conn,
        }
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if let Held::Own(conn) = &mut self.0
            && let Some(mut conn) = conn.take()
            && conn.is_broken()
        {
            drop(Object::take(conn));
        }
    }
}
