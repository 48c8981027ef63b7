//! What the system knows about the process.

use super::Gauges;

const RESIDENT: (&str, &str) = ("process_resident_memory_bytes", "Memory in use");
const OPEN: (&str, &str) = ("process_open_fds", "Open files and sockets");
const MOST: (&str, &str) = ("process_max_fds", "Open files and sockets allowed");

/// Tells what is known; elsewhere than on Linux, nothing is.
pub(super) fn tell(gauges: &mut Gauges) {
    for ((name, help), number) in [
        (RESIDENT, resident()),
        (OPEN, open_files()),
        (MOST, most_files()),
    ] {
        if let Some(number) = number {
            gauges.tell(name, help, &[], number);
        }
    }
}

/// `proc_pid_status(5)`: in units of 1,024 bytes.
fn resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn open_files() -> Option<i64> {
    let entries = std::fs::read_dir("/proc/self/fd").ok()?;
    i64::try_from(entries.count()).ok()
}

#[cfg(unix)]
fn most_files() -> Option<i64> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current.and_then(|most| i64::try_from(most).ok())
}

#[cfg(not(unix))]
const fn most_files() -> Option<i64> {
    None
}
