//! A conversation is held: each turn, what stands after it, and at the end what has become of it.

use proxie_tests::Result;
use reqwest::Method;
use serde_json::{Value, json};

use super::conversation::{Conversation, Role, Stands, Turn};
use super::ending;
use super::rules::{Answer, Rules};
use super::town::Paid;
use super::values::differences;
use super::world::{World, text};

/// What a conversation came to.
#[derive(Default)]
pub struct Outcome {
    /// What is not as it must be; nothing if all is well.
    pub wrong: Vec<String>,
    /// Messages and presses.
    pub turns: usize,
    /// Tokens that the models read and wrote.
    pub tokens: i64,
    /// In millionths of a dollar.
    pub cost_micros: i64,
    /// What was paid for answers of models.
    pub paid: Paid,
    /// Which stored answer was paid for twice, if one was.
    pub paid_twice: Option<String>,
}

impl Outcome {
    /// The same, with what was paid.
    pub fn and_paid(self, paid: Result<Paid>) -> Self {
        match paid {
            Ok(paid) => Self { paid, ..self },
            Err(error) => Self { paid_twice: Some(error.to_string()), ..self },
        }
    }
}

/// A draft that was shown: its id and version.
type Shown = (String, i64);

/// The conversation so far.
struct Talk<'w, 't> {
    world: &'w mut World<'t>,
    session: Option<String>,
    shown: Option<Shown>,
    shown_before: Option<Shown>,
    rules: Rules,
    effects: Vec<String>,
    outcome: Outcome,
    number: usize,
}

/// Holds a conversation.
pub async fn hold(world: &mut World<'_>, conversation: &Conversation) -> Outcome {
    let mut talk = Talk {
        world,
        session: None,
        shown: None,
        shown_before: None,
        rules: Rules::default(),
        effects: Vec::new(),
        outcome: Outcome::default(),
        number: 0,
    };
    for turn in &conversation.turns {
        talk.number += 1;
        if let Err(error) = talk.takes(turn).await {
            talk.note(&error.to_string());
            return talk.outcome;
        }
    }
    match ending::wrong(talk.world, &conversation.end, &talk.effects).await {
        Ok(wrong) => talk.outcome.wrong.extend(wrong),
        Err(error) => talk.outcome.wrong.push(format!("end: {error}")),
    }
    talk.outcome
}

impl Talk<'_, '_> {
    fn note(&mut self, wrong: &str) {
        self.outcome.wrong.push(format!("turn {}: {wrong}", self.number));
    }

    async fn takes(&mut self, turn: &Turn) -> Result<()> {
        if let Some(happening) = &turn.then {
            self.world.happens(happening).await?;
        } else if let Some(name) = &turn.sign_up {
            self.world.i_sign_up(name).await?;
            self.rules.signed_up();
        } else {
            self.says(turn).await?;
        }
        self.world.town.comes_to_rest().await
    }

    async fn says(&mut self, turn: &Turn) -> Result<()> {
        self.outcome.turns += 1;
        let body = self.body(turn).await?;
        let caller = self.world.me.clone().unwrap_or_else(|| self.world.town.anybody.clone());
        let (status, taken) = caller.call(Method::POST, "/chat", Some(&body)).await?;
        let refused = turn.stands.as_ref().and_then(|stands| stands.refused.as_deref());
        if status != 202 || refused.is_some() {
            if refused.is_none() || taken["code"].as_str() != refused {
                self.note(&format!("POST /chat answers {status}, {}: {}", taken["code"], taken["detail"]));
            }
            return Ok(());
        }
        if let Some(token) = taken["guest_token"].as_str() {
            self.world.me = Some(self.world.town.anybody.with_token(token));
        }
        self.session = Some(text(&taken, "session_id")?);
        let me = self.world.me.clone().ok_or("nobody is me")?;
        let task = me.ended(&text(&taken, "task_id")?).await?;
        self.world.town.comes_to_rest().await?;
        if self.world.role == Role::Enrollment && self.world.my_role().await? == "provider" {
            self.world.role = Role::Provider;
        }
        self.hears(turn, &task).await
    }

    async fn body(&mut self, turn: &Turn) -> Result<Value> {
        let mut body = json!({"session_id": self.session});
        if self.world.role == Role::Enrollment {
            body["role"] = "enrollment".into();
        }
        if let Some(message) = &turn.say {
            body["message"] = message.as_str().into();
        }
        if turn.photos > 0 {
            if self.world.me.is_none() {
                self.world.me = Some(self.world.town.anybody.guest().await?);
            }
            let owner = self.world.me.as_ref().ok_or("nobody is me")?;
            body["media"] = owner.photos(turn.photos).await?.into();
        }
        if let Some(about) = &turn.about {
            body["context"] = self.world.context(about).await?;
        }
        let (kind, draft) = match (&turn.press, &turn.press_old) {
            (Some(kind), _) => (kind, &self.shown),
            (None, Some(kind)) => (kind, &self.shown_before),
            (None, None) => return Ok(body),
        };
        let (id, version) = draft.as_ref().ok_or("there is no draft with a button to press")?;
        body["action"] = json!({"kind": kind, "draft_id": id, "draft_version": version});
        Ok(body)
    }

    async fn hears(&mut self, turn: &Turn, task: &Value) -> Result<()> {
        let result = &task["result"];
        let kinds = task["effects"].as_array().into_iter().flatten();
        let effects: Vec<String> =
            kinds.filter_map(|effect| effect["kind"].as_str().map(str::to_owned)).collect();
        let usage = |name: &str| result["usage"][name].as_i64().unwrap_or_default();
        self.outcome.tokens += usage("prompt_tokens") + usage("completion_tokens");
        self.outcome.cost_micros += usage("cost_micros");
        let ended = turn.stands.as_ref().and_then(|stands| stands.task.as_deref()).unwrap_or("completed");
        if task["status"] != ended {
            self.note(&format!("the task is {}, not {ended}: {}", task["status"], task["error"]));
        }
        let answer = Answer { turn, result, effects: &effects };
        for wrong in self.rules.broken(&answer) {
            self.note(&wrong);
        }
        if let Some(stands) = &turn.stands {
            for wrong in stand_wrong(stands, result, &effects) {
                self.note(&wrong);
            }
        }
        if let Some(wrong) = self.rules.differs(self.world, &effects).await? {
            self.note(&wrong);
        }
        self.effects.extend(effects);
        let draft = &result["draft"];
        if let (Some(id), Some(version)) = (draft["id"].as_str(), draft["version"].as_i64()) {
            let now = Some((id.to_owned(), version));
            if self.shown != now {
                self.shown_before = std::mem::replace(&mut self.shown, now);
            }
        }
        Ok(())
    }
}

fn stand_wrong(stands: &Stands, result: &Value, effects: &[String]) -> Vec<String> {
    let effects = json!(effects);
    let parts = [
        ("awaiting", &stands.awaiting, &result["awaiting_approval"]),
        ("draft", &stands.draft, &result["draft"]),
        ("gathered", &stands.gathered, &result["data"]["gathered"]),
        ("data", &stands.data, &result["data"]),
        ("ui", &stands.ui, &result["ui"]),
        ("effects", &stands.effects, &effects),
    ];
    let wrong = |(name, wanted, is): (&str, &Option<Value>, &Value)| {
        wanted.as_ref().map(|wanted| differences(name, wanted, is)).unwrap_or_default()
    };
    let mut wrong: Vec<String> = parts.into_iter().flat_map(wrong).collect();
    if !wrong.is_empty() {
        wrong.push(format!("the answer was {}", result["message"]));
    }
    wrong
}
