//! Budgets: nothing is spent that is not there, however many calls and workers there are at once.

use std::time::Duration;

use futures::future::join_all;
use proxie_shared::config::{BudgetsConfig, LlmConfig};
use proxie_shared::error::Code;
use proxie_shared::llm::{Answer, Cache, LlmError, Whose};
use serde_json::json;

use super::{PRICES, World, ask, whose};
use crate::support::{App, HAIRCUT, size};

const NONE: BudgetsConfig = BudgetsConfig { user_day: 0, session: 0, address_day: 0, guests_day: 0 };

pub(super) fn limited(change: impl FnOnce(&mut BudgetsConfig)) -> impl FnOnce(&mut LlmConfig) {
    let mut budgets = NONE;
    change(&mut budgets);
    move |llm| llm.budgets = budgets
}

/// Whether it was refused for money that is spent; any other error fails the test.
pub(super) fn is_refused(outcome: &Result<Answer, LlmError>) -> bool {
    match outcome {
        Ok(_) => false,
        Err(error) => {
            assert_eq!((error.code, error.permanent), (Code::BudgetExceeded, true), "{error:?}");
            true
        }
    }
}

/// Whether it was put off for money that others may yet spend.
pub(super) fn is_put_off(outcome: &Result<Answer, LlmError>) -> bool {
    outcome.as_ref().is_err_and(|error| {
        let is_soon = error.retry_after.is_some_and(|after| after <= Duration::from_secs(5));
        error.code == Code::ModelUnavailable && !error.permanent && is_soon
    })
}

