//! Types of request, as managers define them.

pub mod pages;
mod samples;
