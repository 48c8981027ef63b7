//! Whose request it is: the other end of the connection, or whom a trusted proxy speaks for.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use hyper::HeaderMap;
use ipnet::IpNet;

/// Where a proxy says whom it speaks for, nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Proxies whose word about the client is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl FromStr for TrustedProxies {
    type Err = ipnet::AddrParseError;

    /// Reads addresses and networks (`192.0.2.7, 2001:db8::/32`), separated by commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| match part.parse::<IpAddr>() {
                Ok(address) => Ok(IpNet::from(address)),
                Err(_) => part.parse(),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl TrustedProxies {
    /// Whether `address` is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who sends a request: `peer`, unless it is trusted. Then its word counts, and the word of
    /// each trusted proxy that it names; what anybody else may have written to the left of them
    /// does not. Where a word cannot be read, whoever said it counts.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let mut said: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .flat_map(|line| line.to_str().unwrap_or_default().split(','))
            .collect();
        while self.contains(client)
            && let Some(address) = said.pop().and_then(forwarded_address)
        {
            client = address;
        }
        client
    }
}

/// An address, which some proxies write with the port.
fn forwarded_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn client(trusted: &str, peer: &str, lines: &[&str]) -> IpAddr {
        let trusted: TrustedProxies = trusted.parse().expect("networks");
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().expect("a value"));
        }
        trusted.client(ip(peer), &headers)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let lines = ["198.51.100.1"];
        assert_eq!(client("", "192.0.2.1", &lines), ip("192.0.2.1"));
        assert_eq!(client("192.0.2.9", "192.0.2.1", &lines), ip("192.0.2.1"));
        assert_eq!(client("192.0.2.1", "192.0.2.1", &lines), ip("198.51.100.1"));
        assert_eq!(client("192.0.2.1", "192.0.2.1", &[]), ip("192.0.2.1"));
    }

    #[test]
    fn the_nearest_that_is_not_trusted_counts() {
        let trusted = "10.0.0.0/8, 2001:db8::/32";
        for (lines, expected) in [
            (vec!["203.0.113.5, 198.51.100.1, 10.1.1.1"], "198.51.100.1"),
            (
                vec!["203.0.113.5", "198.51.100.1", "10.1.1.1"],
                "198.51.100.1",
            ),
            (vec!["198.51.100.1:4711, 10.1.1.1"], "198.51.100.1"),
            (vec!["[2001:db9::1]:80, 2001:db8::2"], "2001:db9::1"),
            (vec!["::ffff:198.51.100.1"], "198.51.100.1"),
            (vec!["198.51.100.1, unknown, 10.1.1.1"], "10.1.1.1"),
            (vec!["10.2.2.2, 10.1.1.1"], "10.2.2.2"),
            (vec![""], "10.0.0.1"),
        ] {
            assert_eq!(
                client(trusted, "10.0.0.1", &lines),
                ip(expected),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn networks_that_cannot_be_read_are_refused() {
        for text in ["proxy.example", "10.0.0.0/33", "10.0.0.1 10.0.0.2"] {
            assert!(text.parse::<TrustedProxies>().is_err(), "{text}");
        }
        let none: TrustedProxies = " ".parse().expect("nothing");
        assert_eq!(none, TrustedProxies::default());
    }

    proptest! {
        /// Whatever a client writes itself, what the trusted proxy adds decides.
        #[test]
        fn nobody_chooses_an_address(forged in "[ -~]{0,40}") {
            let lines = [forged.as_str(), "198.51.100.1"];
            prop_assert_eq!(client("10.0.0.1", "10.0.0.1", &lines), ip("198.51.100.1"));
        }
    }
}
