//! Names of machines, as addresses and requests have them.

use std::net::IpAddr;

/// A host without its port: `portal.example:8000`, `192.0.2.1`, `[::1]:80`.
#[must_use]
pub fn without_port(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Whether a host, with or without its port, is this machine by a name that nobody else can give.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    let name = without_port(host);
    let address = name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    address || name.eq_ignore_ascii_case("localhost")
}

/// The host in the address of a site: what follows the scheme.
#[must_use]
pub fn of_address(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_names_of_its_own() {
        for host in [
            "localhost",
            "localhost:8000",
            "127.0.0.1:8000",
            "[::1]:8000",
            "LOCALHOST",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "localhost.evil.example",
            "evil.example:8000",
            "127.0.0.1.nip.example",
            "",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn a_host_is_what_stands_between_scheme_and_port() {
        for (address, host) in [
            ("https://portal.example", "portal.example"),
            ("http://portal.example:8000", "portal.example"),
            ("http://[2001:db8::1]:8000", "2001:db8::1"),
        ] {
            assert_eq!(without_port(of_address(address)), host);
        }
    }
}
