//! Mail: written into the transaction that causes it, sent afterwards.
//!
//! Invariants:
//! * a mail exists if and only if what it tells of was committed ([`enqueue`] takes the
//!   transaction);
//! * it leaves at least once, under one Message-ID whatever the number of attempts, so that a
//!   server which saw it before can tell;
//! * no mail waits behind another that cannot be sent;
//! * what came from people is text: it never becomes a header of its own, a second recipient
//!   or markup.

mod compose;
mod outbox;
mod queue;
mod transports;
mod worker;

pub use compose::{ComposeError, Composed, Sender, compose, message_id};
pub use outbox::{Letter, Mail, MailId, MailStatus, enqueue, supersede};
pub use queue::{RetryError, find_mail, hold_waiting, retry_mail};
pub use transports::{Refusal, Transport, file_name};
pub use worker::{BATCH, Courier, delivery};
