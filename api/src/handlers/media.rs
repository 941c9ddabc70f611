use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE, ETAG, HeaderValue,
    IF_NONE_MATCH,
};
use proxie_shared::auth::{Actor, Anyone};
use proxie_shared::domain::Once;
use proxie_shared::domain::media::Opened;
use proxie_shared::error::{Code, Error};
use proxie_shared::model::media::{Audience, Media, Variant};

use crate::http::{Answer, Call, None, Part, Upload, part};
use crate::views::media::{MediaFilePath, MediaPath, MediaView};
use crate::views::reply;

/// Upload a picture or a film
///
/// JPEG, PNG and WebP up to 20 MB and 50 megapixels, MP4 up to 100 MB. What the file is counts, not what it is called.
/// Everything that is not picture or sound is taken out of it, first of all where it was taken; a picture is turned as its
/// camera was held. What hangs on nothing after a day is deleted. Guests have up to five pictures, and no films.
#[utoipa::path(
    post,
    path = "/media",
    tag = "media",
    responses((
        status = 201,
        description = "Kept.",
        body = MediaView,
        headers(("Location" = String, description = "Where it is."))
    ))
)]
pub async fn post(call: Call<Actor, None, None, Upload>) -> Answer {
    let links = call.app.gallery.links();
    let once = Once::new(call.key.as_ref(), |media: &Media| {
        reply::created(format!("/media/{}", media.id), MediaView::new(media, links, Audience::Private))
    });
    Ok(reply::answer(call.app.gallery.add(&call.actor, call.body.file, &once).await?))
}

/// Read where a picture or film is
///
/// For its owner and for whom it is shown to: a photo or portfolio of a provider to everybody, what hangs on a request to
/// the providers it went to. The links are good for 15 minutes.
#[utoipa::path(get, path = "/media/{media_id}", tag = "media", responses((status = 200, body = MediaView)))]
pub async fn get(call: Call<Actor, MediaPath>) -> Answer {
    let seen = call.app.gallery.media(&call.actor, call.path.media_id).await?;
    let audience = if seen.public { Audience::Public } else { Audience::Private };
    Ok(HttpResponse::Ok().json(MediaView::new(&seen.media, call.app.gallery.links(), audience)))
}

/// Delete a picture or film
///
/// Take it out first of whatever shows it.
#[utoipa::path(
    delete,
    path = "/media/{media_id}",
    tag = "media",
    responses((status = 204, description = "Gone."))
)]
pub async fn delete(call: Call<Actor, MediaPath>) -> Answer {
    call.app.gallery.delete(&call.actor, call.path.media_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read a picture or film
///
/// By a link of its view, which needs no token. Of a large file parts can be asked for with `Range`.
#[utoipa::path(
    get,
    path = "/media/{media_id}/{file}",
    tag = "media",
    responses(
        (status = 200, description = "The file.", body = String, content_type = "*/*"),
        (status = 206, description = "The part of it that was asked for.", body = String, content_type = "*/*"),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn file(call: Call<Anyone, MediaFilePath>) -> Answer {
    let (id, file) = (call.path.media_id, call.path.file.as_str());
    // What is kept never changes.
    let tag = format!("\"{id}.{}\"", file.split('.').next().unwrap_or_default());
    let mut beyond = Option::None;
    let asked = |size| match part(&call.request, &tag, size) {
        Part::All => Ok(Option::None),
        Part::Bytes(range) => Ok(Some(range)),
        Part::Beyond => {
            beyond = Some(size);
            Err(Error::new(Code::NoSuchRange))
        }
    };
    let opened =
        call.app.gallery.open(id, file, asked).await.map_err(|error| no_such_range(error, beyond))?;
    if call.header(IF_NONE_MATCH.as_str()) == Some(&tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, cache(&opened)))
            .finish());
    }
    Ok(send(opened, tag))
}

fn no_such_range(error: Error, size: Option<u64>) -> crate::http::Problem {
    let range = size.and_then(|size| HeaderValue::try_from(format!("bytes */{size}")).ok());
    match range {
        Some(range) => crate::http::Problem::from(error).with(CONTENT_RANGE, range),
        _ => error.into(),
    }
}

fn send(opened: Opened, tag: String) -> HttpResponse {
    let (range, size) = (opened.object.range.clone(), opened.object.size);
    let is_whole = range == (0..size);
    let mime = match opened.variant {
        Variant::Original => opened.media.mime.as_str(),
        Variant::Thumb => "image/jpeg",
    };
    let ending = mime.rsplit('/').next().unwrap_or_default();
    let mut response = if is_whole { HttpResponse::Ok() } else { HttpResponse::PartialContent() };
    response
        .content_type(mime)
        .insert_header((ETAG, tag))
        .insert_header((ACCEPT_RANGES, if opened.variant == Variant::Original { "bytes" } else { "none" }))
        .insert_header((CACHE_CONTROL, cache(&opened)))
        // It is packed already.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"{}.{ending}\"", opened.media.id)));
    if !is_whole {
        let last = range.end.saturating_sub(1);
        response.insert_header((CONTENT_RANGE, format!("bytes {}-{last}/{size}", range.start)));
    }
    response.body(SizedStream::new(range.end - range.start, opened.object.stream))
}

/// What everybody may see may be kept by everybody for as long as the link is good; what is private, by nobody.
fn cache(opened: &Opened) -> String {
    match opened.audience {
        Audience::Public => format!("public, max-age={}, immutable", opened.seconds_left.max(0)),
        Audience::Private => "private, no-store".to_owned(),
    }
}
