//! What calls cost the database.

use super::{Answer, App, Caller};

impl App {
    /// How many queries a `GET` costs. Who calls is looked up anew every few seconds, which is not the call's own cost: they
    /// are known from a call just before, and the least of some times counts.
    pub async fn queries_of(&self, caller: &Caller, path: &str) -> (usize, Answer) {
        let mut least = usize::MAX;
        let mut last = None;
        for _ in 0..4 {
            caller.get("/chat/sessions?limit=1").await.expect(200);
            let before = self.database.queries();
            let answer = caller.get(path).await.expect(200);
            least = least.min(self.database.queries() - before);
            last = Some(answer);
        }
        (least, last.expect("it was called"))
    }
}
