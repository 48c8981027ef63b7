//! Reading tickets, each query exactly what a page needs.

mod count;
mod customer;
mod desk;
mod filter;
mod tally;
mod thread;

pub use count::{Count, count_up_to, count_view};
pub use customer::{
    Scope, count_by_stage, find_by_scope, find_foreign, find_ticket, latest_open, page_of_requests,
};
pub use desk::{
    ListedTicket, Sort, StageCount, count_stages, find_for_desk, get_listed, get_ticket,
    has_tickets, list_after, list_beginning_with, list_by_ids, list_ids_of, newest_id,
    other_requests, page_of_tickets,
};
pub use filter::{DeskFilter, DeskView, Owner};
pub use tally::Tally;
pub use thread::{
    Attachment, Envelope, Message, Readers, Texts, find_attachment, find_foreign_attachment,
    get_message, last_answer, list_attachments, list_envelopes, list_messages, list_texts,
    search_text,
};

use diesel::expression::BoxableExpression;
use diesel::sql_types::Bool;

use crate::platform::db::Backend;
use crate::schema::tickets;

/// A condition on tickets.
pub type Filter = Box<dyn BoxableExpression<tickets::table, Backend, SqlType = Bool>>;
