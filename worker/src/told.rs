//! What an attempt tells while it runs, and to whom: the copy of its row, and those who follow it.

use proxie_shared::agent::Progress;
use proxie_shared::llm::Deltas;
use proxie_shared::model::events::ToolState;
use proxie_shared::model::tasks::Task;
use proxie_shared::queue::Courier;
use proxie_shared::queue::events::Teller;

/// Passes on what an attempt tells.
pub struct Told<'a> {
    /// Writes copies.
    pub courier: &'a Courier,
    /// Tells those who follow.
    pub teller: &'a Teller,
}

impl Deltas for Told<'_> {
    fn delta(&self, text: &str) {
        self.teller.delta(text);
    }

    fn reset(&self) {
        self.teller.reset();
    }
}

impl Progress for Told<'_> {
    fn task(&self, task: &Task) {
        self.courier.copy(task);
        self.teller.task(task);
    }

    fn tool(&self, name: &str, state: ToolState) {
        self.teller.tool(name, state);
    }
}
