//! One message being answered: what was finished, what comes next, what the model sees.

use serde_json::Value;

use super::{Acted, Briefing, Conversation, Failure, Progress, prompt};
use crate::db::steps::{Step, StepKind};
use crate::db::tasks::Claimed;
use crate::error::{Code, Error, Result};
use crate::llm::{Answer, Image, Message, ToolCall};
use crate::model::chat::Message as Said;

/// The step in which the person's answer to a draft is settled.
pub(super) const SETTLE: &str = "settle";

/// One message being answered.
pub(super) struct Turn<'a> {
    pub task: &'a Claimed,
    pub chat: Conversation,
    /// What was said before, without what the summary holds.
    pub said: Vec<Said>,
    pub steps: Vec<Step>,
    /// Whether something has happened in it that stands.
    pub has_effects: bool,
    /// Whether it was tried already to sum up what is old.
    pub summed_up: bool,
    pub progress: &'a dyn Progress,
}

/// What comes next.
pub(super) enum Next {
    Settle,
    Think,
    Act(ToolCall),
    Answer(Answer),
}

impl Turn<'_> {
    pub fn next_no(&self) -> i32 {
        self.steps.last().map_or(1, |step| step.no + 1)
    }

    /// How often the model has answered.
    pub fn answers(&self) -> usize {
        self.steps.iter().filter(|step| step.kind == StepKind::Llm).count()
    }

    /// The model's last answer, with the number of tool results that followed it.
    fn last_answer(&self) -> Result<Option<(Answer, usize)>> {
        let Some(at) = self.steps.iter().rposition(|step| step.kind == StepKind::Llm) else {
            return Ok(None);
        };
        let answer = serde_json::from_value(self.steps[at].output.clone())?;
        Ok(Some((answer, self.steps.len() - at - 1)))
    }

    pub fn next(&self, most_answers: usize) -> Result<Next, Failure> {
        if self.steps.is_empty() && self.chat.answer().is_some() {
            return Ok(Next::Settle);
        }
        let Some((answer, acted)) = self.last_answer()? else { return Ok(Next::Think) };
        if answer.calls.is_empty() {
            return Ok(Next::Answer(answer));
        }
        // It was offered no tools and called some all the same; asked again it would be the same stored answer.
        if self.answers() >= most_answers {
            let error = Error::new(Code::ModelMalformed).because("no answer within the allowed steps");
            return Err(Failure::Final(error));
        }
        match answer.calls.get(acted) {
            Some(call) => Ok(Next::Act(call.clone())),
            None => Ok(Next::Think),
        }
    }

    /// How much tools have told the model so far, in bytes of JSON.
    pub fn told(&self) -> usize {
        let tools = self.steps.iter().filter(|step| step.kind == StepKind::Tool);
        tools.map(|step| step.output["result"].to_string().len()).sum()
    }

    /// Whether the person has answered a draft in this turn.
    pub fn has_settled(&self) -> bool {
        self.steps.iter().any(|step| step.name == SETTLE)
    }

    /// What the person's answer to a draft has come to, in this turn.
    fn settled(&self) -> Result<Option<Value>> {
        let Some(step) = self.steps.iter().find(|step| step.name == SETTLE) else { return Ok(None) };
        let acted: Acted = serde_json::from_value(step.output.clone())?;
        Ok(Some(acted.result).filter(|result| !result.is_null()))
    }

    /// What the model is shown, and the name and version of the prompts.
    pub fn messages(&self, briefing: &Briefing, images: Vec<Image>) -> Result<(Vec<Message>, String)> {
        let settled = self.settled()?;
        let seen = !images.is_empty();
        let mut messages = vec![prompt::system(&self.chat, briefing, settled.as_ref(), seen)];
        messages.extend(prompt::history(&self.said));
        messages.push(prompt::newest(&self.chat, images));
        let mut calls = Vec::new().into_iter();
        for step in &self.steps {
            match step.kind {
                StepKind::Llm => {
                    let answer: Answer = serde_json::from_value(step.output.clone())?;
                    calls = answer.calls.clone().into_iter();
                    messages.push(Message::Calls(answer));
                }
                StepKind::Tool if step.name == SETTLE => {}
                StepKind::Tool => {
                    let acted: Acted = serde_json::from_value(step.output.clone())?;
                    let id = calls.next().map(|call| call.id).unwrap_or_default();
                    messages.push(Message::Tool { id, output: acted.result });
                }
            }
        }
        Ok((messages, prompt::version(&self.chat)))
    }
}
