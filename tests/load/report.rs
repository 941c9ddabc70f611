//! What was measured: a figure per row with its value in every run, its median, its target and a verdict.

use serde_json::{Value, json};

use crate::drive::Summary;
use crate::scenarios::Scenario;

/// What a figure counts.
#[derive(Clone, Copy)]
pub enum Unit {
    /// So many in a second.
    PerSecond,
    /// Microseconds.
    Us,
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
            Self::Us => "µs",
            Self::Ms => "ms",
            Self::Mb => "MB",
            Self::Count => "",
            Self::Times => "×",
        }
    }

    fn show(self, value: f64) -> String {
        let number = match self {
            Self::PerSecond | Self::Count => grouped(value),
            Self::Mb | Self::Us => format!("{value:.1}"),
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
    /// Shown as a column of its loop's line.
    in_loop: bool,
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

    fn verdict(&self) -> String {
        match self.met() {
            Some(true) => "met".to_owned(),
            Some(false) => "**missed**".to_owned(),
            None => String::new(),
        }
    }

    fn range(&self) -> String {
        let (low, high) = self
            .values
            .iter()
            .fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
        format!("{} – {}", self.unit.show(low), self.unit.show(high))
    }

    fn show_named_target(&self, name: &str) -> String {
        match self.target {
            Target::None => String::new(),
            target => format!("{name} {}", target.show(self.unit)),
        }
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

/// What is taken down of a closed loop.
const LOOP_COLUMNS: [&str; 4] = ["rate", "p50", "p95", "p99"];

/// Texts that are not empty, with commas between.
fn join(texts: [String; 2]) -> String {
    let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(", ")
}

/// All figures in the order in which they were first measured.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    loops: Vec<(&'static str, String)>,
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
        let row = Row { scenario, name: name.into(), unit, target, in_loop: false, values: vec![value] };
        self.take(row);
    }

    /// Takes down a closed loop: rate, p50, p95, p99.
    pub fn add_loop(&mut self, scenario: &'static str, what: &str, summary: &Summary, targets: LoopTargets) {
        if !self.loops.iter().any(|(known, name)| *known == scenario && name == what) {
            self.loops.push((scenario, what.to_owned()));
        }
        let rate = (Unit::PerSecond, targets.rate, summary.rate());
        let p99 = (Unit::Ms, targets.p99, summary.ms(99.0));
        let [p50, p95] = [50.0, 95.0].map(|percentile| (Unit::Ms, Target::None, summary.ms(percentile)));
        for (column, (unit, target, value)) in LOOP_COLUMNS.into_iter().zip([rate, p50, p95, p99]) {
            let name = format!("{what}: {column}");
            self.take(Row { scenario, name, unit, target, in_loop: true, values: vec![value] });
        }
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

    /// Tables for people: closed loops, and all other figures.
    pub fn markdown(&self, machine: &Value) -> String {
        let mut lines = Vec::new();
        for (name, value) in machine.as_object().into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            lines.push(format!("- {}: {value}", name.replace('_', " ")));
        }
        if !self.loops.is_empty() {
            let columns =
                "| scenario | closed loop | rate | lowest – highest | p50 | p95 | p99 | targets | verdict |";
            lines.extend([String::new(), columns.into(), "|---|---|--:|--:|--:|--:|--:|--:|---|".into()]);
        }
        for (scenario, what) in &self.loops {
            let parts: Vec<&Row> = LOOP_COLUMNS
                .iter()
                .filter_map(|column| self.row(scenario, &format!("{what}: {column}")))
                .collect();
            if let [rate, p50, p95, p99] = parts.as_slice() {
                let median = |row: &Row| row.unit.show(row.median());
                let targets = join([rate.target.show(rate.unit), p99.show_named_target("p99")]);
                let verdicts = join([rate.verdict(), p99.verdict()]);
                let (rate_median, range) = (median(rate), rate.range());
                let (p50, p95, p99) = (median(p50), median(p95), median(p99));
                lines.push(format!(
                    "| {scenario} | {what} | {rate_median} | {range} | {p50} | {p95} | {p99} | {targets} | {verdicts} |"
                ));
            }
        }
        let others: Vec<&Row> = self.rows.iter().filter(|row| !row.in_loop).collect();
        if !others.is_empty() {
            let columns = "| scenario | figure | median | lowest – highest | target | verdict |";
            lines.extend([String::new(), columns.into(), "|---|---|--:|--:|--:|---|".into()]);
        }
        for row in others {
            let (median, target) = (row.unit.show(row.median()), row.target.show(row.unit));
            let (scenario, name, range, verdict) = (row.scenario, &row.name, row.range(), row.verdict());
            lines.push(format!("| {scenario} | {name} | {median} | {range} | {target} | {verdict} |"));
        }
        for failure in &self.failures {
            lines.push(format!("\n**Not measured** {failure}"));
        }
        lines.join("\n")
    }

    fn take(&mut self, new: Row) {
        eprintln!("  {:<11} {}: {}", new.scenario, new.name, new.unit.show(new.median()));
        match self.rows.iter_mut().find(|row| row.scenario == new.scenario && row.name == new.name) {
            Some(row) => row.values.extend(new.values),
            None => self.rows.push(new),
        }
    }

    fn row(&self, scenario: &str, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.scenario == scenario && row.name == name)
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
