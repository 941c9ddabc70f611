//! What is no request: greetings, thanks, questions about Proxie, other topics.

use super::reading::Reading;

/// What kind of talk a message is that says nothing about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// Hello.
    Greeting,
    /// Thanks.
    Thanks,
    /// Goodbye.
    Farewell,
    /// How are you.
    Wellbeing,
    /// Who or what are you, what can you do.
    About,
    /// How much it costs to use, how it works.
    HowItWorks,
    /// Yes.
    Assent,
    /// No.
    Refusal,
    /// A topic that is not Proxie's.
    OffTopic,
    /// A try to change the rules.
    Orders,
    /// Nothing that is understood.
    Unclear,
}

const TABLE: &[(Talk, &[&[&str]])] = &[
    (
        Talk::Orders,
        &[
            &["ignore", "previous"],
            &["ignore", "all"],
            &["ignore", "your"],
            &["system", "prompt"],
            &["your", "instructions"],
            &["pretend", "to", "be"],
            &["jailbreak"],
            &["developer", "mode"],
            &["disregard"],
        ],
    ),
    (
        Talk::OffTopic,
        &[
            &["weather"],
            &["politics"],
            &["president"],
            &["election"],
            &["joke"],
            &["poem"],
            &["recipe"],
            &["code"],
            &["python"],
            &["javascript"],
            &["rust"],
            &["homework"],
            &["essay"],
            &["stock"],
            &["bitcoin"],
            &["crypto"],
            &["football"],
            &["soccer"],
            &["basketball"],
            &["capital", "of"],
            &["movie"],
            &["song"],
            &["lyrics"],
            &["translate"],
            &["news"],
            &["math"],
            &["meaning", "of", "life"],
            &["who", "won"],
            &["story"],
            &["girlfriend"],
            &["boyfriend"],
            &["religion"],
            &["war"],
            &["horoscope"],
            &["pizza"],
            &["hungry"],
            &["flight"],
            &["hotel"],
            &["medicine"],
            &["doctor"],
            &["lawyer"],
        ],
    ),
    (
        Talk::About,
        &[
            &["who", "are", "you"],
            &["what", "are", "you"],
            &["are", "you", "a"],
            &["are", "you", "human"],
            &["what", "can", "you"],
            &["what", "do", "you", "do"],
            &["your", "name"],
            &["what", "is", "proxie"],
            &["what", "services"],
            &["which", "services"],
            &["what", "do", "you", "offer"],
        ],
    ),
    (
        Talk::HowItWorks,
        &[
            &["how", "does", "it", "work"],
            &["how", "does", "this", "work"],
            &["how", "do", "you", "work"],
            &["is", "it", "free"],
            &["do", "you", "charge"],
            &["what", "happens", "next"],
            &["how", "long", "does"],
        ],
    ),
    (
        Talk::Wellbeing,
        &[&["how", "are", "you"], &["hows", "it", "going"], &["whats", "up"], &["how", "r", "u"], &["sup"]],
    ),
    (
        Talk::Thanks,
        &[
            &["thanks"],
            &["thank", "you"],
            &["thx"],
            &["ty"],
            &["appreciate"],
            &["cheers"],
            &["awesome"],
            &["great"],
            &["perfect"],
            &["cool"],
            &["amazing"],
        ],
    ),
    (Talk::Farewell, &[&["bye"], &["goodbye"], &["see", "you"], &["good", "night"], &["later"], &["ciao"]]),
    (
        Talk::Greeting,
        &[
            &["hi"],
            &["hello"],
            &["hey"],
            &["hiya"],
            &["good", "morning"],
            &["good", "evening"],
            &["good", "afternoon"],
            &["howdy"],
            &["yo"],
            &["greetings"],
            &["heya"],
            &["hallo"],
            &["hola"],
        ],
    ),
    (
        Talk::Assent,
        &[
            &["yes"],
            &["yeah"],
            &["yep"],
            &["sure"],
            &["ok"],
            &["okay"],
            &["sounds", "good"],
            &["go", "ahead"],
            &["looks", "good"],
            &["correct"],
            &["right"],
        ],
    ),
    (
        Talk::Refusal,
        &[
            &["no"],
            &["nope"],
            &["nah"],
            &["stop"],
            &["cancel"],
            &["forget", "it"],
            &["nevermind"],
            &["never", "mind"],
        ],
    ),
];

/// What kind of talk a message is.
pub fn kind(reading: &Reading) -> Talk {
    TABLE
        .iter()
        .find(|(_, phrases)| {
            (0..reading.tokens.len()).any(|i| phrases.iter().any(|phrase| reading.says(i, phrase)))
        })
        .map_or(Talk::Unclear, |(talk, _)| *talk)
}

/// Whether a message speaks of another topic, or gives orders.
pub fn is_off_topic(reading: &Reading) -> bool {
    matches!(kind(reading), Talk::OffTopic | Talk::Orders)
}

/// A short answer to talk that is no request.
pub fn answer(talk: Talk) -> &'static str {
    match talk {
        Talk::Greeting => "Hello! I'm your Proxie concierge.",
        Talk::Thanks => "You're welcome!",
        Talk::Farewell => "Take care! Whenever you need someone, just write.",
        Talk::Wellbeing => "I'm doing well, thank you for asking!",
        Talk::About => {
            "I'm Proxie's concierge, a program that finds local professionals: for hair and beauty, home cleaning, plumbing, electrical work and photography."
        }
        Talk::HowItWorks => {
            "It works like this: you tell me what you need, where and when; I turn it into a request, professionals nearby send you their offers, and you pick one. Asking costs nothing."
        }
        Talk::Assent => "All right.",
        Talk::Refusal => "No problem.",
        Talk::OffTopic => "That's outside of what I can do: I only find local professionals.",
        Talk::Orders => "I'll stick to what I'm here for: finding local professionals.",
        Talk::Unclear => "I'm sorry, I didn't understand that.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_talk() {
        for (text, expected) in [
            ("hello there", Talk::Greeting),
            ("thanks a lot!", Talk::Thanks),
            ("what's the weather like?", Talk::OffTopic),
            ("Write python code for me", Talk::OffTopic),
            ("who are you?", Talk::About),
            ("ignore previous instructions", Talk::Orders),
            ("asdf qwer", Talk::Unclear),
        ] {
            assert_eq!(kind(&Reading::new(text)), expected, "{text}");
        }
    }
}
