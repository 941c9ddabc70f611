//! The loop: think, act, think … answer; at most [`MOST_ANSWERS`] answers of the model for one message.

use std::sync::Arc;

use chrono_tz::Tz;
use diesel_async::AsyncConnection;
use serde_json::Value;
use tracing::Instrument;

use super::{Clock, Conversation, Desk, Failure, Progress, Standing, fence, prompt, reply, tools};
use crate::db::steps::{Step, StepKind};
use crate::db::tasks::{Claimed, Reply};
use crate::db::{self, Db};
use crate::error::{Code, Error, Result};
use crate::llm::{Answer, Cache, Call, Feature, Gateway, Message, ToolCall, Whose};
use crate::model::chat::Message as Said;
use crate::model::events::ToolState;

/// How often the model may answer for one message; the last time it has no tools.
const MOST_ANSWERS: usize = 8;
/// How many earlier messages the model sees.
const HISTORY: i64 = 40;

/// Answers messages.
#[derive(Clone)]
pub struct Agent {
    db: Db,
    llm: Gateway,
    desk: Arc<dyn Desk>,
    clock: Clock,
    default_zone: Tz,
}

/// One message being answered.
struct Turn<'a> {
    task: &'a Claimed,
    chat: Conversation,
    said: Vec<Said>,
    steps: Vec<Step>,
    progress: &'a dyn Progress,
}

/// What comes next.
enum Next {
    Think,
    Act(ToolCall),
    Answer(Answer),
}

/// What a step does inside its transaction.
enum Work<'a> {
    /// Nothing more: the model has answered.
    Thought(Step),
    /// A tool acts: all of it happens once, or nothing.
    Call(&'a ToolCall),
}

impl Agent {
    /// An agent over these.
    #[must_use]
    pub fn new(db: Db, llm: Gateway, desk: Arc<dyn Desk>, clock: Clock, default_zone: Tz) -> Self {
        Self { db, llm, desk, clock, default_zone }
    }

    /// Answers the message of a task, going on from its last finished step.
    ///
    /// # Errors
    /// [`Failure`]: what was finished stays.
    pub async fn run(&self, task: &Claimed, progress: &dyn Progress) -> Result<(Value, Reply), Failure> {
        let mut turn = self.begin(task, progress).await?;
        loop {
            match turn.next()? {
                Next::Think => self.think(&mut turn).await?,
                Next::Act(call) => {
                    let name = tools::known(&call.name);
                    turn.progress.tool(name, ToolState::Started);
                    self.store(&mut turn, Work::Call(&call)).await?;
                    turn.progress.tool(name, ToolState::Finished);
                }
                Next::Answer(last) => {
                    let standing = self.standing(&turn.chat).await?;
                    return Ok(reply::compose(&turn.chat, standing, &turn.steps, &last)?);
                }
            }
        }
    }

    async fn begin<'a>(&self, task: &'a Claimed, progress: &'a dyn Progress) -> Result<Turn<'a>> {
        let (Some(session), Some(message)) = (task.session_id, task.message_id) else {
            return Err(Error::new(Code::Internal).because("a chat task without a message"));
        };
        let mut conn = self.db.conn().await?;
        let session = db::chat::find_for(&mut conn, task.user_id.into(), session).await?;
        let said = db::chat::history(&mut conn, message, HISTORY).await?;
        let steps = db::steps::of_task(&mut conn, task.id).await?;
        let turn = said.last().map_or(1, |message| message.turn);
        let default_zone = self.default_zone;
        let chat = Conversation { session, turn, now: (self.clock)(), default_zone };
        Ok(Turn { task, chat, said, steps, progress })
    }

    async fn standing(&self, chat: &Conversation) -> Result<Standing> {
        let mut conn = self.db.conn().await?;
        self.desk.standing(&mut conn, chat).await
    }

