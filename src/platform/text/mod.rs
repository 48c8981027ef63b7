//! Text that people typed, made fit to keep, to search and to show.
//!
//! What this module promises:
//! - **HTML is a type.** [`SafeHtml`] comes out of the sanitiser of this module or out of
//!   escaping, and from nowhere else. A page never marks a plain string as safe.
//! - **Two walls.** The Markdown writer only writes the tags it knows and escapes the rest; its
//!   output then passes an allowlist sanitiser that would stop whatever the writer let through.
//! - **Bounded work.** The parsers are superlinear on hostile input, so [`budget`] measures bytes,
//!   nesting, attributes and table cells in one linear pass first and refuses with a reason that
//!   a form can show. No function here reads a clock, a file or a database.
//! - **Nothing loads from elsewhere.** Images come from this host or not at all; links lead to
//!   http, https, mailto and tel, or into this site when a [`LinkResolver`] says so.

mod autolink;
pub mod budget;
mod csv;
mod events;
mod file_name;
pub mod front_matter;
mod href;
mod html_budget;
mod markdown;
mod plain;
mod safe_html;
mod sanitised;
mod tall;
mod typography;
mod writer;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod html_check;

pub use budget::TextError;
pub use csv::Csv;
pub use file_name::FileName;
pub use href::{ImageRef, LinkResolver, NoLinks, Resolved};
pub use markdown::{
    Article, Heading, Image, Link, reading_minutes, render_article, render_message,
};
pub use plain::{clean_line, clean_text, excerpt, fold, initials, slug};
pub use safe_html::SafeHtml;
pub use tall::is_tall;
pub use typography::{french, is_no_break};
