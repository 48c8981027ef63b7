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

/// Whether nobody is counted (`FAILPOINT_NO_LIMITS`): a fault has one person send in a minute what
/// others send in a month.
#[cfg(feature = "faults")]
pub fn lifts_limits() -> bool {
    std::env::var_os("FAILPOINT_NO_LIMITS").is_some()
}

/// Never, in this build.
#[cfg(not(feature = "faults"))]
pub const fn lifts_limits() -> bool {
    false
}
