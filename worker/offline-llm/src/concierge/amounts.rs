//! Numbers in figures and words, with a currency if one stands by them.

use std::ops::Range;

use super::reading::Reading;
use super::words::Kind;

/// A number, as if it were money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// A hundred times its value.
    pub cents: i64,
    /// The currency beside it.
    pub currency: Option<&'static str>,
    /// Whether it was said in thousands ("2k").
    pub thousands: bool,
    /// Its tokens, currency included.
    pub range: Range<usize>,
}

const ONES: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number below twenty in words.
pub fn small(word: &str) -> Option<i64> {
    ONES.iter().position(|w| *w == word).and_then(|n| i64::try_from(n).ok())
}

fn below_hundred(reading: &Reading, i: usize) -> Option<(i64, usize)> {
    let word = reading.norm(i);
    if let Some(tens) = TENS.iter().position(|w| *w == word) {
        let tens = 20 + 10 * i64::try_from(tens).ok()?;
        let next = if reading.is_sign(i + 1, "-") { i + 2 } else { i + 1 };
        return match small(reading.norm(next)).filter(|n| (1..10).contains(n)) {
            Some(one) => Some((tens + one, next + 1)),
            None => Some((tens, i + 1)),
        };
    }
    small(word).filter(|n| *n > 0).map(|n| (n, i + 1))
}

/// A whole number in words: "sixty", "a hundred", "two hundred and fifty", "a couple hundred", "three thousand".
pub fn in_words(reading: &Reading, i: usize) -> Option<(i64, usize)> {
    let (mut value, mut end) = match reading.norm(i) {
        "a" if matches!(reading.norm(i + 1), "hundred" | "thousand" | "grand") => (1, i + 1),
        "a" if reading.norm(i + 1) == "couple" => {
            let skip = i + 2 + usize::from(reading.norm(i + 2) == "of");
            matches!(reading.norm(skip), "hundred" | "thousand" | "grand").then_some((2, skip))?
        }
        "couple" if matches!(reading.norm(i + 1), "hundred" | "thousand" | "grand") => (2, i + 1),
        "hundred" | "thousand" => (1, i),
        _ => below_hundred(reading, i)?,
    };
    if reading.norm(end) == "hundred" {
        value *= 100;
        end += 1;
        let skip = end + usize::from(reading.norm(end) == "and");
        if let Some((rest, after)) = below_hundred(reading, skip) {
            value += rest;
            end = after;
        }
    }
    if matches!(reading.norm(end), "thousand" | "grand") {
        value *= 1000;
        end += 1;
    }
    Some((value, end))
}

fn sign(text: &str) -> Option<&'static str> {
    Some(match text {
        "$" => "USD",
        "€" => "EUR",
        "£" => "GBP",
        "¥" => "JPY",
        "₹" => "INR",
        _ => return None,
    })
}

fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "dollar" | "dollars" | "buck" | "bucks" | "usd" | "dollers" | "dolars" => "USD",
        "euro" | "euros" | "eur" => "EUR",
        "pound" | "pounds" | "quid" | "gbp" => "GBP",
        "cad" => "CAD",
        "aud" => "AUD",
        "nzd" => "NZD",
        "chf" | "francs" => "CHF",
        "inr" | "rupees" | "rs" => "INR",
        "jpy" | "yen" => "JPY",
        "sek" => "SEK",
        "nok" => "NOK",
        "dkk" => "DKK",
        "pln" | "zloty" => "PLN",
        "czk" => "CZK",
        "sgd" => "SGD",
        "hkd" => "HKD",
        "mxn" | "pesos" => "MXN",
        "zar" | "rand" => "ZAR",
        "aed" | "dirhams" => "AED",
        _ => return None,
    })
}

/// A figure's value in cents: "1,200", "1.5", "49.99", "1.200" (as in Europe).
fn figure(text: &str) -> Option<i64> {
    let plain = text.replace(',', "");
    let (whole, part) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    if part.contains('.') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    match part.len() {
        0 => whole.checked_mul(100),
        1 | 2 => {
            let cents: i64 = format!("{part:0<2}").parse().ok()?;
            whole.checked_mul(100)?.checked_add(cents)
        }
        3 => plain.replace('.', "").parse::<i64>().ok()?.checked_mul(100),
        _ => None,
    }
}

/// The number at `i`, with the currency before or behind it.
pub fn number(reading: &Reading, i: usize) -> Option<Number> {
    let token = reading.tokens.get(i)?;
    let mut currency = None;
    let mut at = i;
    if let Some(found) = sign(&token.text) {
        currency = Some(found);
        at += 1;
    } else if reading.is_sign(i + 1, "$")
        && matches!(token.norm.as_str(), "us" | "c" | "ca" | "a" | "au" | "nz")
    {
        currency = Some(match token.norm.as_str() {
            "c" | "ca" => "CAD",
            "a" | "au" => "AUD",
            "nz" => "NZD",
            _ => "USD",
        });
        at += 2;
    } else if token.text.len() == 3
        && let Some(found) = code(&token.norm)
    {
        currency = Some(found);
        at += 1;
    }
    let figures = reading.tokens.get(at)?;
    let (mut cents, mut end, mut thousands) = match figures.kind {
        Kind::Number => (figure(&figures.text)?, at + 1, false),
        _ => {
            let (value, end) = in_words(reading, at)?;
            (value.checked_mul(100)?, end, false)
        }
    };
    if figures.kind == Kind::Number && matches!(reading.norm(end), "k" | "grand" | "thousand") {
        cents = cents.checked_mul(1000)?;
        thousands = true;
        end += 1;
    } else if figures.kind == Kind::Number && reading.norm(end) == "hundred" {
        cents = cents.checked_mul(100)?;
        end += 1;
    }
    if currency.is_some()
        || reading.tokens.get(end).is_some_and(|t| sign(&t.text).is_some())
        || code(reading.norm(end)).is_some()
    {
        let behind = reading
            .tokens
            .get(end)
            .and_then(|t| sign(&t.text).filter(|_| currency.is_none()))
            .or_else(|| code(reading.norm(end)));
        if let Some(found) = behind {
            // "$60 CAD", "60 US dollars", "60 dollars AUD".
            currency = Some(found);
            end += 1;
            if let Some(exact) = code(reading.norm(end)).filter(|_| reading.norm(end).len() == 3) {
                currency = Some(exact);
                end += 1;
            }
        }
    } else if matches!(reading.norm(end), "us" | "canadian" | "australian")
        && code(reading.norm(end + 1)).is_some()
    {
        currency = Some(match reading.norm(end) {
            "canadian" => "CAD",
            "australian" => "AUD",
            _ => "USD",
        });
        end += 2;
    }
    Some(Number { cents, currency, thousands, range: i..end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        assert_eq!(figure("1,200"), Some(120_000));
        assert_eq!(figure("1.5"), Some(150));
        assert_eq!(figure("1.200"), Some(120_000));
        assert_eq!(figure("1.2.3"), None);
    }
}
