//! Stub until the slice arrives.

crate::id_type! {
    /// Key of a team.
    TeamId
}
