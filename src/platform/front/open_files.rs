//! Every connection is an open file, and systems allow few unless asked.

/// Files that the program needs besides connections: databases, indexes, uploads.
const OWN_FILES: u64 = 512;

/// Asks for as many open files as `connections` may need, each with one to the program behind.
pub(super) fn provide_for(connections: u32) {
    let wanted = 2 * u64::from(connections) + OWN_FILES;
    let allowed = raise_to(wanted);
    if allowed < wanted {
        tracing::warn!(
            allowed,
            wanted,
            "the system allows too few open files for max_connections: raise its limit \
             (LimitNOFILE, ulimit -n), or lower the setting"
        );
    }
}

#[cfg(unix)]
fn raise_to(wanted: u64) -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let current = limit.current.unwrap_or(u64::MAX);
    if current >= wanted {
        return current;
    }
    let raised = wanted.min(limit.maximum.unwrap_or(u64::MAX));
    let asked = Rlimit {
        current: Some(raised),
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, asked) {
        Ok(()) => raised,
        Err(_) => current,
    }
}

#[cfg(not(unix))]
fn raise_to(wanted: u64) -> u64 {
    wanted
}
