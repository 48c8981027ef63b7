//! Points at which `scripts/faults` makes the program fail.
//!
//! They exist in a build with the feature `faults` and in no other: elsewhere [`reach`] is nothing.

/// A point is reached. When the file that `FAILPOINT_FILE` names holds `<name> panic` or
/// `<name> abort`, that is what happens.
#[cfg(feature = "faults")]
pub fn reach(name: &str) {
    let Some(order) = std::env::var_os("FAILPOINT_FILE") else {
        return;
    };
    match std::fs::read_to_string(order)
        .unwrap_or_default()
        .split_once(' ')
    {
        Some((point, "panic")) if point == name => panic!("failpoint {name}"),
        Some((point, "abort")) if point == name => std::process::abort(),
        _ => {}
    }
}

/// Nothing, in this build.
#[cfg(not(feature = "faults"))]
pub const fn reach(_: &str) {}
