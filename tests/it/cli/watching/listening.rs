//! Where a process listens, as the system knows it.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The word of the kernel for a socket that listens.
const LISTENS: &str = "0A";

/// The addresses at which a process listens.
pub fn addresses_of(process: u32) -> BTreeSet<SocketAddr> {
    let own = sockets_of(process);
    let tables = ["tcp", "tcp6"].map(|table| {
        let path = format!("/proc/{process}/net/{table}");
        // Without IPv6 there is no table of it.
        fs::read_to_string(path).unwrap_or_default()
    });
    let listening = tables.iter().flat_map(|table| table.lines().skip(1));
    listening
        .filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let [_, local, _, state, _, _, _, _, _, inode, ..] = columns[..] else {
                panic!("a table of the kernel: {line:?}");
            };
            (state == LISTENS && own.contains(inode)).then(|| address(local))
        })
        .collect()
}

/// The numbers of its sockets.
fn sockets_of(process: u32) -> HashSet<String> {
    let open = fs::read_dir(format!("/proc/{process}/fd")).expect("it runs");
    // What it closes meanwhile is none of them.
    let targets = open
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok());
    targets
        .filter_map(|target| {
            let target = target.to_str()?.strip_prefix("socket:[")?;
            Some(target.strip_suffix(']')?.to_owned())
        })
        .collect()
}

/// `0100007F:1F90`: words of four bytes in the order of the machine, then the port.
fn address(text: &str) -> SocketAddr {
    let (host, port) = text.split_once(':').expect("host and port");
    let bytes: Vec<u8> = (0..host.len())
        .step_by(8)
        .flat_map(|at| {
            let word = u32::from_str_radix(&host[at..at + 8], 16).expect("a word");
            word.to_ne_bytes()
        })
        .collect();
    let host = match <[u8; 4]>::try_from(&bytes[..]) {
        Ok(four) => IpAddr::V4(Ipv4Addr::from(four)),
        Err(_) => {
            let all = <[u8; 16]>::try_from(&bytes[..]).expect("an IPv6 address");
            IpAddr::V6(Ipv6Addr::from(all))
        }
    };
    SocketAddr::new(host, u16::from_str_radix(port, 16).expect("a port"))
}
