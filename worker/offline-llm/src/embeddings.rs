//! `POST /v1/embeddings`: hashed words, their meanings by a small table of synonyms, and parts of words.
//!
//! Every feature of a text adds its weight, with a sign, to one place of the vector that its hash names (feature hashing:
//! Weinberger et al., 2009, <https://arxiv.org/abs/0902.2206>); the vector is then scaled to length one. Texts that share words, meanings or parts of
//! words are near each other.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::completion::count_tokens;
use crate::concierge::words::{Kind, tokens};
use crate::hash::fnv1a;

/// The length of a vector where the request names none, as that of OpenAI's small model.
const DIMENSIONS: usize = 1536;
/// The longest vector.
const LONGEST: usize = 4096;
/// The most texts of one request, as OpenAI has it.
const TEXTS: usize = 2048;

/// A request.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// The model, answered as given.
    #[serde(default)]
    pub model: String,
    /// A text, texts, token ids, or lists of them.
    pub input: Value,
    /// The length of the vectors.
    #[serde(default)]
    pub dimensions: Option<usize>,
    /// `float` or `base64`.
    #[serde(default)]
    pub encoding_format: Option<String>,
}

/// Stems that mean the same.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("hair", &["hair", "haircut", "barber", "hairdress", "hairstylist", "salon", "stylist", "hairdo"]),
    ("curl", &["curl", "cur", "coil", "coili", "ringlet", "afro", "kinki", "textur", "devacut"]),
    ("cut", &["cut", "trim", "haircut", "chop", "fade"]),
    ("color", &["color", "colour", "dye", "balayag", "highlight", "tint", "bleach", "ombr"]),
    ("braid", &["braid", "cornrow", "twist", "loc", "dreadlock", "plait"]),
    ("beard", &["beard", "shave", "moustach", "mustach"]),
    ("nail", &["nail", "manicur", "pedicur", "mani", "pedi", "gel", "acryl"]),
    ("makeup", &["makeup", "cosmet", "glam", "mua"]),
    ("wed", &["wed", "bridal", "bride", "marri", "marriag", "nuptial", "elop"]),
    ("clean", &["clean", "cleaner", "maid", "housekeep", "tidi", "scrub", "wash", "spotless", "declutt"]),
    ("home", &["home", "hous", "apart", "flat", "condo", "place", "studio"]),
    ("eco", &["eco", "green", "organ", "nontox", "natur", "sustain", "environ"]),
    ("pet", &["pet", "dog", "cat", "puppi", "kitten"]),
    ("carpet", &["carpet", "rug", "upholsteri", "sofa", "couch"]),
    ("plumb", &["plumber", "plumb", "pipe", "drain", "faucet", "tap", "sink", "toilet"]),
    ("leak", &["leak", "leaki", "drip", "flood", "water"]),
    ("clog", &["clog", "block", "unclog", "drain", "snake"]),
    ("electr", &["electrician", "electr", "wire", "outlet", "socket", "breaker", "fuse", "panel", "spark"]),
    ("light", &["light", "lamp", "chandeli", "fixtur", "sconc", "led"]),
    ("ev", &["ev", "tesla", "charger", "wallbox", "charg"]),
    (
        "photo",
        &[
            "photo",
            "photograph",
            "photographi",
            "pictur",
            "portrait",
            "headshot",
            "shoot",
            "photoshoot",
            "pic",
        ],
    ),
    ("child", &["child", "children", "kid", "toddler", "son", "daughter", "babi", "newborn"]),
    ("urgent", &["urgent", "asap", "emerg", "immedi", "quick"]),
    ("cheap", &["cheap", "afford", "budget", "inexpens"]),
    ("fix", &["fix", "repair", "mend"]),
    ("install", &["instal", "mount", "fit", "hang", "replac"]),
];

/// Words that say little.
const STOP: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "for", "to", "in", "on", "at", "with", "is", "are", "be", "i", "my",
    "me", "we", "our", "you", "your", "it", "that", "this", "need", "want", "would", "like", "some",
    "someon", "please", "pleas", "look", "can", "have", "has", "do", "who", "as", "by", "from",
];

