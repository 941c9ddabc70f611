//! The domain behind the agent's tools: each does what its endpoint does, as the person, inside the step's transaction.
//!
//! What a tool answers is small and made for a model: ids, numbers, local times. What others wrote is `quoted`.

mod bookings;
mod enrollment;
mod offers;
mod people;
mod providers;
mod requests;
mod said;
mod text;
mod told;

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{Domain, drafts};
use crate::agent::specialists::{Asked, consult};
use crate::agent::{Acted, Briefing, Conversation, Desk, Tool, Ui};
use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::model::catalog::Catalog;
use crate::model::chat::{Action, AgentRole};
use crate::model::drafts::RequestFields;
use crate::model::tasks::Task;
use crate::queue::UnitOfWork;

/// Serves the agent's tools from the domain.
#[derive(Clone)]
pub struct DomainDesk {
    domain: Arc<Domain>,
}

impl DomainDesk {
    /// A desk of this domain.
    #[must_use]
    pub fn new(domain: Arc<Domain>) -> Self {
        Self { domain }
    }
}

/// A tool's work: what it needs to act.
#[derive(Clone, Copy)]
struct Work<'a> {
    /// The domain inside the step's transaction.
    domain: &'a Domain,
    unit: &'a UnitOfWork,
    chat: &'a Conversation,
}

impl Desk for DomainDesk {
    fn catalog(&self) -> Arc<Catalog> {
        self.domain.catalog()
    }

    fn actor<'a>(&'a self, task: &'a Task) -> BoxFuture<'a, Result<Actor>> {
        async move {
            let mut conn = self.domain.queue.db.conn().await?;
            Actor::delegate(&db::users::get(&mut conn, task.user_id).await?)
        }
        .boxed()
    }

    fn brief<'a>(&'a self, chat: &'a Conversation) -> BoxFuture<'a, Result<Briefing>> {
        async move {
            let mut conn = self.domain.queue.db.conn().await?;
            let seeks = matches!(chat.session.role, AgentRole::Guest | AgentRole::Consumer);
            let standing = match seeks {
                true => Some(drafts::request::standing(&mut conn, chat).await?),
                false => None,
            };
            let draft = drafts::open_view(&mut conn, chat.session.id, chat.now).await?;
            let about = people::about(&mut conn, chat).await?;
            let specialist = standing.as_ref().and_then(|standing| advice(&standing.fields, &self.catalog()));
            Ok(Briefing { standing, draft, about, specialist })
        }
        .boxed()
    }

    fn act<'a>(
        &'a self,
        unit: &'a UnitOfWork,
        chat: &'a Conversation,
        tool: Tool,
    ) -> BoxFuture<'a, Result<Acted>> {
        async move {
            let domain = self.domain.within(unit);
            act(Work { domain: &domain, unit, chat }, tool).await
        }
        .boxed()
    }

    fn settle<'a>(
        &'a self,
        unit: &'a UnitOfWork,
        chat: &'a Conversation,
        answer: Action,
    ) -> BoxFuture<'a, Result<Acted>> {
        async move { drafts::settle(&self.domain.within(unit), unit, chat, answer).await }.boxed()
    }
}

/// What the specialist of a request's service says of it.
fn advice(fields: &RequestFields, catalog: &Catalog) -> Option<Value> {
    Some(consult(catalog, &Asked::of_fields(fields)?)?.advice())
}

async fn act(work: Work<'_>, tool: Tool) -> Result<Acted> {
    match tool {
        Tool::UpdateRequestDraft(change) => requests::update_draft(work, change).await,
        Tool::SearchProviders(search) => requests::search_providers(work, search).await,
        Tool::ShowSignupPrompt(_) => {
            Ok(Acted { ui: Some(Ui::SignUp), ..Acted::told(json!({ "shown": true })) })
        }
        Tool::CreateServiceRequest(how) => requests::show_draft(work, how.allow_duplicate).await,
        Tool::RequestQuotes(_) => requests::show_draft(work, None).await,
        Tool::GetMyRequests(which) => requests::list(work, which).await,
        Tool::CancelRequest(which) => requests::cancel(work, which).await,
        Tool::Rebook(which) => requests::rebook(work, which).await,
        Tool::GetOffers(which) => offers::list(work, which).await,
        Tool::AcceptOffer(how) => offers::accept(work, how).await,
        Tool::DeclineOffer(which) => offers::decline(work, which).await,
        Tool::SubmitOffer(offer) => providers::submit_offer(work, offer).await,
        Tool::WithdrawOffer(which) => offers::withdraw(work, which).await,
        Tool::GetBooking(which) => bookings::show(work, which.booking_id).await,
        Tool::GetBookingHistory(_) | Tool::GetMyBookings(_) => bookings::list(work).await,
        Tool::CancelBooking(how) => bookings::cancel(work, how).await,
        Tool::RescheduleBooking(how) => bookings::reschedule(work, how).await,
        Tool::AnswerReschedule(how) => bookings::answer_reschedule(work, how).await,
        Tool::CompleteBooking(which) => bookings::complete(work, which.booking_id).await,
        Tool::ReportNoShow(which) => bookings::no_show(work, which.booking_id).await,
        Tool::SubmitReview(review) => bookings::review(work, review).await,
        Tool::RecallPreferences(_) => people::recall(work).await,
        Tool::UpdatePreferences(change) => people::remember(work, change).await,
        Tool::GetProfile(_) => people::profile(work).await,
        Tool::UpdateProfile(change) => people::correct(work, change).await,
        Tool::GetLeads(_) => providers::leads(work).await,
        Tool::GetLeadDetails(which) => providers::lead(work, which.request_id).await,
        Tool::PassLead(which) => providers::pass(work, which.request_id).await,
        Tool::SuggestOffer(which) => providers::suggest(work, which.request_id).await,
        Tool::UpdateAvailability(change) => providers::availability(work, change).await,
        Tool::RespondToReview(response) => providers::respond(work, response).await,
        Tool::AnalyzePerformance(_) => providers::performance(work).await,
        Tool::GetServiceCatalog(which) => enrollment::catalog(work, which).await,
        Tool::UpdateEnrollment(change) => enrollment::update(work, change).await,
        Tool::GetEnrollmentSummary(_) => enrollment::summary(work).await,
        Tool::RequestPortfolio(_) => enrollment::portfolio(work).await,
        Tool::SubmitEnrollment(_) => enrollment::submit(work).await,
    }
}
