//! The loop: settle, think, act, think … answer; at most [`MOST_ANSWERS`] answers of the model for one message.

use std::sync::Arc;

use chrono_tz::Tz;
use diesel_async::AsyncConnection;
use serde_json::Value;
use tracing::Instrument;

use super::turn::{Next, Turn};
use super::{
    Acted, Clock, Conversation, Desk, Failure, Progress, Refusal, Tool, fence, pictures, reply, summary,
    tools,
};
use crate::db::drafts::DraftStatus;
use crate::db::steps::{Step, StepKind};
use crate::db::tasks::{Claimed, Reply};
use crate::db::{self, Conn};
use crate::error::{Code, Error, Result};
use crate::llm::{Answer, Cache, Call, Deltas, Feature, Gateway, Message, ToolSpec, Whose};
use crate::model::chat::{AgentRole, Author, Message as Said, Session};
use crate::model::events::ToolState;
use crate::model::users::Role;
use crate::queue::{Queue, UnitOfWork};
use crate::storage::Store;

/// How often the model may answer for one message; the last time it has no tools.
const MOST_ANSWERS: usize = 8;
/// The most that one tool tells the model, and all tools for one message, in bytes of JSON: what they tell of is written by
/// others, and what a model is shown has an end and a price.
const MOST_TOLD: usize = 32_000;
const MOST_TOLD_IN_ALL: usize = 96_000;

/// Answers messages.
#[derive(Clone)]
pub struct Agent {
    queue: Queue,
    llm: Gateway,
    desk: Arc<dyn Desk>,
    store: Store,
    clock: Clock,
    default_zone: Tz,
}

/// What a step does as part of its work.
enum Work {
    /// Nothing more: the model has answered.
    Thought(Step),
    /// What the person's answer to a draft means.
    Settle,
    /// A tool acts.
    Act(String, Box<Result<Tool, Refusal>>),
}

impl Agent {
    /// An agent over these.
    #[must_use]
    pub fn new(
        queue: Queue,
        llm: Gateway,
        desk: Arc<dyn Desk>,
        store: Store,
        clock: Clock,
        default_zone: Tz,
    ) -> Self {
        Self { queue, llm, desk, store, clock, default_zone }
    }

    /// Answers the message of a task, going on from its last finished step.
    ///
    /// # Errors
    /// [`Failure`]: what was finished stays.
    pub async fn run(&self, task: &Claimed, progress: &dyn Progress) -> Result<(Value, Reply), Failure> {
        let mut turn = self.begin(task, progress).await?;
        loop {
            match turn.next(MOST_ANSWERS)? {
                Next::Settle => self.store(&mut turn, Work::Settle).await?,
                Next::Think => self.think(&mut turn).await?,
                Next::Act(call) => {
                    let name = tools::known(&call.name);
                    let tool = match turn.told() {
                        ..MOST_TOLD_IN_ALL => Tool::of(turn.chat.session.role, &call),
                        _ => {
                            Err(Refusal::new("too_much", "Enough was looked up for one message: answer now."))
                        }
                    };
                    turn.progress.tool(name, ToolState::Started);
                    self.store(&mut turn, Work::Act(call.name, Box::new(tool))).await?;
                    turn.progress.tool(name, ToolState::Finished);
                }
                Next::Answer(last) => {
                    let briefing = self.desk.brief(&turn.chat).await?;
                    let mut conn = self.queue.db.conn().await?;
                    db::chat::acknowledged(&mut conn, turn.chat.session.id).await?;
                    return Ok(reply::compose(&turn.chat, briefing, &turn.steps, &last)?);
                }
            }
        }
    }