impl World {
    /// What is spent and reserved of all budgets.
    pub(super) async fn budgets(&self) -> Vec<(String, i64, i64)> {
        let all = "SELECT scope::text, spent_micros, reserved_micros FROM llm_budgets ORDER BY llm_budgets.scope, key";
        let rows = self.app.database.rows(all).await;
        let number = |value: &serde_json::Value| value.as_i64().unwrap();
        rows.iter()
            .map(|row| {
                (
                    row["scope"].as_str().unwrap().to_owned(),
                    number(&row["spent_micros"]),
                    number(&row["reserved_micros"]),
                )
            })
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_calls_at_once_spend_no_more_than_there_is() {
    const LIMIT: i64 = 20_000;
    let world = World::new(1).await;
    let user = world.user().await;
    // Two workers, that know nothing of each other.
    let gateways: Vec<_> = (0..2).map(|_| world.gateway(limited(|limits| limits.user_day = LIMIT))).collect();
    let many = size(200, 1_000);
    let calls = (0..many).map(|at| {
        let gateway = &gateways[at % gateways.len()];
        async move { ask(gateway, whose(user), &format!("hello {at}"), Cache::No).await }
    });
    let outcomes = join_all(calls).await;
    for gateway in &gateways {
        gateway.flush().await;
    }
    let refused = outcomes.iter().filter(|outcome| is_put_off(outcome) || is_refused(outcome)).count();
    let paid: i64 = outcomes.iter().flatten().map(|answer| answer.cost_micros).sum();
    assert!(paid > 0 && paid <= LIMIT, "{paid} of {LIMIT}");
    assert!(refused > 0, "{many} calls were to cost more than {LIMIT}");
    assert_eq!(world.sum("cost_micros").await, paid, "usage adds up");
    assert_eq!(world.budgets().await, [("user".to_owned(), paid, 0)]);
    println!(
        "figure: budgets: {many} calls at once from 2 workers on {LIMIT} millionths: {} answered, {refused} refused, \
         overspent 0 (spent {paid})",
        outcomes.len() - refused
    );
}

#[tokio::test]
async fn nobody_is_refused_while_there_is_enough() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(limited(|limits| limits.user_day = 3_000));
    let (mut spent, mut answered) = (0, 0);
    // One after the other: what was reserved more than spent is there again at once.
    loop {
        let outcome = ask(&gateway, whose(user), &format!("hello {answered}"), Cache::No).await;
        if is_refused(&outcome) {
            break;
        }
        spent += outcome.unwrap().cost_micros;
        answered += 1;
    }
    let a_call = spent / answered;
    assert!(answered > 3, "{answered} calls of {a_call}");
    // The most that one more could have cost: a token for each byte, and the longest answer.
    assert!(spent + 400 + 1_000 > 3_000, "refused with {spent} of 3,000 spent");
}

#[tokio::test]
async fn each_budget_is_somebodys() {
    let world = World::new(1).await;
    let gateway = world.gateway(limited(|limits| (limits.user_day, limits.session) = (4_000, 1_500)));
    let (maya, noah) = (world.user().await, world.user().await);
    let until_refused = async |whose: Whose| {
        for at in 0..100 {
            let outcome = ask(&gateway, whose, &format!("hello {at}"), Cache::No).await;
            if is_refused(&outcome) {
                return outcome.unwrap_err().detail.unwrap();
            }
        }
        panic!("nothing is ever used up");
    };
    let talk = whose(maya);
    assert!(until_refused(talk).await.contains("conversation"));
    assert!(!is_refused(&ask(&gateway, whose(maya), "hello", Cache::No).await), "in another conversation");
    let alone = Whose { session_id: None, ..talk };
    assert!(until_refused(alone).await.contains("tomorrow"));
    assert!(is_refused(&ask(&gateway, whose(maya), "hello", Cache::No).await), "in no conversation today");
    assert!(!is_refused(&ask(&gateway, whose(noah), "hello", Cache::No).await), "somebody else");
    // A day later.
    gateway.flush().await;
    world.app.database.execute("UPDATE llm_budgets SET day = day - 1 WHERE scope = 'user'").await;
    assert!(!is_refused(&ask(&gateway, whose(maya), "hello", Cache::No).await));
}

#[tokio::test]
async fn guests_share_what_their_address_and_all_of_them_have() {
    let world = World::new(1).await;
    let gateway = world.gateway(limited(|limits| (limits.address_day, limits.guests_day) = (2_000, 4_500)));
    let mut answered = Vec::new();
    for address in [1, 1, 2, 2, 3, 3] {
        let guest = world.guest(address).await;
        let mut here = 0;
        while !is_refused(&ask(&gateway, whose(guest), &format!("hello {here}"), Cache::No).await) {
            here += 1;
        }
        answered.push(here);
    }
    assert!(answered[0] > 0 && answered[2] > 0, "{answered:?}");
    assert_eq!(
        (answered[1], answered[3], answered[5]),
        (0, 0, 0),
        "their address had nothing left: {answered:?}"
    );
    assert!(answered[4] < answered[0], "all guests together had less left than an address: {answered:?}");
    gateway.flush().await;
    let (scope, spent, reserved) = world.budgets().await[0].clone();
    assert!((scope.as_str(), reserved) == ("guests", 0) && spent <= 4_500, "{scope} {spent} {reserved}");
    assert!(!is_refused(&ask(&gateway, whose(world.user().await), "hello", Cache::No).await), "no guest");
}

/// An app whose model costs something.
pub(super) async fn dear(change: impl FnOnce(&mut LlmConfig)) -> App {
    let priced = |llm: &mut LlmConfig| {
        (llm.providers[0].prompt_price, llm.providers[0].completion_price) = PRICES;
        change(llm);
    };
    App::builder().workers(0).llm(priced).start().await
}

#[tokio::test]
async fn whose_budget_is_used_up_is_told_so_kindly() {
    let app = dear(|llm| llm.budgets.user_day = 1).await;
    app.start_worker();
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    assert_eq!(task.failure().await, "budget_exceeded");
    let done = task.done().await;
    assert_eq!(done["attempts"], 1, "it is not tried again: {done}");
    let told = done["error"]["detail"].as_str().unwrap();
    assert!(told.contains("tomorrow") && told.contains("kept"), "{told}");
    assert_eq!(app.model.counters().received, 0);
    assert_eq!(guest.transcript(&task.session).await, [("user".to_owned(), HAIRCUT.to_owned())]);
}

#[tokio::test]
async fn guests_are_made_with_their_address() {
    let app = App::builder().workers(0).start().await;
    app.guest().await;
    app.anybody().post("/chat", json!({"message": "hello"})).await.expect(202);
    let addresses = "SELECT count(*) AS guests, count(guest_address) AS known, count(DISTINCT guest_address) AS addresses FROM users";
    assert_eq!(app.database.rows(addresses).await, [json!({"guests": 2, "known": 2, "addresses": 1})]);
}
