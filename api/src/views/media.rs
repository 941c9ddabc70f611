use chrono::{DateTime, Utc};
use proxie_shared::auth::{Link, Links};
use proxie_shared::model::MediaId;
use proxie_shared::model::media::{Audience, Media, MediaKind, Variant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples;
use crate::http::Input;

/// `/media/{media_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaPath {
    /// The picture or film.
    #[schema(value_type = String, format = Uuid, example = json!(examples::MEDIA))]
    pub media_id: MediaId,
}

impl Input for MediaPath {}

/// `/media/{media_id}/{file}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaFilePath {
    /// The picture or film.
    #[schema(value_type = String, format = Uuid, example = json!(examples::MEDIA))]
    pub media_id: MediaId,
    /// Which file of it, until when the link is good, and a signature.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,200}$", example = json!(examples::MEDIA_FILE))]
    pub file: String,
}

impl Input for MediaFilePath {}

/// A picture or film, with links to its files.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::media()))]
pub struct MediaView {
    #[schema(value_type = String, format = Uuid)]
    id: MediaId,
    /// Where it is, below the address of this API. Whoever has the link may read it until `expires_at`.
    url: String,
    /// Where a small JPEG of a picture is; of a film there is none.
    thumb_url: Option<String>,
    /// `image/jpeg`, `image/png`, `image/webp` or `video/mp4`.
    mime: String,
    /// In pixels, as it is seen; of a film, if it says so.
    width: Option<i32>,
    /// In pixels, as it is seen; of a film, if it says so.
    height: Option<i32>,
    /// When the links cease to be good; ask again for others.
    expires_at: DateTime<Utc>,
}

impl MediaView {
    /// The view of media for an audience: public where it is shown as the photo or in the portfolio of a provider who can
    /// be seen.
    pub fn new(media: &Media, links: &Links, audience: Audience) -> Self {
        let now = Utc::now();
        let link = |variant| Link::new(variant, audience, now);
        let url = |variant| format!("/media/{}/{}", media.id, links.sign(media.id, &link(variant)));
        Self {
            id: media.id,
            url: url(Variant::Original),
            thumb_url: (media.kind == MediaKind::Image).then(|| url(Variant::Thumb)),
            mime: media.mime.clone(),
            width: media.width,
            height: media.height,
            expires_at: link(Variant::Original).expires_at,
        }
    }
}