    async fn begin<'a>(&self, task: &'a Claimed, progress: &'a dyn Progress) -> Result<Turn<'a>> {
        let (Some(session), Some(message)) = (task.session_id, task.message_id) else {
            return Err(Error::new(Code::Internal).because("a chat task without a message"));
        };
        let actor = self.desk.actor(task).await?;
        let mut conn = self.queue.db.conn().await?;
        let mut session = db::chat::find_for(&mut conn, task.user_id.into(), session).await?;
        // Who has the role and no business yet is still enrolling.
        let enrolls =
            session.role == AgentRole::Enrollment && !db::providers::is_one(&mut conn, task.user_id).await?;
        if let Some(role) = grown_into(&session, actor.role()).filter(|_| !enrolls) {
            session = conn.transaction(async |conn| become_role(conn, &session, role).await).await?;
        }
        let mut said = db::chat::history(&mut conn, message, session.summary_seq).await?;
        let Some(message) = said.pop() else { return Err(Error::not_yours()) };
        let photos =
            db::chat::photos_of(&mut conn, &[message.id]).await?.remove(&message.id).unwrap_or_default();
        let steps = db::steps::of_task(&mut conn, task.id).await?;
        drop(conn);
        let asks = |last: &&Said| {
            let ready = last.data.as_ref().is_some_and(|data| data[reply::READY] == true);
            last.author == Author::Assistant && last.seq < message.seq && ready
        };
        let shown = said.last().filter(asks);
        let shown = shown.and_then(|last| serde_json::from_value(last.draft.clone()?).ok());
        let chat = Conversation {
            session,
            actor,
            message,
            shown,
            photos,
            trace_id: task.trace_id.clone(),
            now: (self.clock)(),
            default_zone: self.default_zone,
        };
        Ok(Turn { has_effects: has_effects(task), summed_up: false, task, chat, said, steps, progress })
    }

    /// Asks the model, with nothing held open meanwhile, and stores its answer.
    async fn think(&self, turn: &mut Turn<'_>) -> Result<(), Failure> {
        self.shorten(turn).await?;
        let briefing = self.desk.brief(&turn.chat).await?;
        let images = match self.llm.has_vision() {
            true => pictures::load(&self.store, &turn.chat.photos).await?,
            false => Vec::new(),
        };
        let (messages, prompt) = turn.messages(&briefing, images)?;
        let offered = match turn.answers() + 1 {
            MOST_ANSWERS => Vec::new(),
            _ => tools::offered(turn.chat.session.role, &self.desk.catalog()),
        };
        // What has effects, or tells of them, is said anew each time.
        let cache = if turn.has_settled() || turn.has_effects { Cache::No } else { Cache::User };
        let answer = self.ask(turn, Feature::Chat, &messages, &offered, cache).await?;
        if !answer.calls.is_empty() {
            // What it said beside its calls is not the answer.
            turn.progress.reset();
        }
        let step = Step {
            no: turn.next_no(),
            kind: StepKind::Llm,
            name: answer.model.clone(),
            output: serde_json::to_value(&answer).map_err(Error::from)?,
            prompt_tokens: Some(answer.prompt_tokens as i32),
            completion_tokens: Some(answer.completion_tokens as i32),
            prompt: Some(prompt),
        };
        self.store(turn, Work::Thought(step)).await
    }

    /// Keeps what the model is shown within bounds: what is older is summarised, and the summary kept.
    async fn shorten(&self, turn: &mut Turn<'_>) -> Result<(), Failure> {
        let Some(old) = summary::too_many(&turn.said).filter(|_| !turn.summed_up) else { return Ok(()) };
        turn.summed_up = true;
        let last = turn.said[old - 1].turn;
        let messages = summary::messages(&turn.chat, &turn.said[..old]);
        let answer = self.ask(turn, Feature::Summary, &messages, &[], Cache::No).await?;
        // What was said is not given up for nothing: it is summed up with the next message.
        let Some(text) = answer.text.filter(|text| !text.trim().is_empty()) else { return Ok(()) };
        let mut conn = self.queue.db.conn().await?;
        db::chat::set_summary(&mut conn, turn.chat.session.id, &text, last).await?;
        turn.said.drain(..old);
        turn.chat.session.summary = Some(text);
        turn.chat.session.summary_seq = last;
        Ok(())
    }

    /// Asks a model in the name of the task's owner.
    async fn ask(
        &self,
        turn: &Turn<'_>,
        feature: Feature,
        messages: &[Message],
        tools: &[ToolSpec],
        cache: Cache,
    ) -> Result<Answer, Failure> {
        let vision = messages
            .iter()
            .any(|message| matches!(message, Message::User { images, .. } if !images.is_empty()));
        // Only the answer itself is heard while it comes.
        let deltas = (feature == Feature::Chat).then_some(turn.progress as &dyn Deltas);
        let call = Call { whose: Whose::of(turn.task), feature, messages, tools, cache, deltas, vision };
        Ok(self.llm.complete(call).await?)
    }

