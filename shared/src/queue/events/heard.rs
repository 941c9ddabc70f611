//! What of a model's words is told while they come.
//!
//! They are Markdown, and may hold HTML and pictures, which are taken out of the whole at its end. So from the first sign on that
//! can begin either nothing is told before: nobody is shown what will not stand there.

/// How much of a model's words is told so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Heard {
    /// All of them.
    #[default]
    All,
    /// All but a `!` at their end, which may begin a picture.
    AllButBang,
    /// What came before a sign; all that follows waits for the end.
    Enough,
}

impl Heard {
    /// More words; what is told now.
    pub(super) fn hear(&mut self, text: &str) -> String {
        // What PostgreSQL does not keep is not in the answer either, and hides no sign.
        let mut text = text.replace('\0', "");
        match self {
            Self::All => {}
            Self::AllButBang => text.insert(0, '!'),
            Self::Enough => return String::new(),
        }
        let sign = text.find('<').into_iter().chain(text.find("![")).min();
        *self = match sign {
            Some(at) => {
                text.truncate(at);
                Self::Enough
            }
            None if text.ends_with('!') => {
                text.pop();
                Self::AllButBang
            }
            None => Self::All,
        };
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Heard;

    fn told(pieces: &[&str]) -> String {
        let mut heard = Heard::default();
        pieces.iter().map(|piece| heard.hear(piece)).collect()
    }

    #[test]
    fn nothing_is_told_from_html_or_a_picture_on_wherever_the_words_are_split() {
        for (text, expected) in [
            ("Look! ![x](https://evil/?d=1) there!", "Look! "),
            ("Well <img src=x onerror=alert(1)> there", "Well "),
            ("Oh!!![x](y) there", "Oh!!"),
            ("Oh!\0[x](y) there", "Oh"),
            ("**Maria**, $60! [her page](https://m) is new", "**Maria**, $60! [her page](https://m) is new"),
        ] {
            for first in 0..=text.len() {
                for second in first..=text.len() {
                    let pieces = [&text[..first], &text[first..second], &text[second..]];
                    assert_eq!(told(&pieces), expected, "{pieces:?}");
                }
            }
        }
    }

    #[test]
    fn a_bang_at_the_end_waits_for_what_follows() {
        assert_eq!(told(&["Hello!"]), "Hello");
        assert_eq!(told(&["Hello!", "", " Maya"]), "Hello! Maya");
        assert_eq!(told(&["Hello", "!", "!", "!"]), "Hello!!");
    }
}