/// The vector of a text, of length one; of an empty text too.
pub fn embed(text: &str, dimensions: usize) -> Vec<f32> {
    let mut vector = vec![0f32; dimensions];
    let mut add = |feature: &str, weight: f32| {
        let hash = fnv1a(feature.as_bytes());
        let place = usize::try_from(hash >> 1).unwrap_or(0) % dimensions.max(1);
        let sign = if hash & 1 == 0 { 1.0 } else { -1.0 };
        if let Some(value) = vector.get_mut(place) {
            *value += sign * weight;
        }
    };
    add("text", 0.05);
    let words: Vec<_> = tokens(text).into_iter().filter(|t| t.kind != Kind::Sign).collect();
    let mut before: Option<String> = None;
    for word in &words {
        let stop = STOP.contains(&word.stem.as_str());
        add(&format!("word {}", word.stem), if stop { 0.1 } else { 1.0 });
        if stop {
            continue;
        }
        for (meaning, stems) in SYNONYMS {
            if stems.contains(&word.stem.as_str()) {
                add(&format!("meaning {meaning}"), 1.2);
            }
        }
        let letters: Vec<char> = format!("<{}>", word.norm).chars().collect();
        let grams = letters.windows(3).count().max(1);
        for gram in letters.windows(3) {
            let gram: String = gram.iter().collect();
            // Together the parts of a word weigh as much, however long it is.
            #[allow(clippy::cast_precision_loss, reason = "words are short")]
            add(&format!("part {gram}"), 0.7 / (grams as f32).sqrt());
        }
        if let Some(before) = before.replace(word.stem.clone()) {
            add(&format!("pair {before} {}", word.stem), 0.4);
        }
    }
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    if length > 0.0 {
        for value in &mut vector {
            *value /= length;
        }
    }
    vector
}

fn texts(input: &Value) -> Option<Vec<String>> {
    let ids = |items: &[Value]| items.iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
    match input {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) if items.iter().all(Value::is_u64) => Some(vec![ids(items)]),
        Value::Array(items) => items
            .iter()
            .map(|item| match item {
                Value::String(text) => Some(text.clone()),
                Value::Array(inner) if inner.iter().all(Value::is_u64) => Some(ids(inner)),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// The body of the answer.
///
/// # Errors
/// A sentence that says what is wrong with the request.
pub fn answer(request: &Request) -> Result<Value, String> {
    let texts = texts(&request.input).ok_or("'input' is neither a text nor a list of texts.")?;
    if texts.len() > TEXTS {
        return Err(format!("'input' has more than {TEXTS} texts."));
    }
    let dimensions = request.dimensions.unwrap_or(DIMENSIONS);
    if !(1..=LONGEST).contains(&dimensions) {
        return Err(format!("'dimensions' is not between 1 and {LONGEST}."));
    }
    let base64 = match request.encoding_format.as_deref() {
        None | Some("float") => false,
        Some("base64") => true,
        Some(_) => return Err("'encoding_format' is neither float nor base64.".to_owned()),
    };
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let vector = embed(text, dimensions);
            let embedding = if base64 {
                let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
                json!(STANDARD.encode(bytes))
            } else {
                json!(vector)
            };
            json!({"object": "embedding", "index": index, "embedding": embedding})
        })
        .collect();
    let count: u64 = texts.iter().map(|text| count_tokens(text)).sum();
    Ok(json!({
        "object": "list",
        "data": data,
        "model": request.model,
        "usage": {"prompt_tokens": count, "total_tokens": count},
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn near(a: &str, b: &str) -> f32 {
        embed(a, 512).iter().zip(embed(b, 512)).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn vectors_have_length_one() {
        for text in ["", "curly hair", "I need an electrician who can fix sparks"] {
            let length: f32 = embed(text, 256).iter().map(|v| v * v).sum();
            assert!((length - 1.0).abs() < 1e-5, "{text}");
        }
    }

    #[test]
    fn what_means_the_same_is_near() {
        for (text, like, unlike) in [
            ("3B curls", "curly hair", "recessed lights"),
            ("a barber for a fade", "haircut", "drain cleaning"),
            ("my kitchen tap drips", "leaking faucet repair", "wedding photography"),
            ("green cleaning products", "eco-friendly house cleaning", "box braids"),
            ("headshots", "portrait photographer", "carpet cleaning"),
        ] {
            assert!(
                near(text, like) > near(text, unlike) + 0.15,
                "{text}: {} {}",
                near(text, like),
                near(text, unlike)
            );
        }
    }

    #[test]
    fn base64_is_little_endian_floats() {
        let request = |format: &str| Request {
            model: "m".into(),
            input: json!("hello"),
            dimensions: Some(4),
            encoding_format: Some(format.into()),
        };
        let plain = answer(&request("float")).unwrap();
        let coded = answer(&request("base64")).unwrap();
        let bytes = STANDARD.decode(coded["data"][0]["embedding"].as_str().unwrap()).unwrap();
        let first = f32::from_le_bytes(bytes[..4].try_into().unwrap());
        assert!((f64::from(first) - plain["data"][0]["embedding"][0].as_f64().unwrap()).abs() < 1e-6);
        assert_eq!(bytes.len(), 16);
    }
}
