//! Media: pictures and films that people upload.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::sql_enum::sql_enum;
use super::{MediaId, UserId};
use crate::db::schema::{media, sql_types};

sql_enum! {
    /// What it is.
    MediaKind as sql_types::MediaKind {
        /// A picture.
        Image,
        /// A film.
        Video,
    }
}

/// A row of `media`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = media, check_for_backend(diesel::pg::Pg))]
pub struct Media {
    /// Its id.
    pub id: MediaId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is.
    pub kind: MediaKind,
    /// IANA media type.
    pub mime: String,
    /// Its size.
    pub bytes: i64,
    /// Of a picture, in pixels.
    pub width: Option<i32>,
    /// Of a picture, in pixels.
    pub height: Option<i32>,
    /// When the store had all of it; null until then.
    pub ready_at: Option<DateTime<Utc>>,
    /// When its upload began.
    pub created_at: DateTime<Utc>,
}
