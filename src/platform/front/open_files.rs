//! Every connection is an open file, and systems allow few unless asked.

/// Files that the program needs besides connections: databases, indexes, uploads.
const OWN_FILES: u64 = 512;

/// What a connection costs: the client's, ours to the program behind, and its end of that one.
const PER_CONNECTION: u64 = 3;

/// Asks for as many open files as `connections` may need; answers how many of them there can be.
pub(super) fn provide_for(connections: u32) -> u32 {
    let wanted = PER_CONNECTION * u64::from(connections) + OWN_FILES;
    let allowed = raise_to(wanted);
    if allowed >= wanted {
        return connections;
    }
    let possible = possible(allowed).min(connections);
    tracing::warn!(
        allowed,
        wanted,
        possible,
        "the system allows too few open files for max_connections, so there will be fewer: raise \
         its limit (LimitNOFILE, ulimit -n), or lower the setting"
    );
    possible
}

/// Connections for which so many open files suffice. The program keeps what it needs, or three of four
/// where even that is more, because the database and the indexes alone take forty: a client that finds
/// no place is told so, a database that finds none is an outage.
fn possible(allowed: u64) -> u32 {
    let own = OWN_FILES.min(allowed - allowed / 4);
    u32::try_from((allowed - own) / PER_CONNECTION)
        .unwrap_or(u32::MAX)
        .max(1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_the_program_its_files() {
        for (allowed, connections) in [(64, 5), (256, 21), (1024, 170), (4096, 1194), (2, 1)] {
            assert_eq!(possible(allowed), connections);
        }
    }
}
