//! Providers brought along from elsewhere: `proxie-api import providers`.

mod again;
mod lines;
mod market;

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{App, Process};

/// A line of a barber in the middle of Brooklyn, with everything that a line can have, but for some fields; null takes away.
fn line(number: usize, other: Value) -> Value {
    let day = json!([{"start": "08:00", "end": "20:00"}]);
    let review = |rating: usize, month: usize| {
        json!({
            "author": "Maya Lindqvist", "rating": rating, "text": format!("Lovely curls, no. {month}"),
            "response": if month == 1 { json!("Thank you!") } else { Value::Null },
            "created_at": format!("2026-0{month}-04T16:20:00Z"),
        })
    };
    let mut line = json!({
        "external_id": format!("crm-{number:06}"), "name": format!("Curls no. {number}"), "headline": "Curly hair",
        "bio": "We have cut curls for fifteen years, one by one.", "city": "Brooklyn", "zone": "America/New_York",
        "location": {"latitude": 40.6812, "longitude": -73.9423}, "radius_km": 12, "languages": ["English"],
        "years_experience": 15, "email": format!("curls{number}@example.com"), "phone": "+1 718 555 0100",
        "street": "12 Bergen Street",
        "services": [
            {"service_id": "haircut", "places": ["provider"], "price_min_cents": 4_000, "price_max_cents": 8_000,
             "currency": "USD", "duration_minutes": 60, "specializations": ["curly hair", "3B curls"]},
            {"service_id": "braiding", "places": ["provider"], "currency": "USD"},
            {"service_id": "electrical_repair", "places": ["consumer"], "currency": "USD", "licence_number": "E-1",
             "licence_expires_on": "2099-12-31"}
        ],
        "availability": {
            "zone": "America/New_York", "notice_minutes": 0,
            "weekly": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
                       "saturday": day, "sunday": day}
        },
        "reviews": [review(5, 1), review(4, 2), review(5, 3), review(5, 4), review(3, 5)]
    });
    let fields = line.as_object_mut().expect("an object");
    for (name, value) in other.as_object().expect("an object") {
        match value {
            Value::Null => drop(fields.remove(name)),
            value => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    line
}

/// So many lines that are all right.
fn good(count: usize) -> String {
    (1..=count).map(|number| format!("{}\n", line(number, json!({})))).collect()
}

/// A file to be imported, and a folder for its reports.
struct File {
    folder: TempDir,
}

/// How an import ended.
struct Ended {
    code: Option<i32>,
    /// What it printed.
    said: String,
    /// What is wrong with which lines.
    report: Vec<Value>,
}

impl File {
    fn new(text: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("providers.jsonl"), text).expect("a file");
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("providers.jsonl")
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("providers.jsonl.errors.jsonl")
    }

    /// How long it is, in bytes.
    fn length(&self) -> u64 {
        std::fs::metadata(self.path()).expect("a file").len()
    }

    /// Starts its import, with a report of this name if one is given.
    fn start(&self, app: &App, report: Option<&str>) -> Process {
        let (path, report) = (self.path(), report.map(|name| self.folder.path().join(name)));
        let mut arguments = vec!["import", "providers", path.to_str().expect("a path")];
        if let Some(report) = &report {
            arguments.extend(["--report", report.to_str().expect("a path")]);
        }
        Process::start("proxie-api", &arguments, app.environment())
    }

    /// Imports it.
    async fn import(&self, app: &App) -> Ended {
        let path = self.path();
        let arguments = ["import", "providers", path.to_str().expect("a path")];
        let (code, said) = Process::output("proxie-api", &arguments, app.environment()).await;
        let report = std::fs::read_to_string(self.report()).expect("a report");
        let report = report.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        Ended { code, said, report }
    }
}

impl Ended {
    #[track_caller]
    fn assert(&self, code: i32, counts: &str) {
        assert_eq!(self.code, Some(code), "{} {:?}", self.said, self.report);
        assert!(self.said.starts_with(counts), "{} instead of {counts}: {:?}", self.said, self.report);
    }

    /// The lines that are reported, each with its name and where something is wrong.
    fn refused(&self) -> Vec<(u64, Value, Vec<&str>)> {
        self.report
            .iter()
            .map(|one| {
                let number = one["line"].as_u64().expect("a number");
                let problems = one["problems"].as_array().expect("problems");
                (
                    number,
                    one["external_id"].clone(),
                    problems.iter().map(|p| p["pointer"].as_str().expect("a pointer")).collect(),
                )
            })
            .collect()
    }
}

impl App {
    /// How many rows a table has.
    async fn count(&self, table: &str) -> i64 {
        let count = self.database.value(&format!("SELECT count(*) FROM {table}")).await;
        count.as_i64().expect("a number")
    }

    /// Asserts that so many providers are there, each once with all that belongs to it.
    async fn assert_whole(&self, providers: i64) {
        for (table, each) in [
            ("providers", 1),
            ("users WHERE issuer = 'proxie/import'", 1),
            ("provider_services", 3),
            ("availability", 1),
            ("reviews", 5),
        ] {
            assert_eq!(self.count(table).await, each * providers, "{table}");
        }
    }
}
