//! Prompts are files with names and versions, and each answer of a model tells which it came from.

use std::collections::BTreeMap;
use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};
use proxie_shared::model::users::Role;
use serde_json::json;

use crate::support::{App, Task};

/// The prompts as they are.
const FILES: [(&str, &str); 6] = [
    ("common", include_str!("../../../shared/src/agent/prompts/common.md")),
    ("consumer", include_str!("../../../shared/src/agent/prompts/consumer.md")),
    ("enrollment", include_str!("../../../shared/src/agent/prompts/enrollment.md")),
    ("guest", include_str!("../../../shared/src/agent/prompts/guest.md")),
    ("provider", include_str!("../../../shared/src/agent/prompts/provider.md")),
    ("summary", include_str!("../../../shared/src/agent/prompts/summary.md")),
];

/// The newest version of each, and the SHA-256 of its text. Whoever changes a text raises its version, there and here.
const NEWEST: [(&str, u32, &str); 6] = [
    ("common", 3, "a8baf068358c9edb0c46340322d3a4d53b7520319810a3ca633f9a1ff4b63900"),
    ("consumer", 4, "ae9fec60ef62fac7300ec1579c10cd24ccab23ffe14aee921f24828cfc057c65"),
    ("enrollment", 1, "f248b623ba1f8c96e4698a8572256b1cebf1df29d63efcf6cfb890718f220f41"),
    ("guest", 2, "91233dd82539bf949ada40c282b31f6426ad41a82f04acdc3acae0b99e993ce0"),
    ("provider", 2, "28146eb9d229e8679b1d99733bd262ff2df61b3c66253176e3892d42d9dbccf2"),
    ("summary", 1, "0e0f41777da0bab1487a4aaa6c366eefcb668778b486508b49068041bb9f72ce"),
];

/// Prompts with their versions, as a step names them.
pub fn named(names: &[&str]) -> String {
    let version = |name: &&str| {
        let (_, version, _) = NEWEST.iter().find(|(known, ..)| known == name).expect("a prompt");
        format!("{name}@{version}")
    };
    names.iter().map(version).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_prompt_that_changes_has_a_new_version() {
    for ((file, text), (name, version, hash)) in FILES.iter().zip(NEWEST) {
        assert_eq!(*file, name);
        let mut is = String::new();
        for byte in digest(&SHA256, text.as_bytes()).as_ref() {
            write!(is, "{byte:02x}").unwrap();
        }
        assert_eq!(
            is, hash,
            "{name}.md is not what version {version} was: raise its version in prompt.rs, then here"
        );
    }
}

#[tokio::test]
async fn each_answer_names_the_prompts_that_it_came_from() {
    let app = App::start().await;
    let user = app.user_row(Role::Provider).await;
    app.provider_row(user).await;
    let maya = app.consumer("maya");
    let enrolls = maya.post("/chat", json!({"message": "hello", "role": "enrollment"})).await;
    let speak = [
        ("guest", app.guest().await.say("hello").await),
        ("consumer", maya.say("What offers do I have?").await),
        ("provider", app.user(&user.to_string(), Role::Provider).say("What leads do I have?").await),
        ("enrollment", Task::accepted(&maya, &enrolls)),
    ];
    let mut told = BTreeMap::new();
    for (role, task) in speak {
        task.result().await;
        let steps = format!("SELECT kind, prompt FROM task_steps WHERE task_id = '{}'", task.id);
        for step in app.database.rows(&steps).await {
            match step["kind"].as_str() {
                Some("llm") => assert_eq!(step["prompt"], named(&[role, "common"]), "{role}: {step}"),
                _ => assert!(step["prompt"].is_null(), "{role}: {step}"),
            }
            *told.entry(role).or_insert(0) += usize::from(step["kind"] == "llm");
        }
    }
    assert!(told.len() == 4 && told.values().all(|answers| *answers > 0), "{told:?}");
}
