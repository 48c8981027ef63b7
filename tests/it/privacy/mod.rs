//! What people may ask of what is held about them, and what is not kept for ever.

mod canaries;
mod copies;
mod erasing;
mod restoring;
mod retention;
