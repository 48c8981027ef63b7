//! Guichet: a customer self-service portal with ticketing and a knowledge base.

pub mod accounts;
pub mod app;
pub mod cli;
pub mod config;
pub mod knowledge;
pub mod platform;
pub mod schema;
pub mod tickets;
