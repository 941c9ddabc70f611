//! Entity tags: who has an answer already is not sent it again.

use actix_web::http::header::{CACHE_CONTROL, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The tag of an answer, by what is in it.
pub struct Tag(EntityTag);

impl Tag {
    /// The tag of a content. Weak: the same for its compressed form.
    pub fn of(content: &[u8]) -> Self {
        let hash = Sha256::digest(content);
        let first: [u8; 8] = std::array::from_fn(|at| hash[at]);
        Self(EntityTag::new_weak(format!("{:x}", u64::from_be_bytes(first))))
    }

    /// As a header.
    pub fn header(&self) -> ETag {
        ETag(self.0.clone())
    }

    /// Whether the caller has what it stands for.
    pub fn is_known(&self, request: &HttpRequest) -> bool {
        match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.0)),
            _ => false,
        }
    }
}

/// JSON that many read and few change: asked for each time, and sent if it has changed.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn tagged(request: &HttpRequest, view: &impl Serialize) -> serde_json::Result<HttpResponse> {
    let content = serde_json::to_vec(view)?;
    let tag = Tag::of(&content);
    let known = tag.is_known(request);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header(tag.header()).insert_header((CACHE_CONTROL, "no-cache"));
    if known {
        return Ok(response.finish());
    }
    Ok(response.content_type("application/json").body(content))
}
