//! Guichet: a customer self-service portal with ticketing and a knowledge base.

pub mod config;
pub mod knowledge;
pub mod platform;
pub mod schema;
pub mod tickets;
