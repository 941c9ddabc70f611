//! The agent: what is settled by the person, and what those get who mean it ill.

mod hostile;
mod settle;
