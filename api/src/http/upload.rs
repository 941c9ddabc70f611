//! A file as the body of a call: `multipart/form-data` (RFC 7578) with one field, `file`. It goes to the disk as it comes:
//! no more than a network packet or two of it is in memory.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use futures::{Stream, StreamExt};
use proxie_shared::auth::Actor;
use proxie_shared::domain::media;
use proxie_shared::error::{Code, Error, Problem, Result};
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::media::FILM_MAX;
use tokio::time::timeout;
use utoipa::openapi::encoding::EncodingBuilder;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::{
    ContentBuilder, KnownFormat, ObjectBuilder, RefOr, Required, Schema, SchemaFormat, Type,
};

use super::Answer;
use super::body::{Body, announced, require_plain};
use super::operation::IDEMPOTENCY_KEY;
use super::schema::{MOST_PROBLEMS, NO_SUCH_FIELD, escaped};
use crate::app::App;

/// The field that holds the file.
const FIELD: &str = "file";
/// How much a body may hold beside the file: its own form, and fields that are not expected.
const FORM_MAX: u64 = 64 * 1_024;
/// How long what still comes is read after a refusal: who is not heard to the end may not hear the answer.
const LINGER: Duration = Duration::from_secs(2);

/// A file that was sent.
pub struct Upload {
    /// What has arrived of it, all of it.
    pub file: media::Arrived,
}

/// What has arrived.
pub struct Arrived(Option<media::Arrived>);

impl AsRef<[u8]> for Arrived {
    /// The boundary between the fields is another in each call; the file tells.
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], media::Arrived::digest)
    }
}

impl Body for Upload {
    const EXPECTED: bool = true;

    type Arrived = Arrived;

    fn described() -> RequestBody {
        let file = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("The file. What it is counts, not what it is called."));
        let nothing_else = Some(AdditionalProperties::FreeForm(false));
        let form =
            ObjectBuilder::new().property(FIELD, file).required(FIELD).additional_properties(nothing_else);
        let taken = "image/jpeg, image/png, image/webp, video/mp4";
        let encoding = EncodingBuilder::new().content_type(Some(taken)).build();
        let content = ContentBuilder::new().schema(Some(form)).encoding(FIELD, encoding).build();
        RequestBodyBuilder::new()
            .content("multipart/form-data", content)
            .required(Some(Required::True))
            .build()
    }

    fn schemas(_schemas: &mut Vec<(String, RefOr<Schema>)>) {}

    fn wait(app: &App) -> Duration {
        app.upload
    }

    async fn arrive(
        app: &App,
        actor: Option<&Actor>,
        request: &HttpRequest,
        payload: Payload,
        problems: &mut Vec<Problem>,
    ) -> Answer<Arrived> {
        require_plain(request)?;
        let kind = request.mime_type().ok().flatten();
        if kind.is_none_or(|kind| kind.essence_str() != "multipart/form-data") {
            let detail = "Send the file as multipart/form-data, in a field `file`.";
            return Err(Error::new(Code::MediaUnsupported).detail(detail).into());
        }
        if announced(request).is_some_and(|length| length > FILM_MAX + FORM_MAX) {
            return Err(too_large().into());
        }
        let payload = Shared(Rc::new(RefCell::new(payload)));
        let taken = timeout(app.upload, take(app, actor, request, payload.clone(), problems));
        let taken = taken.await.unwrap_or_else(|_| Err(Code::TooSlow.into()));
        if !matches!(&taken, Err(error) if error.code == Code::TooSlow) {
            payload.linger().await;
        }
        Ok(Arrived(taken?))
    }

    fn read(
        _catalog: &Catalog,
        _request: &HttpRequest,
        arrived: Arrived,
        problems: &mut Vec<Problem>,
    ) -> Answer<Option<Self>> {
        if arrived.0.is_none() {
            problems.push(Problem::new(format!("/body/{FIELD}"), "This is required."));
        }
        Ok(arrived.0.map(|file| Self { file }))
    }
}

/// Takes the file out of the form; what else is in there is told.
async fn take(
    app: &App,
    actor: Option<&Actor>,
    request: &HttpRequest,
    payload: Shared,
    problems: &mut Vec<Problem>,
) -> Result<Option<media::Arrived>> {
    // The operation says who may call: it was asked before this.
    let actor = actor.ok_or_else(|| Error::new(Code::Internal).because("nobody uploads"))?;
    // What may be the same call once more is only refused when it turns out that it is not.
    let is_once = request.headers().contains_key(IDEMPOTENCY_KEY);
    let mut expected = Some(app.gallery.begin(actor, is_once).await?);
    let mut file = None;
    let mut beside = 0;
    let mut form = Multipart::new(request.headers(), payload);
    while let Some(field) = in_time(app, form.next()).await? {
        let mut field = field.map_err(broken)?;
        let name = field.name().unwrap_or_default().to_owned();
        let arriving = if name == FIELD { expected.take() } else { None };
        if let Some(mut arriving) = arriving {
            while let Some(part) = next(app, &mut field).await? {
                arriving.write(&part).await?;
            }
            file = Some(arriving.end().await?);
            continue;
        }
        if problems.len() < MOST_PROBLEMS {
            let what = if name == FIELD { "Say this once." } else { NO_SUCH_FIELD };
            problems.push(Problem::new(format!("/body/{}", escaped(&name)), what));
        }
        while let Some(part) = next(app, &mut field).await? {
            beside += part.len() as u64;
            if beside > FORM_MAX {
                return Err(too_large());
            }
        }
    }
    Ok(file)
}

/// The next part of a field.
async fn next(app: &App, field: &mut Field) -> Result<Option<Bytes>> {
    in_time(app, field.next()).await?.transpose().map_err(broken)
}

/// What comes next, unless nothing does for as long as any other body may take.
async fn in_time<T>(app: &App, coming: impl Future<Output = T>) -> Result<T> {
    timeout(app.body, coming).await.map_err(|_| Code::TooSlow.into())
}

fn broken(error: MultipartError) -> Error {
    let message = "Send multipart/form-data (RFC 7578), with the file in a field `file`.";
    Error::invalid(vec![Problem::new("/body", message)]).because(error.to_string())
}

fn too_large() -> Error {
    Error::new(Code::TooLarge)
        .detail("A picture may have up to 20 MB, a film up to 100 MB. Send a smaller one.")
}

/// The body, which is read on when whoever reads it has seen enough.
#[derive(Clone)]
struct Shared(Rc<RefCell<Payload>>);

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

impl Shared {
    /// Reads what still comes and forgets it, for a while.
    async fn linger(mut self) {
        let rest = async { while let Some(Ok(_)) = self.next().await {} };
        let _over_or_not = timeout(LINGER, rest).await;
    }
}
