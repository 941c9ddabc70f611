//! Parts of what is sent (RFC 9110 §14): one range at a time, as players of films ask for them.

use std::ops::Range;

use actix_web::HttpRequest;
use actix_web::http::header::{IF_RANGE, RANGE};

/// What of something is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it, also where the range is none that is understood.
    All,
    /// These bytes.
    Bytes(Range<u64>),
    /// Bytes that it does not have.
    Beyond,
}

/// What a call asks for of something of this size that is known by this tag.
pub fn part(request: &HttpRequest, tag: &str, size: u64) -> Part {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header(RANGE) {
        Some(range) if header(IF_RANGE).is_none_or(|known| known == tag) => asked(range, size),
        _ => Part::All,
    }
}

fn asked(range: &str, size: u64) -> Part {
    let read = || {
        let (unit, range) = range.split_once('=')?;
        let (first, last) = range.trim().split_once('-')?;
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // One that is too large for a number is larger than anything.
            is_number.then(|| text.parse().unwrap_or(u64::MAX))
        };
        let (from, to) = match (first, last) {
            ("", last) => (size.saturating_sub(number(last)?), if number(last)? == 0 { 0 } else { size }),
            (first, "") => (number(first)?, size),
            (first, last) => (number(first)?, number(last)?.saturating_add(1).min(size)),
        };
        let is_in_order = first.is_empty() || last.is_empty() || number(first)? <= number(last)?;
        (unit.trim().eq_ignore_ascii_case("bytes") && is_in_order).then_some(from..to)
    };
    match read() {
        None => Part::All,
        Some(range) if range.start < range.end => Part::Bytes(range),
        Some(_) => Part::Beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_has_them() {
        let of_ten = |range| asked(range, 10);
        for (range, wanted) in [
            ("bytes=0-0", 0..1),
            ("bytes=2-", 2..10),
            ("bytes=2-4", 2..5),
            ("Bytes=2-400", 2..10),
            ("bytes=-3", 7..10),
            ("bytes=-30", 0..10),
            ("bytes=9-99999999999999999999999", 9..10),
        ] {
            assert_eq!(of_ten(range), Part::Bytes(wanted), "{range}");
        }
        for range in ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(of_ten(range), Part::Beyond, "{range}");
        }
        for range in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=4-2",
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=+1-2",
        ] {
            assert_eq!(of_ten(range), Part::All, "{range}");
        }
    }
}
