//! The agent's text is Markdown without HTML and images (product, §5).

use pulldown_cmark::{Event, Parser, Tag};

/// How often what was cut out may leave something new to be cut.
const PASSES: usize = 4;

/// The text without HTML and images; an image's description stays as words. All else is as it was.
pub(super) fn safe(text: &str) -> String {
    let mut text = text.trim().to_owned();
    for _ in 0..PASSES {
        match cut(&text) {
            None => return text,
            // What stood further in may be a tag of its own now, and so on.
            Some(kept) => text = kept.trim().to_owned(),
        }
    }
    // Who hides so many things in each other means no good: without these signs there is neither HTML nor an image.
    text.replace('<', "&lt;").replace("![", "!\\[")
}

/// The text without the HTML and the images that are seen in it as it is; nothing if there are none.
fn cut(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        // What is inside of an image that is gone is gone with it.
        if range.start < at {
            continue;
        }
        let instead = match event {
            Event::Html(_) | Event::InlineHtml(_) => "",
            Event::Start(Tag::Image { .. }) => description(&text[range.clone()]),
            _ => continue,
        };
        kept.push_str(&text[at..range.start]);
        kept.push_str(instead);
        at = range.end;
    }
    kept.push_str(&text[at..]);
    (kept.len() < text.len()).then_some(kept)
}

/// What stands between the brackets of `![…](…)`; nothing of it, if there are brackets inside.
fn description(image: &str) -> &str {
    let inner = image.trim_start_matches("![").split(']').next().unwrap_or_default();
    if inner.contains('[') || inner.contains('<') { "" } else { inner }
}

#[cfg(test)]
mod tests {
    use super::{PASSES, cut, safe};

    #[test]
    fn html_and_images_go_and_the_rest_stays() {
        assert_eq!(
            safe("**Maria**, $60 — [her page](https://example.org/m)"),
            "**Maria**, $60 — [her page](https://example.org/m)"
        );
        assert_eq!(safe("Hello <img src=x onerror=alert(1)>there"), "Hello there");
        assert_eq!(safe("See ![a cut](https://evil.example/x.png)!"), "See a cut!");
        assert_eq!(safe("<script>alert(1)</script>\n\nFine."), "Fine.");
        assert_eq!(safe("a <b>bold</b> word, 3 < 4"), "a bold word, 3 < 4");
        assert_eq!(safe("`<b>` is code"), "`<b>` is code");
        assert_eq!(safe("<<b>b>x"), "x");
    }

    #[test]
    fn what_is_code_only_for_the_space_before_it_is_none_at_the_beginning() {
        assert_eq!(safe("    <b>x"), "x");
        assert_eq!(safe("<i>\n\n    <b>x"), "x");
    }

    /// However deep things are hidden in each other, nothing of them is left, and the text is the same the next time.
    #[test]
    fn any_number_of_layers_is_taken_off_in_time() {
        for layers in [1, PASSES - 1, PASSES, PASSES + 1, 85_000] {
            for (open, close) in [("<", "b>"), ("![", "x](y)"), ("!", "[x](y)"), ("<![", "](y)>")] {
                let text = format!("a {}{} z", open.repeat(layers), close.repeat(layers));
                let kept = safe(&text);
                assert_eq!(cut(&kept), None, "{layers} layers of {open}…{close}");
                assert_eq!(safe(&kept), kept, "{layers} layers of {open}…{close}");
            }
        }
        let deep = safe(&format!("a {}{} z", "<".repeat(85_000), "b>".repeat(85_000)));
        assert!(!deep.contains('<') && deep.starts_with("a ") && deep.ends_with(" z"));
    }
}
