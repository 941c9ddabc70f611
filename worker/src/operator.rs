//! `proxie-worker tasks …`: what an operator does with tasks.

use clap::Subcommand;
use proxie_shared::config::{DatabaseConfig, RedisConfig};
use proxie_shared::db::tasks::NewTask;
use proxie_shared::db::{self, Db};
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::model::TaskId;
use proxie_shared::model::tasks::{Task, TaskKind, TaskStatus};
use proxie_shared::queue::{Queue, Redis};
use proxie_shared::telemetry::trace;

/// What to do with tasks.
#[derive(Subcommand)]
pub enum Command {
    /// Lists the newest tasks.
    List {
        /// Only of this status: processing, completed, failed, cancelled.
        #[arg(long)]
        status: Option<TaskStatus>,
        /// At most so many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
    },
    /// Shows a task with its steps, as JSON.
    Show {
        /// Its id.
        id: TaskId,
    },
    /// Tries a failed or cancelled task again, as a new task.
    Retry {
        /// Its id.
        id: TaskId,
    },
    /// Cancels a task.
    Cancel {
        /// Its id.
        id: TaskId,
    },
    /// Sends a task that does nothing through the queue: shows that it works.
    Probe,
}

/// Does it.
///
/// # Errors
/// When there is no such task, it may not be moved so, or the database is away.
pub async fn run(command: Command) -> Result<()> {
    let configured =
        |error| Error::new(Code::Internal).detail("The configuration does not do.").because(error);
    let db = Db::new(&DatabaseConfig::from_env().map_err(configured)?);
    let redis = Redis::new(&RedisConfig::from_env().map_err(configured)?)?;
    let queue = Queue::new(db.clone(), redis);
    let mut conn = db.conn().await?;
    match command {
        Command::List { status, limit } => {
            for task in db::tasks::list(&mut conn, status, None, limit).await? {
                println!("{}", line(&task));
            }
        }
        Command::Show { id } => {
            let task = find(&mut conn, id).await?;
            let steps: Vec<_> = db::steps::of_task(&mut conn, id)
                .await?
                .into_iter()
                .map(|step| serde_json::json!({"no": step.no, "kind": step.kind, "name": step.name, "output": step.output}))
                .collect();
            let all = serde_json::json!({"task": task, "steps": steps});
            println!("{}", serde_json::to_string_pretty(&all)?);
        }
        Command::Retry { id } => {
            let owner = find(&mut conn, id).await?.user_id.into();
            let task = db::tasks::retry_for(&mut conn, owner, id, &trace::new_id()).await?;
            queue.announce_new(&task);
            println!("{}", line(&task));
        }
        Command::Cancel { id } => {
            let mut task = find(&mut conn, id).await?;
            if let Some(cancelled) = db::tasks::cancel(&mut conn, id).await? {
                task = cancelled;
                queue.announce_cancelled(std::slice::from_ref(&task)).await?;
            }
            println!("{}", line(&task));
        }
        Command::Probe => {
            let operator = db::users::ensure(&mut conn, "proxie/operator", "probe", None).await?;
            let task = NewTask {
                id: TaskId::new(),
                kind: TaskKind::Probe,
                user_id: operator.id,
                request_id: None,
                retry_of: None,
                trace_id: trace::new_id(),
                parent_span: None,
            };
            let task = db::tasks::insert(&mut conn, task).await?;
            queue.announce_new(&task);
            println!("{}", line(&task));
        }
    }
    drop(conn);
    // What the courier still carries goes out before the process ends.
    queue.courier.flush().await;
    Ok(())
}

async fn find(conn: &mut db::Conn, id: TaskId) -> Result<Task> {
    let task = db::tasks::find(conn, id).await?;
    task.ok_or_else(|| Error::new(Code::NotFound).detail("There is no task with this id."))
}

fn line(task: &Task) -> String {
    format!(
        "{}  {:<8}  {:<10}  {:<8}  attempts {}  {}",
        task.id,
        task.kind.to_string(),
        task.status.to_string(),
        task.stage.to_string(),
        task.attempts,
        task.error_code.as_deref().unwrap_or("")
    )
}
