//! The customers' home: a composition of what the other slices offer, without tables of its own.

mod home;
pub mod pages;

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes: home::routes,
        samples: pages::samples,
        ..Slice::named("portal")
    }
}
