//! How well the agent serves people: conversations are held over HTTP with the real programs and judged by what has become
//! of them. README says how they are written down.

mod caller;
mod conversation;
mod dates;
mod ending;
mod report;
mod rules;
mod talk;
mod town;
mod values;
mod world;

use std::path::PathBuf;

use clap::Args;
use futures::{StreamExt, stream};
use proxie_tests::Result;

use conversation::{Conversation, Shelf};
use report::Held;
use talk::Outcome;
use town::{Country, Settings, Town};
use world::World;

use crate::matching::dice::Dice;

/// What is asked for.
#[derive(Args)]
pub struct Options {
    /// Only this conversation; may be given again.
    #[arg(long)]
    only: Vec<String>,
    /// Kill the workers at random moments; the outcome must be the same.
    #[arg(long)]
    kill_worker: bool,
    /// Only each of so many.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// How many of a hundred must be right.
    #[arg(long, default_value_t = 95)]
    target: usize,
    /// Of the moments at which workers are killed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many conversations are held at the same time.
    #[arg(long, default_value_t = 4)]
    at_once: usize,
    /// Where the conversations are: a folder with `own` and `fresh`.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/eval/agent/conversations"))]
    conversations: PathBuf,
    /// Where the programs are.
    #[arg(long)]
    programs: PathBuf,
    /// Where the programs' logs go.
    #[arg(long)]
    logs: PathBuf,
    /// A server of PostgreSQL; each conversation has a database of its own in it.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Redis; each conversation has a prefix of its own in it.
    #[arg(long, env = "REDIS_URL")]
    redis_url: String,
}

/// Holds all conversations and reports; answers whether enough of them are right.
///
/// # Errors
/// When the product does not start, or a conversation is not as the README says.
pub async fn run(options: Options) -> Result<bool> {
    let mut all = Vec::new();
    for (shelf, folder) in [(Shelf::Own, "own"), (Shelf::Fresh, "fresh")] {
        let folder = options.conversations.join(folder);
        let read = if folder.is_dir() { Conversation::read_all(&folder)? } else { Vec::new() };
        all.extend(read.into_iter().map(|one| (shelf, one)));
    }
    all.retain(|(_, one)| options.only.is_empty() || options.only.contains(&one.id));
    let all: Vec<_> = all.into_iter().step_by(options.every.max(1)).collect();
    if all.is_empty() {
        return Err("there is no such conversation".into());
    }
    let settings = Settings {
        programs: options.programs.clone(),
        logs: options.logs.clone(),
        database_url: options.database_url.clone(),
        redis_url: options.redis_url.clone(),
    };
    let country = Country::found(settings).await?;
    let what = if country.is_offline() { "the offline model" } else { "the configured model" };
    eprintln!("{} conversations with {what}", all.len());
    let held = all.iter().enumerate().map(|(number, (shelf, conversation))| {
        let (country, options) = (&country, &options);
        async move {
            let outcome = hold(country, conversation, number, options).await;
            let verdict = if outcome.wrong.is_empty() { "right" } else { "WRONG" };
            eprintln!("{verdict} {}", conversation.id);
            Held { id: conversation.id.clone(), role: conversation.role, shelf: *shelf, outcome }
        }
    });
    let held: Vec<Held> = stream::iter(held).buffered(options.at_once).collect().await;
    country.leave().await?;
    println!("{}", report::markdown(&held));
    // Whatever else is right: what was paid for is kept.
    Ok(report::is_met(&held, options.target) && held.iter().all(|one| one.outcome.paid_twice.is_none()))
}

/// Holds a conversation in a town of its own. Whatever fails of it makes the conversation fail, and no other.
async fn hold(country: &Country, conversation: &Conversation, number: usize, options: &Options) -> Outcome {
    let failed =
        |error: &dyn std::fmt::Display| Outcome { wrong: vec![error.to_string()], ..Outcome::default() };
    let town = match Town::found(country, &conversation.id).await {
        Ok(town) => town,
        Err(error) => return failed(&error),
    };
    let outcome = {
        let held = held_in(&town, conversation);
        if options.kill_worker {
            tokio::select! {
                outcome = held => outcome,
                Err(error) = town.is_haunted(Dice::new(options.seed, number as u64)) => Err(error),
            }
        } else {
            held.await
        }
    };
    let paid = town.paid().await;
    let left = town.leave().await;
    let outcome = outcome.map(|outcome| outcome.and_paid(paid));
    match outcome.and_then(|outcome| left.map(|()| outcome)) {
        Ok(outcome) => outcome,
        Err(error) => failed(&error),
    }
}

async fn held_in(town: &Town<'_>, conversation: &Conversation) -> Result<Outcome> {
    let mut world = World::made(town, conversation).await.map_err(|error| format!("given: {error}"))?;
    Ok(talk::hold(&mut world, conversation).await)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "what a test needs and does not get fails the test")]
    use std::path::Path;

    use super::*;

    #[test]
    fn all_conversations_are_as_the_readme_says() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/eval/agent/conversations"));
        for shelf in ["own", "fresh"] {
            Conversation::read_all(&folder.join(shelf)).expect("conversations");
        }
    }
}
