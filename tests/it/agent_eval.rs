//! Whole conversations with the agent, as `bin/eval agent` holds them; what they are stands in `tests/eval/agent/README.md`.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::support::{program_path, size, within};

/// How long all of them may take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// Holds conversations; prints the table that says how they went.
async fn are_held(more: &[&str]) {
    let program = program_path("proxie-eval");
    let logs = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(&program);
    command
        .arg("agent")
        .arg("--programs")
        .arg(program.parent().expect("its folder"))
        .arg("--logs")
        .arg(logs.path());
    command.args(more).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LLM_")) {
        command.env_remove(name);
    }
    let output = within(PATIENCE, "the end of all conversations", command.output()).await;
    let output = output.expect("the program starts");
    let told = String::from_utf8_lossy(&output.stdout);
    println!("{told}");
    for line in told.lines().filter(|line| line.starts_with("| **")) {
        println!("figure: conversations {}: {line}", more.join(" "));
    }
    assert!(output.status.success(), "fewer conversations are right than must be:\n{told}");
}

#[tokio::test]
async fn conversations() {
    are_held(&[]).await;
}

#[tokio::test]
async fn conversations_while_workers_are_killed() {
    let every = size(5, 1).to_string();
    are_held(&["--kill-worker", "--every", &every]).await;
}
