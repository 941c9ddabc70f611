#![allow(clippy::unwrap_used, clippy::panic)]

use serde::Deserialize;
use serde_json::{Value, json};

use super::*;

/// A worked case: what is asked, and what was worked out by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    service: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    specializations: Vec<String>,
    #[serde(default)]
    urgency: Option<Urgency>,
    #[serde(default)]
    place: Option<ServicePlace>,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    complexity: Value,
    /// Least and most, in minor units.
    price: (i64, i64),
    /// Least and most.
    minutes: (i32, i32),
    /// Names.
    factors: Vec<String>,
    /// What each begins with.
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default)]
    emergency: bool,
    /// What they are about.
    questions: Vec<String>,
    #[serde(default)]
    specializations: Vec<String>,
}

fn consulted(case: &Case) -> Consultation {
    let asked = Asked {
        service_id: &case.service,
        specializations: case.specializations.iter().map(String::as_str).collect(),
        text: &case.text,
        urgency: case.urgency,
        place: case.place,
    };
    Specialists::start().unwrap().consult(Catalog::built_in(), &asked).unwrap()
}

#[test]
fn each_specialist_answers_its_worked_cases() {
    assert!(FILES.len() >= 5);
    for (file, _) in FILES {
        let beside = file.replace(".json", ".cases.json");
        let (_, cases) =
            CASES.iter().find(|(name, _)| *name == beside).unwrap_or_else(|| panic!("{beside}?"));
        let cases: Vec<Case> =
            serde_json::from_str(cases).unwrap_or_else(|error| panic!("{beside}: {error}"));
        assert!(cases.len() >= 3, "{beside} has {} cases", cases.len());
        for (at, case) in cases.iter().enumerate() {
            let said = consulted(case);
            let price = (said.price.low_cents, said.price.high_cents);
            let minutes = (said.duration_minutes.low, said.duration_minutes.high);
            let names: Vec<&String> = said.factors.iter().map(|factor| &factor.name).collect();
            let about: Vec<&String> = said.questions.iter().map(|question| &question.about).collect();
            let wanted = &case.expect;
            let here = format!("{beside}[{at}]: {said:#?}");
            assert_eq!(names, wanted.factors.iter().collect::<Vec<_>>(), "{here}");
            assert_eq!(price, wanted.price, "{here}");
            assert_eq!(minutes, wanted.minutes, "{here}");
            assert_eq!(json!(said.complexity), wanted.complexity, "{here}");
            assert_eq!(about, wanted.questions.iter().collect::<Vec<_>>(), "{here}");
            assert_eq!(said.specializations, wanted.specializations, "{here}");
            assert_eq!(
                (said.emergency, said.warnings.len()),
                (wanted.emergency, wanted.warnings.len()),
                "{here}"
            );
            for (warning, begins) in said.warnings.iter().zip(&wanted.warnings) {
                assert!(warning.starts_with(begins), "{here}");
            }
        }
    }
}

#[test]
fn every_service_of_the_catalog_has_a_specialist() {
    for (_, service) in Catalog::built_in().services() {
        let asked = Asked { service_id: &service.id, ..Asked::default() };
        let said = consult(Catalog::built_in(), &asked).unwrap_or_else(|| panic!("{}", service.id));
        assert!(said.factors.is_empty() && !said.emergency, "nothing was said: {said:?}");
        assert_eq!(said.price.low_cents, stepped(service.price.min_cents as f64, PRICE_STEP) as i64);
        assert_eq!(said.duration_minutes.high, service.duration_minutes.max as i32);
    }
    let unknown = Asked { service_id: "dragon_taming", ..Asked::default() };
    assert_eq!(consult(Catalog::built_in(), &unknown), None);
}

