//! JSON objects without double meanings.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads an object in which no name comes twice, at any depth. Which of two members counts is left to each reader
/// (RFC 8259 §4), so whoever checks a token may see another than whoever made it: RFC 7515 §4 and RFC 7519 §4 want
/// header parameters and claims to be unique.
///
/// # Errors
/// When it is not such an object, or not a `T`.
pub(super) fn object<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    deserializer.deserialize_map(Names)?;
    deserializer.end()?;
    serde_json::from_slice(json)
}

/// Any value, looked at for its objects' names only.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Names)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object in which no name comes twice")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a name comes twice"));
            }
            map.next_value::<Unique>()?;
        }
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::Value;

    use super::object;

    #[test]
    fn names_come_once() {
        for good in [r"{}", r#"{"a":1,"b":[{"a":null},{"a":-1.5}],"c":{"a":true,"b":"a"}}"#] {
            object::<Value>(good.as_bytes()).unwrap();
        }
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"b":{"a":1,"a":2}}"#,
            r#"{"b":[0,[{"a":1,"a":2}]]}"#,
            r#"["a"]"#,
            r#""a""#,
            r"{} {}",
            r#"{"a":1"#,
            "",
        ] {
            assert!(object::<Value>(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
