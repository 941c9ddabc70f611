//! Tools of who becomes a provider: the enrollment is filled in as it is told, and handed in by a yes.

mod filling;
mod shape;

use serde_json::{Map, Value, json};

use super::{Work, told};
use crate::agent::tools::{GetServiceCatalog, UpdateEnrollment};
use crate::agent::{Acted, Refusal, Shows, Ui};
use crate::auth::{Caller, SignedIn};
use crate::db;
use crate::db::drafts::DraftStatus;
use crate::db::idempotency::Reply;
use crate::domain::enrollment::{EnrollmentFields, Standing};
use crate::domain::{Once, drafts};
use crate::error::{Code, Error, Problem, Result};
use crate::model::MediaId;
use crate::model::catalog::{Category, Service};
use crate::model::drafts::{DraftKind, Fields, OfEnrollment};
use crate::model::enrollment::{Enrollment, EnrollmentStatus};
use crate::model::places::place;

/// What can be offered, and what each needs; to choose from while nothing is chosen.
pub(super) async fn catalog(work: Work<'_>, which: GetServiceCatalog) -> Result<Acted> {
    let catalog = work.domain.catalog();
    let told: Vec<Value> = match &which.category_id {
        None => catalog.categories().iter().map(category).collect(),
        Some(id) => match catalog.category(id) {
            Some(found) => vec![category(found)],
            None => {
                let known = |known: &Category| json!({"id": known.id, "name": known.name});
                let choices = catalog.categories().iter().map(known).collect();
                return Ok(Refusal::which("There is no such category; these there are.", choices).into());
            }
        },
    };
    let own = own(work).await?;
    let has_chosen =
        own.is_some_and(|own| own.fields["services"].as_array().is_some_and(|all| !all.is_empty()));
    let ui = (!has_chosen).then_some(Ui::PickServices);
    let shows = Shows { categories: true, ..Shows::default() };
    Ok(Acted { shows, ui, ..Acted::told(json!({ "categories": told })) })
}

/// Fills in what is told. What cannot be is left out and told.
pub(super) async fn update(work: Work<'_>, said: UpdateEnrollment) -> Result<Acted> {
    let (enrollment, problems) = fill_in(work, &said).await?;
    let Some(enrollment) = enrollment else { return summary(work).await };
    let mut acted = stand(work, &enrollment, problems).await?;
    if let Some(draft) = redraft(work, &enrollment).await?
        && let (Value::Object(result), Value::Object(draft)) = (&mut acted.result, draft)
    {
        result.extend(draft);
        acted.shows_draft = true;
    }
    Ok(acted)
}

/// As it stands.
pub(super) async fn summary(work: Work<'_>) -> Result<Acted> {
    match own(work).await? {
        Some(enrollment) => stand(work, &enrollment, Vec::new()).await,
        None => {
            let missing = EnrollmentFields::default().missing(&work.domain.catalog(), |_| false);
            Ok(Acted::told(json!({"enrollment": null, "missing": missing, "problems": []})))
        }
    }
}

/// Takes photos into the portfolio, and asks for more.
pub(super) async fn portfolio(work: Work<'_>) -> Result<Acted> {
    let (filled, problems) = fill_in(work, &UpdateEnrollment::default()).await?;
    let enrollment = match filled {
        Some(filled) => Some(filled),
        None => own(work).await?,
    };
    let catalog = work.domain.catalog();
    let (mut wanted, mut have, mut services) = (0, 0, Vec::new());
    if let Some(enrollment) = &enrollment {
        let stand = Standing::of(&mut *work.unit.conn().await?, enrollment, &catalog).await?;
        have = stand.photos.len();
        for offered in stand.fields.services() {
            let Some((_, service)) = catalog.service(&offered.service_id) else { continue };
            let shown = stand.fields.photos_of(service, |id| stand.photos.contains(&id));
            wanted = wanted.max(service.min_photos);
            services.push(json!({"service_id": service.id, "wanted": service.min_photos, "have": shown}));
        }
    }
    let result = json!({"wanted": wanted, "have": have, "services": services, "problems": problems});
    let shows = Shows { enrollment: enrollment.map(|own| own.id), ..Shows::default() };
    Ok(Acted { shows, ui: Some(Ui::UploadPortfolio), ..Acted::told(result) })
}

/// Drafts handing it in, or tells what is missing.
pub(super) async fn submit(work: Work<'_>) -> Result<Acted> {
    let (filled, problems) = fill_in(work, &UpdateEnrollment::default()).await?;
    let enrollment = match filled {
        Some(filled) => Some(filled),
        None => own(work).await?,
    };
    let Some(enrollment) = enrollment else {
        let acted = summary(work).await?;
        return Ok(incomplete(acted, "Nothing is filled in yet."));
    };
    let acted = stand(work, &enrollment, problems).await?;
    match enrollment.status {
        EnrollmentStatus::Draft => {}
        EnrollmentStatus::Rejected => {
            return Err(Error::illegal_move(Code::IllegalMove, enrollment.status)
                .detail("It was sent back: change what the reasons name, then hand it in again."));
        }
        // It is handed in already.
        EnrollmentStatus::PendingVerification | EnrollmentStatus::Verified => return Ok(acted),
    }
    let lacks = |list: &str| acted.result[list].as_array().is_some_and(|list| !list.is_empty());
    if lacks("missing") || lacks("problems") {
        return Ok(incomplete(acted, "Something is missing before it can be handed in."));
    }
    let drafted = drafts::drafted(&mut *work.unit.conn().await?, work.chat, &fields(&enrollment)).await?;
    Ok(Acted { shows: acted.shows, ..drafted })
}