    /// Does the work of the next step and stores it, in one transaction under the fence. It is tried again while
    /// PostgreSQL is away, as the model's answer was paid for; what a commit whose answer was lost has done already
    /// is taken as it is.
    async fn store(&self, turn: &mut Turn<'_>, work: Work) -> Result<(), Failure> {
        let (task, chat, no) = (turn.task, &turn.chat, turn.next_no());
        let work = &work;
        let stored = db::retry(async || {
            let unit = UnitOfWork::begin(&self.queue).await?;
            let mut conn = unit.conn().await?;
            // First the user, then the task: the order in which everybody locks.
            db::users::require_active(&mut conn, task.user_id).await?;
            let mut held = db::tasks::hold(&conn, task, no, db::tasks::no_effects()).await?;
            if let Some(done) = db::steps::find(&mut conn, task.id, no).await? {
                return Ok((held, done));
            }
            drop(conn);
            let (step, effects) = self.work(&unit, chat, no, work).await?;
            let conn = unit.conn().await?;
            if !effects.is_empty() {
                held = db::tasks::hold(&conn, task, no, serde_json::to_value(effects)?).await?;
            }
            db::steps::insert(&conn, task, &step).await?;
            drop(conn);
            unit.commit().await?;
            Ok((held, step))
        });
        let (held, step) = stored.await.map_err(fence)?;
        let tool = (step.kind == StepKind::Tool).then(|| tools::known(&step.name));
        tracing::info!(step = step.no, step_kind = %step.kind, tool, "a step is finished");
        turn.progress.task(&held);
        turn.has_effects = has_effects(&held);
        turn.steps.push(step);
        Ok(())
    }

    async fn work(
        &self,
        unit: &UnitOfWork,
        chat: &Conversation,
        no: i32,
        work: &Work,
    ) -> Result<(Step, Vec<crate::model::tasks::Effect>)> {
        let (name, acted) = match work {
            Work::Thought(step) => return Ok((step.clone(), Vec::new())),
            Work::Settle => {
                let Some(answer) = chat.answer() else { return Err(Code::Internal.into()) };
                ("settle", unit.attempt(self.desk.settle(unit, chat, answer)).await)
            }
            Work::Act(name, tool) => match tool.as_ref() {
                Ok(tool) => {
                    let span = tracing::info_span!("tool", tool = tools::known(name));
                    let act = self.desk.act(unit, chat, tool.clone()).instrument(span);
                    (name.as_str(), unit.attempt(act).await)
                }
                Err(refusal) => (name.as_str(), Ok(refusal.clone().into())),
            },
        };
        let mut acted = acted.or_else(told)?;
        if acted.result.to_string().len() > MOST_TOLD {
            let detail =
                "That is too much to be told at once; what was drafted stands. Ask for one by its id.";
            acted.result = Refusal::new("too_much", detail).result();
            acted.shows_draft = false;
        }
        let effects = acted.effects.clone();
        Ok((Step::tool(no, name, serde_json::to_value(acted)?), effects))
    }
}

fn has_effects(task: &Claimed) -> bool {
    task.effects.as_array().is_some_and(|effects| !effects.is_empty())
}

/// What the person could be told by HTTP, the model is told; the rest is tried again.
fn told(error: Error) -> Result<Acted> {
    if (400..500).contains(&error.code.status()) { Ok(Refusal::from(error).into()) } else { Err(error) }
}

/// Gives the agent another role. What a guest has drafted they may approve as a consumer; a draft of any other role's is none of
/// the new one's.
async fn become_role(conn: &mut Conn, session: &Session, role: AgentRole) -> Result<Session> {
    let keeps = session.role == AgentRole::Guest && role == AgentRole::Consumer;
    if !keeps && let Some(open) = db::drafts::lock_open(conn, session.id).await? {
        db::drafts::end(conn, open.id, DraftStatus::Superseded).await?;
    }
    db::chat::become_role(conn, session.id, role).await
}

/// The role that a conversation's owner has grown into since it was had with another.
fn grown_into(session: &Session, role: Role) -> Option<AgentRole> {
    match (session.role, role) {
        (AgentRole::Guest, Role::Consumer | Role::Admin) => Some(AgentRole::Consumer),
        (AgentRole::Guest | AgentRole::Consumer | AgentRole::Enrollment, Role::Provider) => {
            Some(AgentRole::Provider)
        }
        (AgentRole::Provider, Role::Consumer) => Some(AgentRole::Consumer),
        _ => None,
    }
}
