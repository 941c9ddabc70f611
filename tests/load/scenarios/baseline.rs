//! What the parts can do by themselves here and now: the yardstick for everything else of the same run.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio_postgres::{Client as Pg, Statement};
use uuid::Uuid;

use super::CLIENTS;
use crate::drive::{Client, HttpClient, Load, drive};
use crate::report::{LoopTargets, Report};
use crate::stage::Stage;
use crate::{Result, http};

/// A key of each client's own in Redis, with a value as long as a copy of a task.
struct RedisClient {
    connection: MultiplexedConnection,
    command: redis::Cmd,
}

impl Client for RedisClient {
    async fn once(&mut self) -> Result<()> {
        Ok(self.command.query_async(&mut self.connection).await?)
    }
}

/// A connection of each client's own to PostgreSQL, with a prepared statement that commits durably.
struct PgClient {
    pg: Pg,
    statement: Statement,
    id: Option<Uuid>,
}

impl Client for PgClient {
    async fn once(&mut self) -> Result<()> {
        let id = self.id.unwrap_or_else(Uuid::now_v7);
        self.pg.query_one(&self.statement, &[&id]).await?;
        Ok(())
    }
}

const INSERT: &str = "INSERT INTO bench_rows (id, text) VALUES ($1, repeat('x', 200)) RETURNING id";
const CLAIM: &str =
    "UPDATE bench_rows SET stage = 'running', claim_no = claim_no + 1, lease_until = now() + '15 s'
                     WHERE id = $1 RETURNING id, claim_no";

/// Measures each part at every level.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    stage.reset().await?;
    let (full, quick) = (Duration::from_secs(3), Duration::from_secs(1));
    let load = Load { warm_up: Duration::from_millis(300), measured: stage.either(full, quick) };

    let bare = stage.start_bare().await?;
    for clients in CLIENTS {
        let requests = vec![http::get("/", None)];
        let summary = drive(HttpClient::connect(bare.address, clients, requests, 200).await?, load).await?;
        report.add_loop("baseline", &format!("bare actix, {clients} clients"), &summary, LoopTargets::NONE);
    }
    bare.process.stop().await?;

    let redis = redis::Client::open(stage.redis_url())?;
    for (name, value) in [("GET", None), ("SET", Some("x".repeat(700)))] {
        for clients in CLIENTS {
            let mut all = Vec::with_capacity(clients);
            for number in 0..clients {
                let connection = redis.get_multiplexed_async_connection().await?;
                let mut command = redis::cmd(name);
                command.arg(format!("bench-key-{number}")).arg(value.as_deref());
                all.push(RedisClient { connection, command });
            }
            let summary = drive(all, load).await?;
            report.add_loop(
                "baseline",
                &format!("Redis {name}, {clients} clients"),
                &summary,
                LoopTargets::NONE,
            );
        }
    }

    stage
        .pg
        .batch_execute(
            "DROP TABLE IF EXISTS bench_rows;
             CREATE TABLE bench_rows (id uuid PRIMARY KEY, text text NOT NULL, stage text NOT NULL DEFAULT 'queued',
                                      claim_no int NOT NULL DEFAULT 0, lease_until timestamptz) WITH (fillfactor = 70)",
        )
        .await?;
    for (name, sql, one_row) in [("INSERT", INSERT, false), ("claim", CLAIM, true)] {
        for clients in CLIENTS {
            let mut all = Vec::with_capacity(clients);
            for _ in 0..clients {
                let pg = stage.connect().await?;
                let statement = pg.prepare(sql).await?;
                let id = one_row.then(Uuid::now_v7);
                if let Some(id) = id {
                    pg.query_one(INSERT, &[&id]).await?;
                }
                all.push(PgClient { pg, statement, id });
            }
            let summary = drive(all, load).await?;
            report.add_loop(
                "baseline",
                &format!("PostgreSQL {name}, {clients} clients"),
                &summary,
                LoopTargets::NONE,
            );
        }
    }
    stage.pg.batch_execute("DROP TABLE bench_rows").await?;
    Ok(())
}
