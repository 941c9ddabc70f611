//! Photos in a conversation: models that see are shown them as data; of others the agent says so, and asks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::overheard::{Overheard, conversation, line};
use crate::support::files::{jpeg, quarters};
use crate::support::{App, Caller, HAIRCUT, Task};

/// An app whose model is heard, with sight or without.
async fn app(sees: bool) -> (App, Overheard) {
    let mut app = App::builder().workers(0).start().await;
    if sees {
        app.worker.llm.providers[0].vision = true;
        app.worker.llm.providers[0].model = "offline-vision".to_owned();
    }
    let overheard = Overheard::begin(&mut app);
    app.start_worker();
    (app, overheard)
}

/// Sends words with a photo: what is answered, and the photo.
async fn shows(caller: &Caller, message: &str) -> (Value, String) {
    let photo = caller.upload(&jpeg(&quarters(320, 240), 90)).await.expect(201).body["id"].clone();
    let sent = caller.post("/chat", json!({"message": message, "media": [photo]})).await;
    (Task::accepted(caller, &sent).result().await, photo.as_str().unwrap().to_owned())
}

/// The message that a call is about, as the model is shown it.
fn newest(call: &Value) -> &Value {
    &conversation(call).last().unwrap()["content"]
}

#[tokio::test]
async fn who_cannot_see_says_so_and_asks() {
    let (app, overheard) = app(false).await;
    let maya = app.consumer("maya");
    let (told, photo) = shows(&maya, HAIRCUT).await;
    let words = told["message"].as_str().unwrap();
    assert!(words.contains("can't look at pictures") && words.contains("tell me in words"), "{words}");
    let calls = overheard.calls();
    assert!(!calls.is_empty());
    for call in &calls {
        assert_eq!(line(call, "Photos"), Some(r#"{"count":1,"seen":false}"#));
        assert_eq!(newest(call), HAIRCUT, "words alone");
        assert!(!call.to_string().contains("image_url"), "no picture goes to who cannot see");
    }
    assert_eq!(
        told["draft"]["fields"]["media"],
        json!([photo]),
        "it goes with the request all the same: {told}"
    );
    // Without a word, too.
    let (told, _) = shows(&maya, "").await;
    assert!(told["message"].as_str().unwrap().contains("tell me in words"), "{told}");
}

#[tokio::test]
async fn who_sees_is_shown_it_as_data() {
    let (app, overheard) = app(true).await;
    let maya = app.consumer("maya");
    let (told, photo) = shows(&maya, HAIRCUT).await;
    let words = told["message"].as_str().unwrap();
    assert!(words.contains("I see 1 photo") && !words.contains("can't look"), "{words}");
    let calls = overheard.calls();
    assert!(!calls.is_empty());
    for call in &calls {
        assert_eq!(line(call, "Photos"), Some(r#"{"count":1,"seen":true}"#));
        let [text, picture] = newest(call).as_array().expect("parts").as_slice() else {
            panic!("words and a picture: {call}")
        };
        assert_eq!(text["text"], HAIRCUT);
        let url = picture["image_url"]["url"].as_str().expect("a picture");
        let data =
            url.strip_prefix("data:image/jpeg;base64,").expect("itself, and no address to fetch it from");
        let bytes = STANDARD.decode(data).expect("base64");
        let seen = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!(seen.width() * 3, seen.height() * 4, "in its shape");
    }
    assert_eq!(told["draft"]["fields"]["media"], json!([photo]), "{told}");
}
