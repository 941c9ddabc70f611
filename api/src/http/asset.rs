//! Files that are part of this program: anybody may read them as often as they like, so they are compressed once.

use std::io::{self, Write};

use actix_web::http::header::{
    ACCEPT_ENCODING, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, Encoding,
    Header, HeaderValue, VARY,
};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::OnceCell;

use super::Tag;

/// A file, and how it is sent.
pub struct Asset {
    content_type: String,
    cache: &'static str,
    tag: Tag,
    plain: Bytes,
    gzip: OnceCell<Bytes>,
}

impl Asset {
    /// Something that another release changes under the same address: asked for each time, and sent if it has changed.
    pub fn page(content_type: &str, content: impl Into<Bytes>) -> Self {
        Self::new(content_type, content.into(), "no-cache")
    }

    /// A part of a page: asked for once an hour.
    pub fn part(content_type: &str, content: impl Into<Bytes>) -> Self {
        Self::new(content_type, content.into(), "max-age=3600")
    }

    /// What has its content's hash in its name: asked for once.
    pub fn hashed(content_type: &str, content: impl Into<Bytes>) -> Self {
        Self::new(content_type, content.into(), "public, max-age=31536000, immutable")
    }

    fn new(content_type: &str, plain: Bytes, cache: &'static str) -> Self {
        let tag = Tag::of(&plain);
        Self { content_type: content_type.to_owned(), cache, tag, plain, gzip: OnceCell::new() }
    }

    /// The file, compressed for who takes that; nothing for who has it already. `policy` is what a page may load (CSP).
    pub async fn answer(&self, request: &HttpRequest, policy: &HeaderValue) -> HttpResponse {
        let known = self.tag.is_known(request);
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header(self.tag.header())
            .insert_header((CACHE_CONTROL, self.cache))
            .insert_header((VARY, ACCEPT_ENCODING.as_str()))
            .insert_header((CONTENT_SECURITY_POLICY, policy));
        if known {
            return response.finish();
        }
        response.content_type(self.content_type.as_str());
        let gzip = if takes_gzip(request) { self.gzip().await } else { None };
        match gzip {
            Some(gzip) => response.insert_header((CONTENT_ENCODING, "gzip")).body(gzip),
            None => response.body(self.plain.clone()),
        }
    }

    /// Compressed by the first who asks, off the threads that answer.
    async fn gzip(&self) -> Option<Bytes> {
        let plain = self.plain.clone();
        let compressing = || async { web::block(move || compress(&plain)).await.map_err(io::Error::other)? };
        self.gzip.get_or_try_init(compressing).await.ok().cloned()
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let supported = [Encoding::gzip(), Encoding::identity()];
    let accepted = AcceptEncoding::parse(request).ok();
    accepted.and_then(|accepted| accepted.negotiate(supported.iter())) == Some(Encoding::gzip())
}

fn compress(plain: &[u8]) -> io::Result<Bytes> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(plain)?;
    Ok(gzip.finish()?.into())
}
