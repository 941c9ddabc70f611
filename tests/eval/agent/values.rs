//! Whether a value is as a conversation wants it; see README, *Values*.

use serde_json::{Map, Value};

/// What differs, each with where it is.
pub fn differences(at: &str, wanted: &Value, is: &Value) -> Vec<String> {
    let mut told = Vec::new();
    compare(at, wanted, is, &mut told);
    told
}

fn compare(at: &str, wanted: &Value, is: &Value, told: &mut Vec<String>) {
    let holds = match wanted {
        Value::Object(fields) => match operator(fields) {
            Some((name, argument)) => holds(name, argument, is),
            None if is.is_object() => {
                for (name, wanted) in fields {
                    compare(&format!("{at}.{name}"), wanted, &is[name], told);
                }
                true
            }
            None => false,
        },
        Value::Array(all) => is.as_array().is_some_and(|are| pair_up(all, are)),
        other => is_same(other, is),
    };
    if !holds {
        told.push(format!("{at} is {is}, not {wanted}"));
    }
}

/// The only field of an object that is no value but a question.
fn operator(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    const OPERATORS: [&str; 8] = ["has", "any_of", "not", "length", "at_least", "at_most", "starts", "set"];
    let mut all = fields.iter();
    let (name, argument) = all.next().filter(|(name, _)| OPERATORS.contains(&name.as_str()))?;
    all.next().is_none().then_some((name, argument))
}

fn holds(operator: &str, argument: &Value, is: &Value) -> bool {
    let number = || is.as_f64().zip(argument.as_f64());
    match operator {
        "has" => argument.as_array().is_some_and(|parts| parts.iter().all(|part| has(is, &plain(part)))),
        "any_of" => argument.as_array().is_some_and(|any| any.iter().any(|one| is_as(one, is))),
        "not" => !is_as(argument, is),
        "length" => is.as_array().map(Vec::len) == argument.as_u64().map(|length| length as usize),
        "at_least" => number().is_some_and(|(is, least)| is >= least),
        "at_most" => number().is_some_and(|(is, most)| is <= most),
        "starts" => plain(is).starts_with(&plain(argument)),
        _ => Some(is_set(is)) == argument.as_bool(),
    }
}

/// Whether each of the one is one of the others, and no other is left.
fn pair_up(wanted: &[Value], are: &[Value]) -> bool {
    let mut left: Vec<&Value> = are.iter().collect();
    let mut finds = |one: &Value| {
        let found = left.iter().position(|other| is_as(one, other));
        found.map(|at| left.remove(at)).is_some()
    };
    wanted.iter().all(&mut finds) && left.is_empty()
}

/// Whether a value is as wanted.
pub fn is_as(wanted: &Value, is: &Value) -> bool {
    differences("", wanted, is).is_empty()
}

fn has(is: &Value, part: &str) -> bool {
    match is {
        Value::Array(all) => all.iter().any(|one| has(one, part)),
        other => plain(other).contains(part),
    }
}

fn is_same(wanted: &Value, is: &Value) -> bool {
    match (wanted, is) {
        (Value::String(_), Value::String(_)) => plain(wanted) == plain(is),
        (Value::Number(wanted), Value::Number(is)) => wanted.as_f64() == is.as_f64(),
        _ => wanted == is,
    }
}

fn is_set(is: &Value) -> bool {
    match is {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(all) => !all.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_told_with_where_it_is() {
        let is = json!({"city": "Brooklyn ", "budget": {"max_cents": 6000.0}, "phrases": ["curly hair", "layers"]});
        let wanted = json!({"city": "brooklyn", "budget": {"max_cents": 6000, "min_cents": null},
                            "phrases": {"has": ["curl"]}});
        assert_eq!(differences("x", &wanted, &is), [""; 0]);
        assert!(is_as(&json!({"phrases": ["layers", {"starts": "curly"}], "zone": null}), &is));
        assert!(!is_as(&json!({"phrases": ["layers"]}), &is));
        assert!(!is_as(&json!({"phrases": {"has": ["fade"]}}), &is));
        assert!(is_as(&json!({"any_of": [null, {"city": {"not": "Queens"}}]}), &is));
        assert!(is_as(&json!({"set": false}), &json!([])));
        assert_eq!(
            differences("end", &json!({"budget": {"max_cents": 7000}}), &is),
            ["end.budget.max_cents is 6000.0, not 7000"]
        );
    }
}
