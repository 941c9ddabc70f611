use chrono::NaiveDate;
use proxie_shared::domain::usage::Period;
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::usage::{Feature, UsageLine};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::http::Input;

/// `?from=&to=` of what models cost.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageQuery {
    /// The first day, of UTC; 29 days before the last one if it is not said.
    #[schema(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// The last day, at most 91 days later; today if it is not said.
    #[schema(example = "2026-11-30")]
    to: Option<NaiveDate>,
}

impl UsageQuery {
    /// The days that are asked about.
    pub fn period(&self) -> Period {
        Period::asked(self.from, self.to)
    }
}

impl Input for UsageQuery {
    fn problems(&self, _catalog: &Catalog) -> Vec<Problem> {
        self.period().problems()
    }
}

/// What models cost.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(example()))]
pub struct UsageView {
    /// The first day, of UTC.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// By day, feature and model, the newest day first.
    items: Vec<UsageLineView>,
    /// Always null: there are no further pages.
    next_cursor: Option<String>,
    total: UsageTotalView,
}

/// What the calls of a day for one feature by one model came to.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(line_example()))]
pub struct UsageLineView {
    /// The day, of UTC.
    day: NaiveDate,
    feature: Feature,
    model: String,
    /// Calls of models, and answers that were given again, failed tries among them.
    calls: i64,
    /// How many of them were answers given again, which cost nothing.
    cached: i64,
    /// How many of them failed or were called off.
    failed: i64,
    /// Tokens sent.
    prompt_tokens: i64,
    /// Tokens received.
    completion_tokens: i64,
    /// Millionths of a dollar.
    cost_micros: i64,
}

/// What calls came to together.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[schema(example = json!(total_example()))]
pub struct UsageTotalView {
    /// Calls of models, and answers that were given again, failed tries among them.
    calls: i64,
    /// How many of them were answers given again, which cost nothing.
    cached: i64,
    /// How many of them failed or were called off.
    failed: i64,
    /// Tokens sent.
    prompt_tokens: i64,
    /// Tokens received.
    completion_tokens: i64,
    /// Millionths of a dollar.
    cost_micros: i64,
}

impl UsageView {
    /// The view of a period's lines.
    pub fn new(period: Period, lines: Vec<UsageLine>) -> Self {
        let items: Vec<UsageLineView> = lines.into_iter().map(UsageLineView::from).collect();
        let total = items.iter().fold(UsageTotalView::default(), UsageTotalView::and);
        Self { from: period.from, to: period.to, items, next_cursor: None, total }
    }
}

impl UsageTotalView {
    fn and(self, line: &UsageLineView) -> Self {
        Self {
            calls: self.calls + line.calls,
            cached: self.cached + line.cached,
            failed: self.failed + line.failed,
            prompt_tokens: self.prompt_tokens + line.prompt_tokens,
            completion_tokens: self.completion_tokens + line.completion_tokens,
            cost_micros: self.cost_micros + line.cost_micros,
        }
    }
}

impl From<UsageLine> for UsageLineView {
    fn from(line: UsageLine) -> Self {
        let UsageLine {
            day,
            feature,
            model,
            calls,
            cached,
            failed,
            prompt_tokens,
            completion_tokens,
            cost_micros,
        } = line;
        Self { day, feature, model, calls, cached, failed, prompt_tokens, completion_tokens, cost_micros }
    }
}

fn total_example() -> Value {
    json!({
        "calls": 12, "cached": 3, "failed": 1, "prompt_tokens": 9_744, "completion_tokens": 768, "cost_micros": 3_972,
    })
}

/// One line, as an example.
pub fn line_example() -> Value {
    let mut line = json!({"day": "2026-11-23", "feature": "chat", "model": "gpt-5-mini"});
    if let (Some(line), Value::Object(total)) = (line.as_object_mut(), total_example()) {
        line.extend(total);
    }
    line
}

fn example() -> Value {
    json!({
        "from": "2026-11-01", "to": "2026-11-30", "items": [line_example()], "next_cursor": null, "total": total_example(),
    })
}
