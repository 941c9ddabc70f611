//! Pictures and films: what is taken, what is left of it, who may see it, and until when.

mod bucket;
mod cleaned;
mod hostile;
mod kept;
mod large;
mod shown;

use serde_json::Value;

use crate::support::{Answer, Caller, Fetched};

/// The file that a view leads to, by its link alone.
async fn fetched(reader: &Caller, view: &Value, field: &str) -> Fetched {
    let path = view[field].as_str().expect("a link");
    let file = reader.fetch(reader.call(reqwest::Method::GET, path)).await;
    assert_eq!(file.status, 200, "{:?}", String::from_utf8_lossy(&file.bytes));
    file
}

/// The id of what was uploaded.
fn id_of(uploaded: &Answer) -> String {
    uploaded.body["id"].as_str().expect("an id").to_owned()
}