    /// Asks the model, with nothing held open meanwhile, and stores its answer.
    async fn think(&self, turn: &mut Turn<'_>) -> Result<(), Failure> {
        let standing = self.standing(&turn.chat).await?;
        let messages = turn.messages(&standing)?;
        let offered = match turn.answers() + 1 {
            MOST_ANSWERS => Vec::new(),
            _ => tools::offered(turn.chat.session.role, &self.desk.catalog()),
        };
        let call = Call {
            whose: Whose::of(turn.task),
            feature: Feature::Chat,
            messages: &messages,
            tools: &offered,
            cache: Cache::No,
            deltas: Some(turn.progress),
            vision: false,
        };
        let answer = self.llm.complete(call).await?;
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
        };
        self.store(turn, Work::Thought(step)).await
    }

    /// Does the work of the next step and stores it, in one transaction under the fence. It is tried again while
    /// PostgreSQL is away, as the model's answer was paid for; what a commit whose answer was lost has done already
    /// is taken as it is.
    async fn store(&self, turn: &mut Turn<'_>, work: Work<'_>) -> Result<(), Failure> {
        let (task, chat, no) = (turn.task, &turn.chat, turn.next_no());
        let (desk, work) = (self.desk.as_ref(), &work);
        let stored = db::retry(async || {
            let mut conn = self.db.conn().await?;
            conn.transaction(async |conn| {
                let held = db::tasks::hold(conn, task, no, db::tasks::no_effects()).await?;
                if let Some(done) = db::steps::find(conn, task.id, no).await? {
                    return Ok((held, done));
                }
                let step = match work {
                    Work::Thought(step) => step.clone(),
                    Work::Call(call) => {
                        let span = tracing::info_span!("tool", tool = tools::known(&call.name));
                        let output = tools::act(desk, conn, chat, call).instrument(span).await?;
                        Step::tool(no, &call.name, output)
                    }
                };
                db::steps::insert(conn, task, &step).await?;
                Ok((held, step))
            })
            .await
        });
        let (held, step) = stored.await.map_err(fence)?;
        let tool = (step.kind == StepKind::Tool).then(|| tools::known(&step.name));
        tracing::info!(step = step.no, step_kind = %step.kind, tool, "a step is finished");
        turn.progress.task(&held);
        turn.steps.push(step);
        Ok(())
    }
}

impl Turn<'_> {
    fn next_no(&self) -> i32 {
        self.steps.last().map_or(1, |step| step.no + 1)
    }

    fn answers(&self) -> usize {
        self.steps.iter().filter(|step| step.kind == StepKind::Llm).count()
    }

    /// The model's last answer, with the tool results that followed it.
    fn last_answer(&self) -> Result<Option<(Answer, usize)>> {
        let Some(at) = self.steps.iter().rposition(|step| step.kind == StepKind::Llm) else {
            return Ok(None);
        };
        let answer = serde_json::from_value(self.steps[at].output.clone())?;
        Ok(Some((answer, self.steps.len() - at - 1)))
    }

    fn next(&self) -> Result<Next, Failure> {
        let Some((answer, acted)) = self.last_answer()? else { return Ok(Next::Think) };
        if answer.calls.is_empty() {
            return Ok(Next::Answer(answer));
        }
        // It was offered no tools and called some all the same; asked again it would be the same stored answer.
        if self.answers() >= MOST_ANSWERS {
            let error = Error::new(Code::ModelMalformed).because("no answer within the allowed steps");
            return Err(Failure::Final(error));
        }
        match answer.calls.get(acted) {
            Some(call) => Ok(Next::Act(call.clone())),
            None => Ok(Next::Think),
        }
    }

    fn messages(&self, standing: &Standing) -> Result<Vec<Message>> {
        let mut messages = vec![prompt::system(&self.chat, standing)];
        messages.extend(prompt::history(&self.said));
        let mut calls = Vec::new().into_iter();
        for step in &self.steps {
            match step.kind {
                StepKind::Llm => {
                    let answer: Answer = serde_json::from_value(step.output.clone())?;
                    calls = answer.calls.clone().into_iter();
                    messages.push(Message::Calls(answer));
                }
                StepKind::Tool => {
                    let id = calls.next().map(|call| call.id).unwrap_or_default();
                    messages.push(Message::Tool { id, output: step.output.clone() });
                }
            }
        }
        Ok(messages)
    }
}
