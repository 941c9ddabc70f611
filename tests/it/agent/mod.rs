//! The agent, as it is met by those who mean it ill.

mod hostile;
