//! The portal's names for what [`super::widgets`] defines.

pub use super::widgets::{Choice, PageLinks as Pages, TextLink as Link};
