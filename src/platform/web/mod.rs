//! What every page shares: views, forms, answers, errors, assets.

pub mod assets;
pub mod background;
pub mod body;
pub mod chunks;
pub mod compression;
pub mod cookies;
pub mod csrf;
mod edits;
pub mod errors;
pub mod form;
pub mod guest_pages;
pub mod headers;
pub mod health;
pub mod idempotency;
pub mod kept;
pub mod limits;
pub mod local_path;
mod multipart;
pub mod nul;
pub mod overrides;
pub mod parts;
pub mod position;
pub mod posted;
pub mod reply;
pub mod shell;
mod shell_samples;
pub mod site;
pub mod templates;
pub mod view;
pub mod widgets;
pub mod witness;

pub use form::{Check, Fields, FormState, Upload};
pub use local_path::LocalPath;
pub use posted::Posted;
pub use reply::{Failure, IfNoneMatch, Outcome, Reply};
pub use site::Site;
