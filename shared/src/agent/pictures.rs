//! Photos of a message, as models are shown them: small ones, and few.

use futures::TryStreamExt;

use crate::error::Result;
use crate::llm::Image;
use crate::model::media::{Media, MediaKind, Variant};
use crate::storage::Store;

/// The most photos that a model is shown with one message.
const MOST: usize = 6;

/// The photos of a message. One that is gone from the store meanwhile is left out.
pub(super) async fn load(store: &Store, photos: &[Media]) -> Result<Vec<Image>> {
    let mut images = Vec::new();
    for photo in photos.iter().filter(|photo| photo.kind == MediaKind::Image).take(MOST) {
        let Some(object) = store.get(photo.id, Variant::Thumb, None).await? else { continue };
        let bytes: Vec<bytes::Bytes> = object.stream.try_collect().await?;
        // A small picture is always a JPEG.
        images.push(Image { mime: "image/jpeg".to_owned(), bytes: bytes.concat().into() });
    }
    Ok(images)
}
