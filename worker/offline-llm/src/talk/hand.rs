//! The tools of a turn, as a script uses them.
//!
//! A script is run from its beginning for every step of a turn. A call that was made already answers at once; one that was not
//! ends the script with the call.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use crate::agents::turn::Turn;
use crate::completion::Answer;

/// What a script gets, or the call that it has to wait for.
pub type Step<T> = Result<T, Answer>;

/// How often one tool is called in a turn at most.
const MOST: usize = 2;

/// The tools of a turn.
pub struct Hand<'t> {
    turn: &'t Turn,
    used: RefCell<HashMap<String, usize>>,
}

impl<'t> Hand<'t> {
    /// The tools that a turn offers and what they answered so far.
    pub fn new(turn: &'t Turn) -> Self {
        Self { turn, used: RefCell::default() }
    }

    /// Whether a tool is offered.
    pub fn has(&self, tool: &str) -> bool {
        self.turn.tool(tool).is_some()
    }

    /// Whether a tool that is offered takes this argument.
    pub fn takes(&self, tool: &str, argument: &str) -> bool {
        self.turn.tool(tool).is_some_and(|offered| offered.takes(argument))
    }

    /// What a tool answers; null for one that is not offered. Arguments that are null, or that its schema does not have, are
    /// left out.
    ///
    /// # Errors
    /// The call, where it was not made yet.
    pub fn call(&self, tool: &str, arguments: &Value) -> Step<Value> {
        let Some(offered) = self.turn.tool(tool) else { return Ok(Value::Null) };
        let mut used = self.used.borrow_mut();
        let nth = used.entry(tool.to_owned()).or_default();
        let results = self.turn.results_of(tool);
        let Some(text) = results.get(*nth).or_else(|| results.get(MOST - 1)) else {
            let kept = arguments.as_object().into_iter().flatten();
            let kept: serde_json::Map<String, Value> = kept
                .filter(|(name, value)| !value.is_null() && offered.takes(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            return Err(Answer::call(tool, &Value::Object(kept)));
        };
        *nth += 1;
        Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(*text)))
    }
}