#[test]
fn what_the_catalog_suggests_is_among_the_vocabulary() {
    let specialists = Specialists::start().unwrap();
    let mut known = (0, 0);
    for (_, service) in Catalog::built_in().services() {
        let specialist = &specialists.all[specialists.by_service[&service.id]];
        for phrase in &service.specializations {
            let mut said = reading::Said::new();
            specialist.phrases.read(phrase, &mut said);
            known = (known.0 + usize::from(!said.is_empty()), known.1 + 1);
        }
    }
    // Some make no difference to anybody: emery boards, polish that is vegan.
    assert!(known.0 * 10 >= known.1 * 8, "{known:?}");
}

/// A file that makes sense.
fn file() -> Value {
    json!({
        "name": "Hair",
        "services": {"haircut": {"points": 0}},
        "vocabulary": [
            {"is": "curly hair", "said": ["curls"], "specialization": true},
            {"is": "people", "said": ["people"], "counts": true},
        ],
        "factors": [{"name": "curls", "when": ["curly hair"], "price": 1.2, "because": "They are curly."}],
        "warnings": [{"when": ["curly hair"], "text": "Look out."}],
        "questions": [{"about": "texture", "ask": "What is it like?", "answered_by": ["curly hair"]}],
        "notes": [{"text": "Nothing."}],
    })
}

#[test]
fn a_file_that_is_wrong_is_named_with_key_and_reason() {
    let read = |text: &str| Specialists::read(&[("hair.json", text)], Catalog::built_in());
    assert!(read(&file().to_string()).is_ok());
    let with = |pointer: &str, value: Value| {
        let mut file = file();
        match file.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => {
                let (of, key) = pointer.rsplit_once('/').unwrap();
                file.pointer_mut(of).unwrap()[key] = value;
            }
        }
        file
    };
    for (file, key, reason) in [
        (with("/services", json!({"dragons": {"points": 0}})), "services.dragons", "the catalog has no such"),
        (with("/services", json!({})), "services", "it names none"),
        (with("/services/haircut", json!({"point": 0})), "services", "unknown field `point`"),
        (with("/name", json!(" ")), "name", "it is blank"),
        (with("/names", json!("x")), "names", "there is no such key"),
        (with("/factors/0/when", json!(["curly"])), "factors[0].when", "the vocabulary has no \"curly\""),
        (with("/factors/0/when", json!([])), "factors[0].when", "it names no meaning"),
        (with("/factors/0/price", json!(9)), "factors[0].price", "9 is not between 0.2 and 5"),
        (with("/factors/0/price", json!("dear")), "factors[0]", "invalid type: string"),
        (with("/factors/0/because", json!("")), "factors[0].because", "it is blank"),
        (with("/factors/0/services", json!(["plumbing"])), "factors[0].services", "is none of its services"),
        (with("/factors/0/when", json!(["people"])), "factors[0].per", "what is counted has it"),
        (with("/vocabulary/0/said", json!(["…"])), "vocabulary[0].said[0]", "it holds no word"),
        (
            with("/vocabulary/1", json!({"is": "x", "said": ["curl"]})),
            "vocabulary[1].said[0]",
            "means curly hair",
        ),
        (with("/vocabulary/1/is", json!("curly hair")), "vocabulary[1].is", "is there twice"),
        (with("/warnings/0/with", json!(["x"])), "warnings[0].with", "the vocabulary has no \"x\""),
        (with("/questions/0/answered_by", json!([])), "questions[0].answered_by", "nothing answers it"),
        (with("/notes/0/when", json!(["x"])), "notes[0].when", "the vocabulary has no \"x\""),
    ] {
        let wrong = read(&file.to_string()).unwrap_err();
        assert_eq!((wrong.file.as_str(), wrong.key.as_str()), ("hair.json", key), "{wrong}");
        assert!(wrong.reason.contains(reason), "{wrong}");
        assert!(wrong.to_string().contains("hair.json is wrong at "), "{wrong}");
    }
    let wrong = read("{\n  \"name\": }").unwrap_err();
    assert_eq!(wrong.key, "line 2");
    let twice = file().to_string();
    let wrong =
        Specialists::read(&[("a.json", &twice), ("b.json", &twice)], Catalog::built_in()).unwrap_err();
    assert_eq!((wrong.file.as_str(), wrong.key.as_str()), ("b.json", "services.haircut"));
}

