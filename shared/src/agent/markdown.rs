//! The agent's text is Markdown without HTML and images (product, §5).

use pulldown_cmark::{Event, Parser, Tag};

/// The text without HTML and images; an image's description stays as words. All else is as it was.
pub(super) fn safe(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        let instead = match event {
            Event::Html(_) | Event::InlineHtml(_) => "",
            Event::Start(Tag::Image { .. }) => description(&text[range.clone()]),
            _ => continue,
        };
        // What is inside of an image that is gone is gone with it.
        if range.start < at {
            continue;
        }
        kept.push_str(&text[at..range.start]);
        kept.push_str(instead);
        at = range.end;
    }
    kept.push_str(&text[at..]);
    // What was cut out may leave a new tag behind, and so on: nothing is left to cut when it is as before.
    if kept == text { kept.trim().to_owned() } else { safe(&kept) }
}

/// What stands between the brackets of `![…](…)`; nothing of it, if there are brackets inside.
fn description(image: &str) -> &str {
    let inner = image.trim_start_matches("![").split(']').next().unwrap_or_default();
    if inner.contains('[') || inner.contains('<') { "" } else { inner }
}

#[cfg(test)]
mod tests {
    use super::safe;

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
        assert_eq!(safe("<<b>b>x"), safe(&safe("<<b>b>x")));
    }
}
