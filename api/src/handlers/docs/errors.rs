//! The catalogue of errors as a page: what the `type` of a problem leads to.

use std::fmt::Write;

use proxie_shared::error::Code;
use strum::VariantArray;

const HEAD: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Errors of the Proxie API</title>
    <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem; }
      section { border-top: 1px solid #8884; }
      section:target { background: #fd08; }
    </style>
  </head>
  <body>
    <h1>Errors of the Proxie API</h1>
    <p>Every error is <code>application/problem+json</code>. Its <code>code</code> stays the same and is for programs; its
      <code>detail</code> is for people and may say more than the usual sentence that stands here.</p>
"#;

/// The page: one section with an anchor per code.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for code in Code::VARIANTS {
        let (title, detail) = (escaped(code.title()), escaped(code.detail()));
        let (status, remedy) = (code.status(), escaped(remedy(*code)));
        // Text takes whatever is written.
        let _written = write!(
            page,
            "    <section id=\"{code}\">\n      <h2><code>{code}</code></h2>\n      <p><b>{status} {title}.</b> {detail}</p>\n      \
             <p>{remedy}</p>\n    </section>\n"
        );
    }
    page.push_str("  </body>\n</html>\n");
    page
}

/// What a program does about it.
fn remedy(code: Code) -> &'static str {
    match code.status() {
        _ if code == Code::IdempotencyInFlight => {
            "Send the same call with the same key again after Retry-After."
        }
        400 | 413 | 415 | 422 => "Do not repeat the call as it is: correct it first.",
        401 => "Get a new token, then send the call again.",
        403 => "Do not repeat the call: this caller may not make it.",
        404 | 405 => "Do not repeat the call: look up the address and the method in the documentation.",
        409 => "Read the present state, then decide anew.",
        429 => "Send the same call again after Retry-After.",
        500 => "Send the same call again, once; keep the request_id.",
        _ => "Send the same call again after Retry-After, or after a few seconds where it is not said.",
    }
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_anchor_and_nothing_is_taken_for_a_tag() {
        let page = page();
        for code in Code::VARIANTS {
            assert!(page.contains(&format!("<section id=\"{code}\">")), "{code}");
            assert!(page.contains(&escaped(code.detail())), "{code}");
        }
        assert!(page.contains("Bearer &lt;token&gt;") && !page.contains("<token>"));
        assert_eq!(escaped("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
