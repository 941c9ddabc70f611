//! Tokens of issuers elsewhere: which are good, which are not, whose keys count, and what roles they give.

mod good;
mod hostile;
mod keys;
mod roles;

use serde_json::{Value, json};

use crate::support::{Answer, App, Signer, StandIn};

/// The product, an issuer that it accepts, and the issuer's keys.
struct Scene {
    app: App,
    issuer: StandIn,
    rsa: Signer,
    ec: Signer,
    ed: Signer,
}

impl Scene {
    /// With a key of each kind.
    async fn start() -> Self {
        Self::start_with(Vec::new()).await
    }

    /// With these public keys too.
    async fn start_with(more: Vec<Value>) -> Self {
        let (rsa, ec, ed) = (Signer::rsa("rsa-1"), Signer::ec("ec-1"), Signer::ed("ed-1"));
        let issuer = StandIn::start([vec![rsa.jwk(), ec.jwk(), ed.jwk()], more].concat()).await;
        let app = App::builder().workers(0).issuers([issuer.rules()]).start().await;
        Self { app, issuer, rsa, ec, ed }
    }

    /// The claims of a good token of maya, but for some.
    fn claims(&self, other: Value) -> Value {
        self.issuer.claims("maya", &other)
    }

    /// A good token of maya.
    fn good(&self) -> String {
        self.ec.token(&self.claims(json!({})))
    }

    async fn shown(&self, token: &str) -> Answer {
        shown(&self.app, token).await
    }
}

/// What is answered to somebody who shows a token.
async fn shown(app: &App, token: &str) -> Answer {
    app.anybody().with_token(token).get("/chat/sessions").await
}
