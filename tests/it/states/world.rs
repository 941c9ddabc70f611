//! A world of the model beside the same in the product.

use chrono::{Duration, Utc};
use proxie_shared::model::users::Role;
use proxie_shared::queue::{Queue, Redis};
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Acceptance, At, Business, Like, Model, Who};
use crate::support::{Answer, App, Caller};

/// Consumers and businesses of a world.
pub const CONSUMERS: usize = 2;
pub const BUSINESSES: usize = 5;

/// What may be done, or happens.
#[derive(Clone, Debug)]
pub enum Step {
    Post {
        who: Who,
        like: Like,
        at_home: bool,
    },
    Change {
        who: Who,
        request: usize,
        window: bool,
        like: Like,
    },
    Rematch {
        who: Who,
        request: usize,
    },
    CancelRequest {
        who: Who,
        request: usize,
    },
    Pass {
        who: Who,
        request: usize,
    },
    Offer {
        who: Who,
        request: usize,
        slots: Vec<At>,
        minutes: i64,
        hours: Option<i64>,
    },
    Withdraw {
        who: Who,
        offer: usize,
    },
    Decline {
        who: Who,
        offer: usize,
    },
    Accept {
        who: Who,
        offer: usize,
        how: Acceptance,
    },
    CancelBooking {
        who: Who,
        booking: usize,
        rebook: bool,
    },
    Finish {
        who: Who,
        booking: usize,
        to: &'static str,
    },
    Propose {
        who: Who,
        booking: usize,
        start: At,
    },
    Agree {
        who: Who,
        booking: usize,
        only: Option<At>,
    },
    Disagree {
        who: Who,
        booking: usize,
    },
    Review {
        who: Who,
        booking: usize,
    },
    Pause {
        who: Who,
        business: usize,
        to: &'static str,
    },
    Suspend {
        who: Who,
        business: usize,
        to: &'static str,
    },
    /// A matching ends that has found somebody.
    Route {
        request: usize,
        to: Vec<usize>,
    },
    LetPass(Duration),
    Sweep,
}

/// The same in the model and in the product.
pub struct World<'a> {
    pub app: &'a App,
    pub queue: Queue,
    pub model: Model,
    consumers: Vec<(Caller, Uuid)>,
    owners: Vec<(Caller, Uuid)>,
    admin: (Caller, Uuid),
    pub requests: Vec<Uuid>,
    pub offers: Vec<Uuid>,
    pub bookings: Vec<Uuid>,
    pub businesses: Vec<Uuid>,
}

impl<'a> World<'a> {
    /// Nobody needs anything yet. Each business has `(notice, buffer, most a day)` of its own, and UTC on its clocks: time
    /// that is let pass must not change the hour.
    pub async fn new(app: &'a App, businesses: Vec<(i64, i64, Option<usize>)>) -> Self {
        let somebody = async |role| {
            let id = app.user_row(role).await;
            (app.user(&id.to_string(), role), id)
        };
        let mut world = Self {
            app,
            queue: Queue::new(app.database.pool(), Redis::new(&app.redis.config()).expect("Redis")),
            model: Model { now: Utc::now(), ..Model::default() },
            consumers: Vec::new(),
            owners: Vec::new(),
            admin: somebody(Role::Admin).await,
            requests: Vec::new(),
            offers: Vec::new(),
            bookings: Vec::new(),
            businesses: Vec::new(),
        };
        for _ in 0..CONSUMERS {
            world.consumers.push(somebody(Role::Consumer).await);
        }
        for (notice, buffer, per_day) in businesses {
            let owner = somebody(Role::Provider).await;
            let id = app.provider_row(owner.1).await;
            let most = per_day.map_or("NULL".to_owned(), |most| most.to_string());
            let calendar = format!(
                "UPDATE providers SET zone = 'UTC' WHERE id = '{id}';
                 UPDATE availability SET notice_minutes = {notice}, buffer_minutes = {buffer}, max_per_day = {most}
                 WHERE provider_id = '{id}'"
            );
            app.database.execute(&calendar).await;
            world.owners.push(owner);
            world.businesses.push(id);
            let (status, completed_jobs, late_cancellations) = ("active", 0, 0);
            let one = Business { status, notice, buffer, per_day, completed_jobs, late_cancellations };
            world.model.businesses.push(one);
        }
        world
    }

    fn person(&self, who: Who) -> &(Caller, Uuid) {
        match who {
            Who::Consumer(n) => &self.consumers[n],
            Who::Owner(n) => &self.owners[n],
            Who::Admin => &self.admin,
        }
    }

    pub fn id_of(&self, who: Who) -> Uuid {
        self.person(who).1
    }

    pub async fn call(&self, who: Who, method: Method, path: String, body: Value) -> Answer {
        let caller = &self.person(who).0;
        let call = caller.call(method, &path);
        caller.send(if body.is_null() { call } else { call.json(&body) }).await
    }

    pub async fn put(&self, who: Who, path: String, body: Value) -> Answer {
        self.call(who, Method::PUT, path, body).await
    }

    pub async fn post(&self, who: Who, path: String, body: Value) -> Answer {
        self.call(who, Method::POST, path, body).await
    }

    pub fn database(&self) -> &proxie_shared::test_support::TestDatabase {
        &self.app.database
    }

    pub fn consumer_ids(&self) -> Vec<Uuid> {
        self.consumers.iter().map(|(_, id)| *id).collect()
    }
}
