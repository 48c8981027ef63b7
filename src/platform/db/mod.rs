//! One schema and one set of queries on two engines, SQLite and PostgreSQL.
//!
//! Invariants:
//! * every write runs inside a [`Tx`], which carries the connection, one instant and the actor;
//! * on SQLite all writes go through one thread that commits them in groups, synced to disk
//!   before anyone is answered;
//! * reads borrow a pooled connection that cannot write (SQLite's `query_only`).

mod compact;
mod connection;
mod database;
pub(in crate::platform) mod migrations;
mod page;
mod pool;
mod sqlite_version;
mod state;
mod turns;
mod tx;
mod types;
mod writer;

pub use connection::{Backend, Conn, DatabaseUrl, Engine, UnsupportedUrl};
pub use database::{Database, OpenError, StorageError};
pub use migrations::MigrationError;
pub use page::{Cursor, Direction, KeysetPage, PageRequest};
pub use tx::{Actor, Tx};
pub use types::Timestamp;
