//! Guichet: a customer self-service portal with ticketing and a knowledge base.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod cli;
pub mod config;
pub mod demo;
pub mod drafts;
pub mod forms;
pub mod knowledge;
pub mod notifications;
pub mod organisations;
pub mod outbox;
pub mod platform;
pub mod portal;
pub mod privacy;
pub mod schema;
pub mod settings;
pub mod sla;
pub mod teams;
pub mod tickets;
