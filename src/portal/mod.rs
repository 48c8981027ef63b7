//! The customers' home: a composition of what the other slices offer, without tables of its own.

pub mod pages;
