//! What is told at the end: a Markdown table, and what failed.

use super::conversation::{Role, Shelf};
use super::talk::Outcome;

/// A conversation that was held.
pub struct Held {
    pub id: String,
    pub role: Role,
    pub shelf: Shelf,
    pub outcome: Outcome,
}

/// The table and the failures.
pub fn markdown(held: &[Held]) -> String {
    let mut told = vec![
        "| conversations | right | turns | tokens | cost |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for (shelf, name) in [(Shelf::Own, "own"), (Shelf::Fresh, "fresh")] {
        let on_it: Vec<&Held> = held.iter().filter(|one| one.shelf == shelf).collect();
        for role in Role::ALL {
            let of_role: Vec<&Held> = on_it.iter().filter(|one| one.role == role).copied().collect();
            told.extend(row(&format!("{name}, {}", role.name()), &of_role));
        }
        told.extend(row(&format!("**{name}**"), &on_it));
    }
    told.extend(row("**all**", &held.iter().collect::<Vec<_>>()));
    for one in held.iter().filter(|one| !one.outcome.wrong.is_empty()) {
        told.push(format!("\n- **{}** ({})", one.id, one.role.name()));
        told.extend(one.outcome.wrong.iter().map(|wrong| format!("  - {wrong}")));
    }
    let twice: Vec<String> = held.iter().filter_map(|one| one.outcome.paid_twice.clone()).collect();
    told.extend(twice.iter().map(|twice| format!("\n- {twice}")));
    let sum = |of: fn(&Outcome) -> i64| held.iter().map(|one| of(&one.outcome)).sum::<i64>();
    told.push(format!(
        "\nfigure: answers of models: {} paid for, {} of them lost with a worker before they were stored, stored ones paid \
         for twice in {} conversations",
        sum(|outcome| outcome.paid.answers),
        sum(|outcome| outcome.paid.lost),
        twice.len()
    ));
    told.join("\n")
}

fn row(name: &str, held: &[&Held]) -> Option<String> {
    if held.is_empty() {
        return None;
    }
    let sum = |of: fn(&Outcome) -> i64| held.iter().map(|one| of(&one.outcome)).sum::<i64>();
    let right = right(held.iter().copied());
    let cost = sum(|outcome| outcome.cost_micros) as f64 / 1e6;
    Some(format!(
        "| {name} | {right} of {} ({:.0} %) | {} | {} | ${cost:.4} |",
        held.len(),
        100.0 * right as f64 / held.len() as f64,
        sum(|outcome| outcome.turns as i64),
        sum(|outcome| outcome.tokens),
    ))
}

fn right<'a>(held: impl Iterator<Item = &'a Held>) -> usize {
    held.filter(|one| one.outcome.wrong.is_empty()).count()
}

/// Whether so many of a hundred are right.
pub fn is_met(held: &[Held], target: usize) -> bool {
    right(held.iter()) * 100 >= held.len() * target
}
