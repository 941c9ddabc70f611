//! Texts of a tool's arguments, as their endpoints take them: a model that has nothing to say often says it with "".

use std::ops::RangeInclusive;

use crate::error::{Error, Problem, Result};

/// How many characters a text may have, by what it is, as by HTTP.
pub(super) type Length = RangeInclusive<usize>;
pub(super) const NAME: Length = 1..=200;
pub(super) const CITY: Length = 1..=200;
pub(super) const PHONE: Length = 3..=40;
pub(super) const ADDRESS: Length = 1..=500;
pub(super) const INSTRUCTIONS: Length = 1..=2_000;
pub(super) const REASON: Length = 1..=1_000;
pub(super) const NOTE: Length = 1..=1_000;
pub(super) const REVIEW: Length = 1..=5_000;

/// Reads texts, and keeps what is wrong with them.
#[derive(Default)]
pub(super) struct Text {
    problems: Vec<Problem>,
}

impl Text {
    /// The text without space around it; none if nothing is left, or if it is too short or too long.
    pub fn of(&mut self, pointer: &str, text: Option<String>, length: Length) -> Option<String> {
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
        if length.contains(&text.chars().count()) {
            return Some(text);
        }
        let (least, most) = length.into_inner();
        self.problems.push(Problem::new(pointer, format!("Write {least} to {most} characters.")));
        None
    }

    /// # Errors
    /// `invalid` with everything that is wrong.
    pub fn refuse(self) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(Error::invalid(self.problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_none_and_a_long_one_is_refused() {
        let mut text = Text::default();
        assert_eq!(text.of("/note", Some(" \n".to_owned()), NOTE), None);
        assert_eq!(text.of("/note", Some(" late ".to_owned()), NOTE).as_deref(), Some("late"));
        assert!(text.problems.is_empty());
        text.of("/phone", Some("11".to_owned()), PHONE);
        text.of("/reason", Some("x".repeat(1_001)), REASON);
        let at: Vec<_> = text.problems.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(at, ["/phone", "/reason"]);
        assert!(text.refuse().is_err());
    }
}
