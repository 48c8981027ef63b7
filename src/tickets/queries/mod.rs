//! Reading tickets, each query exactly what a page needs.

mod customer;
mod desk;
mod filter;
mod tally;
mod thread;

pub use customer::{
    Scope, count_by_stage, find_by_scope, find_ticket, latest_open, page_of_requests,
};
pub use desk::{
    ListedTicket, Sort, StageCount, count_stages, count_view, find_for_desk, get_ticket,
    has_tickets, list_after, list_beginning_with, list_by_ids, list_ids_of, newest_id,
    other_requests, page_of_tickets,
};
pub use filter::{DeskFilter, DeskView, Found, Owner};
pub use tally::Tally;
pub use thread::{
    Attachment, Envelope, Message, Readers, Texts, find_attachment, get_message, last_answer,
    list_attachments, list_envelopes, list_messages, list_texts, search_text,
};

use diesel::Connection;
use diesel::expression::BoxableExpression;
use diesel::sql_types::Bool;

use crate::platform::db::Conn;
use crate::schema::tickets;

/// The backend that a query runs on, whichever engine it is.
pub type Backend = <Conn as Connection>::Backend;

/// A condition on tickets.
pub type Filter = Box<dyn BoxableExpression<tickets::table, Backend, SqlType = Bool>>;
