//! What was measured: a figure per row with its value in every run, its median, its target and a verdict.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::drive::Summary;
use crate::scenarios::Scenario;

/// What a figure counts.
#[derive(Clone, Copy)]
pub enum Unit {
    /// So many in a second.
    PerSecond,
    /// Milliseconds.
    Ms,
    /// 10⁶ bytes.
    Mb,
    /// How many.
    Count,
    /// One figure as a multiple of another.
    Times,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::Ms => "ms",
            Self::Mb => "MB",
            Self::Count => "",
            Self::Times => "×",
        }
    }

    fn show(self, value: f64) -> String {
        let number = match self {
            Self::PerSecond | Self::Count => grouped(value),
            Self::Mb => format!("{value:.1}"),
            Self::Ms | Self::Times => format!("{value:.2}"),
        };
        format!("{number} {}", self.name()).trim_end().to_owned()
    }
}

/// 12345.6 as 12,346.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a median must reach.
#[derive(Clone, Copy)]
pub enum Target {
    /// Nothing: it is reported only.
    None,
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
}

impl Target {
    fn met_by(self, value: f64) -> Option<bool> {
        match self {
            Self::None => None,
            Self::AtLeast(least) => Some(value >= least),
            Self::AtMost(most) => Some(value <= most),
        }
    }

    fn show(self, unit: Unit) -> String {
        match self {
            Self::None => String::new(),
            Self::AtLeast(least) => format!("≥ {}", unit.show(least)),
            Self::AtMost(most) => format!("≤ {}", unit.show(most)),
        }
    }
}

/// One figure.
struct Row {
    scenario: &'static str,
    name: String,
    unit: Unit,
    target: Target,
    values: Vec<f64>,
}

impl Row {
    fn median(&self) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match sorted.len() % 2 {
            1 => sorted[middle],
            _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
        }
    }

    fn met(&self) -> Option<bool> {
        self.target.met_by(self.median())
    }
}

/// The targets of a closed loop.
#[derive(Clone, Copy)]
pub struct LoopTargets {
    /// Of the rate.
    pub rate: Target,
    /// Of the 99th percentile.
    pub p99: Target,
}

impl LoopTargets {
    /// None.
    pub const NONE: Self = Self { rate: Target::None, p99: Target::None };
}

/// All figures in the order in which they were first measured.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    failures: Vec<String>,
}

impl Report {
    /// Takes down one run's value of a figure.
    pub fn add(
        &mut self,
        scenario: &'static str,
        name: impl Into<String>,
        unit: Unit,
        target: Target,
        value: f64,
    ) {
        let name = name.into();
        eprintln!("  {scenario:<11} {name}: {}", unit.show(value));
        match self.rows.iter_mut().find(|row| row.scenario == scenario && row.name == name) {
            Some(row) => row.values.push(value),
            None => self.rows.push(Row { scenario, name, unit, target, values: vec![value] }),
        }
    }

    /// Takes down a closed loop: rate, p50, p95, p99.
    pub fn add_loop(&mut self, scenario: &'static str, what: &str, summary: &Summary, targets: LoopTargets) {
        self.add(scenario, format!("{what}: rate"), Unit::PerSecond, targets.rate, summary.rate());
        self.add(scenario, format!("{what}: p50"), Unit::Ms, Target::None, summary.ms(50.0));
        self.add(scenario, format!("{what}: p95"), Unit::Ms, Target::None, summary.ms(95.0));
        self.add(scenario, format!("{what}: p99"), Unit::Ms, targets.p99, summary.ms(99.0));
    }

    /// Takes down that a scenario could not be measured.
    pub fn fail(&mut self, scenario: Scenario, why: &str) {
        eprintln!("  {scenario:?} FAILED: {why}");
        self.failures.push(format!("{scenario:?}: {why}"));
    }

    /// Whether everything was measured and every target is met.
    pub fn all_met(&self) -> bool {
        self.failures.is_empty() && self.rows.iter().all(|row| row.met() != Some(false))
    }

    /// A table for people.
    pub fn markdown(&self, machine: &Value) -> String {
        let mut text = String::new();
        for (name, value) in machine.as_object().into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _infallible = writeln!(text, "- {}: {value}", name.replace('_', " "));
        }
        text.push_str("\n| scenario | figure | median | lowest – highest | target | verdict |\n|---|---|--:|--:|--:|---|\n");
        for row in &self.rows {
            let (low, high) =
                (row.values.iter().copied().reduce(f64::min), row.values.iter().copied().reduce(f64::max));
            let _infallible = writeln!(
                text,
                "| {} | {} | {} | {} – {} | {} | {} |",
                row.scenario,
                row.name,
                row.unit.show(row.median()),
                row.unit.show(low.unwrap_or_default()),
                row.unit.show(high.unwrap_or_default()),
                row.target.show(row.unit),
                match row.met() {
                    Some(true) => "met",
                    Some(false) => "**missed**",
                    None => "",
                }
            );
        }
        for failure in &self.failures {
            let _infallible = writeln!(text, "\n**Not measured** {failure}");
        }
        text
    }

    /// The same for programs.
    pub fn json(&self, machine: Value) -> Value {
        let figures: Vec<Value> = self.rows.iter().map(figure).collect();
        json!({"machine": machine, "figures": figures, "failures": self.failures})
    }
}

fn figure(row: &Row) -> Value {
    let (at_least, at_most) = match row.target {
        Target::None => (None, None),
        Target::AtLeast(least) => (Some(least), None),
        Target::AtMost(most) => (None, Some(most)),
    };
    json!({
        "scenario": row.scenario,
        "figure": row.name,
        "unit": row.unit.name(),
        "median": row.median(),
        "values": row.values,
        "at_least": at_least,
        "at_most": at_most,
        "met": row.met(),
    })
}
