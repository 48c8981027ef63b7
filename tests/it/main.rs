//! The program as people use it: real pages over a real database, one module per slice.
//!
//! `TEST_DATABASE_URL=postgres://…` runs the same tests on PostgreSQL.

mod access;
mod accounts;
mod audit;
mod cli;
mod demo;
mod desk;
mod drafts;
mod errors;
mod forms;
mod fuzz;
mod history;
mod knowledge;
mod mail;
mod organisations;
mod outbox;
mod pages;
mod privacy;
mod requests;
mod schema;
mod settings;
mod sla;
mod support;
mod teams;
mod tidy;
