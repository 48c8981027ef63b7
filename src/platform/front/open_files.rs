//! Every connection is an open file, and systems allow few unless asked.

/// Files that the program needs besides connections: databases, indexes, uploads.
const OWN_FILES: u64 = 512;

/// What a connection costs: the client's, ours to the program behind, and its end of that one.
const PER_CONNECTION: u64 = 3;

/// Clients at a time that are told that there is no place for them, at most: each is an open file
/// for as long as it listens.
const TURNED_AWAY: u64 = 64;

/// How many clients there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub connections: u32,
    /// Besides those, while they are told that there is no place for them.
    pub turned_away: u32,
}

/// Asks for as many open files as `connections` may need; answers how many of them there can be.
pub(super) fn provide_for(connections: u32) -> Room {
    let wanted = PER_CONNECTION * u64::from(connections) + TURNED_AWAY + OWN_FILES;
    let allowed = raise_to(wanted);
    let possible = possible(allowed);
    if allowed >= wanted || possible.connections >= connections {
        return Room {
            connections,
            turned_away: possible.turned_away.min(connections),
        };
    }
    tracing::warn!(
        allowed,
        wanted,
        possible = possible.connections,
        "the system allows too few open files for max_connections, so there will be fewer: raise \
         its limit (LimitNOFILE, ulimit -n), or lower the setting"
    );
    possible
}

/// The clients for whom so many open files suffice. The program keeps what it needs, or three of four
/// where even that is more, because the database and the indexes alone take forty: a client that finds
/// no place is told so, a database that finds none is an outage.
fn possible(allowed: u64) -> Room {
    let own = OWN_FILES.min(allowed - allowed / 4);
    let rest = allowed - own;
    let turned_away = TURNED_AWAY.min(rest / 4);
    let at_least_one = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).max(1);
    Room {
        connections: at_least_one((rest - turned_away) / PER_CONNECTION),
        turned_away: at_least_one(turned_away),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_the_program_its_files() {
        for (allowed, connections, turned_away) in [
            (64, 4, 4),
            (256, 16, 16),
            (1024, 149, 64),
            (4096, 1173, 64),
            (2, 1, 1),
        ] {
            let room = Room {
                connections,
                turned_away,
            };
            assert_eq!(possible(allowed), room, "{allowed}");
        }
    }

    /// Even when all are there at once, and as many are told that there is no place.
    #[test]
    fn all_of_them_together_do_not_take_what_the_program_needs() {
        for allowed in 16..5000 {
            let room = possible(allowed);
            let taken = PER_CONNECTION * u64::from(room.connections) + u64::from(room.turned_away);
            let needed = OWN_FILES.min(allowed - allowed / 4);
            assert!(taken + needed <= allowed, "{allowed}: {room:?}");
        }
    }
}
