//! Queries on the finished steps of an agent.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Conn;
use super::schema::{sql_types, task_steps};
use crate::error::Result;
use crate::model::TaskId;
use crate::model::sql_enum::sql_enum;
use crate::model::tasks::Task;

sql_enum! {
    /// What a step was.
    StepKind as sql_types::StepKind {
        /// The model answered.
        Llm,
        /// A tool acted.
        Tool,
    }
}

/// A row of `task_steps`: what came out, so that it is never done again.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = task_steps, check_for_backend(diesel::pg::Pg))]
pub struct Step {
    /// Its place, from 1.
    pub no: i32,
    /// What it was.
    pub kind: StepKind,
    /// The model, or the tool.
    pub name: String,
    /// The model's message, or the tool's result.
    pub output: Value,
    /// Tokens sent, of a model.
    pub prompt_tokens: Option<i32>,
    /// Tokens received, of a model.
    pub completion_tokens: Option<i32>,
    /// Name and version of the prompts that a model's answer came from.
    pub prompt: Option<String>,
}

impl Step {
    /// What a tool's acting left.
    #[must_use]
    pub fn tool(no: i32, name: &str, output: Value) -> Self {
        let name = name.to_owned();
        Self {
            no,
            kind: StepKind::Tool,
            name,
            output,
            prompt_tokens: None,
            completion_tokens: None,
            prompt: None,
        }
    }
}

/// A finished step of a task, if it is finished.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &mut Conn, task: TaskId, no: i32) -> Result<Option<Step>> {
    Ok(task_steps::table.find((task, no)).select(Step::as_select()).get_result(conn).await.optional()?)
}

/// The finished steps of a task, in order.
///
/// # Errors
/// When the database is away.
pub async fn of_task(conn: &mut Conn, task: TaskId) -> Result<Vec<Step>> {
    Ok(task_steps::table
        .filter(task_steps::task_id.eq(task))
        .order(task_steps::no)
        .select(Step::as_select())
        .load(conn)
        .await?)
}

/// Writes a step; inside the transaction that [`super::tasks::hold`] began.
///
/// # Errors
/// When the database is away or has this step already.
pub async fn insert(mut conn: &Conn, task: &Task, step: &Step) -> Result<()> {
    diesel::insert_into(task_steps::table)
        .values((
            task_steps::task_id.eq(task.id),
            task_steps::no.eq(step.no),
            task_steps::kind.eq(step.kind),
            task_steps::name.eq(&step.name),
            task_steps::output.eq(&step.output),
            task_steps::prompt_tokens.eq(step.prompt_tokens),
            task_steps::completion_tokens.eq(step.completion_tokens),
            task_steps::claim_no.eq(task.claim_no),
            task_steps::prompt.eq(&step.prompt),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}