#[test]
fn a_file_more_is_a_specialist_more() {
    let mut catalog = Catalog::built_in().categories().to_vec();
    let mut service = catalog[0].services[0].clone();
    service.id = "dragon_taming".to_owned();
    catalog[0].services.push(service);
    let catalog = Catalog::new(catalog);
    let mut dragons = file();
    dragons["name"] = json!("Dragons");
    dragons["services"] = json!({"dragon_taming": {"points": 3}});
    let dragons = dragons.to_string();
    let files: Vec<_> = FILES.iter().copied().chain([("dragons.json", dragons.as_str())]).collect();
    let specialists = Specialists::read(&files, &catalog).unwrap();
    assert_eq!(specialists.names().count(), FILES.len() + 1);
    let asked = Asked { service_id: "dragon_taming", text: "with curls", ..Asked::default() };
    let said = specialists.consult(&catalog, &asked).unwrap();
    assert_eq!((said.specialist.as_str(), said.complexity), ("Dragons", Complexity::Complex));
    // $30 to $120, times 1.2, to the next $5.
    assert_eq!((said.price.low_cents, said.price.high_cents), (3_500, 14_500));
}

#[test]
fn danger_is_heard_in_whatever_words_and_only_where_there_is_some() {
    for (service, text, begins) in [
        ("water_heater_installation", "I smell gas in the basement", "Smell of gas"),
        ("leak_repair", "there is a faint gas smell by the sink", "Smell of gas"),
        ("electrical_repair", "it smells of rotten eggs near the panel", "Smell of gas"),
        ("house_cleaning", "come today, the stove has a gas leak", "Smell of gas"),
        ("pipe_repair", "The CO alarm goes off", "A carbon monoxide alarm"),
        ("leak_repair", "the ceiling is dripping onto a light fixture", "Water near electricity"),
        ("pipe_repair", "burst pipe right above the breaker box", "Water near electricity"),
        ("electrical_repair", "water dripping on the kitchen outlet", "Water near electricity"),
        ("electrical_repair", "the bathroom outlet got wet", "Water near electricity"),
        ("electrical_repair", "there is water in the socket", "Water near electricity"),
        ("outlet_installation", "one outlet is smoking", "Smoke or fire"),
        ("electrical_repair", "the outlet is hot and has burn marks", "A smell of burning"),
        ("electrical_repair", "I got a shock from the switch", "Whoever got a shock"),
    ] {
        let asked = Asked { service_id: service, text, ..Asked::default() };
        let said = consult(Catalog::built_in(), &asked).unwrap();
        assert!(said.emergency && said.warnings[0].starts_with(begins), "{text}: {:?}", said.warnings);
    }
    for (service, text) in [
        ("leak_repair", "no gas smell, just a dripping faucet"),
        ("water_heater_installation", "I do not smell gas, it is a gas heater"),
        ("leak_repair", "my shower leaks a little"),
        ("outlet_installation", "two outlets in the kitchen, nothing is wet"),
        ("electrical_repair", "one outlet stopped working, the bulb burned out"),
        ("outlet_installation", "an outlet for the water heater and a smoke detector"),
        ("lighting_installation", "hot white light for the porch"),
    ] {
        let asked = Asked { service_id: service, text, ..Asked::default() };
        let said = consult(Catalog::built_in(), &asked).unwrap();
        assert!(!said.emergency, "{text}: {:?}", said.warnings);
    }
}

#[test]
fn what_all_factors_make_together_has_a_bound() {
    let text = "very filthy, hoarder, construction dust, ten bedrooms, six bathrooms, pets, three floors, oven, cabinets";
    let asked = Asked { service_id: "house_cleaning", text, ..Asked::default() };
    let said = consult(Catalog::built_in(), &asked).unwrap();
    assert_eq!(said.price.high_cents, 4 * 25_000);
    assert_eq!((said.duration_minutes.low, said.complexity), (4 * 120, Complexity::Complex));
}
