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

/// The largest picture, in bytes.
pub const PICTURE_MAX: u64 = 20 * 1_024 * 1_024;
/// The largest film, in bytes.
pub const FILM_MAX: u64 = 100 * 1_024 * 1_024;
/// The most pixels of a picture.
pub const PIXELS_MAX: u64 = 50_000_000;
/// The longer side of the small picture that is made of each, in pixels.
pub const THUMB_SIDE: u32 = 400;
/// The most pictures of a guest.
pub const GUEST_PICTURES: i64 = 5;
/// How long a link to a file is good, in seconds.
pub const LINK_SECONDS: i64 = 15 * 60;

/// What is kept of a picture or a film.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
    strum::Display,
)]
#[strum(serialize_all = "snake_case")]
pub enum Variant {
    /// All of it.
    Original,
    /// A small picture of it, always a JPEG.
    Thumb,
}

/// Who may see it, which decides whether caches may keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Audience {
    /// Everybody: it is shown in the portfolio of a provider, or is their photo.
    Public,
    /// Its owner, and those to whom the owner shows it.
    Private,
}
