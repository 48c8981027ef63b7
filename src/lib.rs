//! Guichet: a customer self-service portal with ticketing and a knowledge base.

pub mod config;
pub mod platform;
pub mod schema;