/// What is told of an enrollment that cannot be handed in.
fn incomplete(mut acted: Acted, detail: &str) -> Acted {
    if let Value::Object(result) = &mut acted.result {
        let code: &'static str = Code::EnrollmentIncomplete.into();
        result.insert("error".to_owned(), json!({"code": code, "detail": detail}));
    }
    acted
}

/// The draft of handing it in.
fn fields(enrollment: &Enrollment) -> Fields {
    Fields::Enrollment(OfEnrollment { enrollment_id: enrollment.id, enrollment: enrollment.fields.clone() })
}

/// What was drafted to be handed in is drafted as it is now, which needs a new yes; or not at all, if something is missing.
async fn redraft(work: Work<'_>, enrollment: &Enrollment) -> Result<Option<Value>> {
    let catalog = work.domain.catalog();
    let mut conn = work.unit.conn().await?;
    let open = db::drafts::lock_open(&mut conn, work.chat.session.id).await?;
    let Some(open) = open.filter(|open| open.kind == DraftKind::Enrollment) else { return Ok(None) };
    let stand = Standing::of(&mut conn, enrollment, &catalog).await?;
    if stand.problems.is_empty() && lacking(work, &stand).is_empty() {
        return Ok(Some(drafts::drafted(&mut conn, work.chat, &fields(enrollment)).await?.result));
    }
    db::drafts::end(&mut conn, open.id, DraftStatus::Superseded).await?;
    Ok(None)
}

/// The person's own enrollment, if they have begun one.
async fn own(work: Work<'_>) -> Result<Option<Enrollment>> {
    let caller = SignedIn::admitted(Some(work.chat.actor))?;
    match work.domain.own_enrollment(&caller).await {
        Ok(own) => Ok(Some(own)),
        Err(error) if error.code == Code::NotYours => Ok(None),
        Err(error) => Err(error),
    }
}

/// Fills in what is said, and the photos of the message; begins the enrollment if need be. Nothing, if there is nothing to
/// fill in; with it what cannot be.
async fn fill_in(work: Work<'_>, said: &UpdateEnrollment) -> Result<(Option<Enrollment>, Vec<Problem>)> {
    let photos: Vec<MediaId> = work.chat.photos.iter().map(|photo| photo.id).collect();
    if said.is_empty() && photos.is_empty() {
        return Ok((None, Vec::new()));
    }
    let caller = SignedIn::admitted(Some(work.chat.actor))?;
    let before = match own(work).await? {
        Some(own) => own,
        None => {
            let once = Once::new(None, |made: &(Enrollment, bool)| Reply {
                status: 201,
                location: None,
                body: json!(made.0.id),
            });
            work.domain.start_enrollment(&caller, &once).await?;
            work.domain.own_enrollment(&caller).await?
        }
    };
    let catalog = work.domain.catalog();
    let now = before.fields.as_object().cloned().unwrap_or_default();
    let (changes, problems) = filling::changes(&now, said, &photos, work.chat.default_zone, &catalog)?;
    if changes.is_empty() {
        return Ok((Some(before), problems));
    }
    let filled = work.domain.fill_in_enrollment(&caller, before.id, &changes).await?;
    Ok((Some(filled), problems))
}

/// An enrollment as the model is told of it.
async fn stand(work: Work<'_>, enrollment: &Enrollment, mut problems: Vec<Problem>) -> Result<Acted> {
    let catalog = work.domain.catalog();
    let stand = Standing::of(&mut *work.unit.conn().await?, enrollment, &catalog).await?;
    let missing = lacking(work, &stand);
    for problem in stand.problems {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    let mut fields = enrollment.fields.as_object().cloned().unwrap_or_default();
    // Ids of pictures tell a model nothing.
    fields.remove("portfolio");
    fields.insert("photos".to_owned(), json!(stand.photos.len()));
    let mut result = Map::from_iter([
        ("enrollment".to_owned(), Value::Object(fields)),
        ("status".to_owned(), json!(enrollment.status)),
        ("missing".to_owned(), json!(missing)),
        ("problems".to_owned(), json!(problems)),
    ]);
    if !enrollment.reasons.is_empty() {
        let reasons = enrollment.reasons.iter().map(|reason| told::quoted(reason));
        result.insert("reasons".to_owned(), reasons.collect());
    }
    let shows = Shows { enrollment: Some(enrollment.id), ..Shows::default() };
    Ok(Acted { shows, ..Acted::told(Value::Object(result)) })
}

/// What must still be filled in: also the zone of a city that nobody knows, whose hours are in the usual zone until then.
fn lacking(work: Work<'_>, stand: &Standing) -> Vec<Problem> {
    let mut missing = Vec::new();
    missing.extend(stand.missing.iter().cloned());
    let fields = &stand.fields;
    let is_unknown = fields.city.as_deref().is_some_and(|city| place(city).is_none());
    let is_guessed = fields.availability.as_ref().is_none_or(|hours| hours.zone == work.chat.default_zone);
    if is_unknown && is_guessed && fields.zone.is_none() {
        missing.push(Problem::new("/zone", "Name the city's IANA time zone, such as America/New_York."));
    }
    missing
}

fn category(known: &Category) -> Value {
    let services: Vec<Value> = known.services.iter().map(service).collect();
    json!({"id": known.id, "name": known.name, "services": services})
}

fn service(known: &Service) -> Value {
    let price = |cents: i64| told::money(cents, &known.price.currency);
    json!({
        "id": known.id,
        "name": known.name,
        "licence": known.licensed,
        "min_photos": known.min_photos,
        "price": {"low": price(known.price.min_cents), "high": price(known.price.max_cents)},
    })
}
