//! What is sent passes through and is not collected.

use super::front::upload;
use super::program::{Place, Server};

/// Bytes of the largest file but a few: 20 MB are allowed.
const LARGE: usize = 19_900_000;

/// What the program may need besides while it takes a file in, in kB: buffers, and a thread or two.
const BESIDES: u64 = 8 * 1024;

/// The most memory that a server has used since it was last asked to forget it, in kB.
fn peak(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()));
    let status = status.expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kilobytes
        .and_then(|n| n.trim().parse().ok())
        .expect("a number")
}

/// Has the system forget the most that a server has used so far (`proc_pid_clear_refs(5)`): at its
/// start it may have needed more than now.
fn forget_peak(server: &Server) {
    std::fs::write(format!("/proc/{}/clear_refs", server.id()), "5").expect("a process of ours");
}

#[test]
fn a_large_upload_takes_no_memory_of_its_size() {
    let place = Place::new();
    let server = place.serve();
    // Without a subject nothing is filed, so that no index is written meanwhile; the file is read
    // and put on the disk all the same.
    let send = |bytes: &[u8]| upload(&server, "", bytes).status;
    // What every first upload needs.
    assert_eq!(send(&[b'a'; 100_000]), 422);
    forget_peak(&server);
    let before = peak(&server);
    assert_eq!(send(&vec![b'a'; LARGE]), 422);
    let grown = peak(&server).saturating_sub(before);
    assert!(grown < BESIDES, "{grown} kB more than {before} kB");
}
