//! What an operator sees of the program while it serves: health, metrics, the log.

mod audit;
mod canaries;
mod health;
mod listening;
mod log;
mod metrics;
mod visitor;
