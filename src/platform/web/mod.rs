//! What every page shares: views, forms, answers, errors, assets.

pub mod templates;
pub mod view;
