//! A call of a model.

use std::sync::Arc;

use super::{Feature, Message, ToolSpec, Whose};

/// One call of a model: what is asked, for whom, and what may be done with the answer.
pub struct Call<'a> {
    /// Who pays.
    pub whose: Whose,
    /// What it is for.
    pub feature: Feature,
    /// The conversation.
    pub messages: &'a [Message],
    /// What is offered.
    pub tools: &'a [ToolSpec],
    /// Whether an earlier answer to the same will do.
    pub cache: Cache,
    /// Hears the answer while it comes.
    pub deltas: Option<&'a dyn Deltas>,
    /// Whether models that see pictures are to be asked before those that do not.
    pub vision: bool,
}

/// Whether an earlier answer to the same call will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// No: the turn has effects, or an answer must be new.
    No,
    /// One that was given to the same user.
    User,
    /// One that was given to anybody: nothing personal is in the call.
    Shared,
}

/// Hears an answer while it comes.
pub trait Deltas: Send + Sync {
    /// More of the text.
    fn delta(&self, text: &str);
    /// What was told since the answer began is void: another try, or another model, begins anew.
    fn reset(&self);
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its type, such as `image/jpeg`.
    pub mime: String,
    /// Its file.
    pub bytes: Arc<[u8]>,
}
