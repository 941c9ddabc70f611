//! What was drafted outlives the programs.

use serde_json::json;

use super::{Chat, drafted, only};
use crate::support::HAIRCUT;
use crate::whole_way::Town;

#[tokio::test]
async fn a_draft_is_approved_after_everything_was_started_again() {
    let town = Town::new().await;
    let maya = town.registers("Maya Lind").await.caller;
    let (chat, shown) = Chat::begin(&maya, None, HAIRCUT).await;
    let fields = drafted(&shown, "request");

    let town = town.restarted().await;
    let maya = town.anybody.with_token(maya.token.as_deref().unwrap());
    let chat = Chat { caller: maya.clone(), ..chat };
    let open = maya.session(&chat.session).await["open_draft"].clone();
    assert_eq!(
        (&open["id"], &open["version"]),
        (&shown["draft"]["id"], &shown["draft"]["version"]),
        "{open}"
    );
    assert_eq!(open["fields"], fields);
    assert_eq!(chat.yes().await, ["request_created"]);
    let request = only(&maya.get("/requests").await.expect(200));
    assert_eq!((&request["city"], &request["budget"]["max_cents"]), (&json!("Brooklyn"), &json!(6_000)));
}
