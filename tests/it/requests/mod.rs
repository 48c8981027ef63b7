//! Requests as the people who file them meet them.

mod addresses;
mod bad_input;
mod files;
mod footprint;
mod foreign;
mod guest;
mod list;
mod long;
mod polyglots;
pub mod portal;
mod repeated;
mod thread;
