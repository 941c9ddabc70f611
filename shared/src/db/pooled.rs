use std::ops::{Deref, DerefMut};

use diesel_async::pooled_connection::PoolableConnection;
use diesel_async::pooled_connection::deadpool::Object;

use super::Conn;

/// A connection of the pool, given back when this is dropped.
///
/// A call can end in the middle of a transaction: its caller leaves, or its time is up. Such a connection is closed at
/// once: in the pool it would keep its locks until somebody happened to be given it.
pub struct Pooled(Option<Object<Conn>>);

impl Pooled {
    pub(super) fn new(conn: Object<Conn>) -> Self {
        Self(Some(conn))
    }
}

#[allow(clippy::expect_used, reason = "it is there until this is dropped")]
impl Deref for Pooled {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.0.as_ref().expect("a connection")
    }
}

#[allow(clippy::expect_used, reason = "it is there until this is dropped")]
impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Conn {
        self.0.as_mut().expect("a connection")
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if let Some(mut conn) = self.0.take()
            && conn.is_broken()
        {
            drop(Object::take(conn));
        }
    }
}
