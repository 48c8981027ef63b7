//! Network addresses in a form that does not name one subscriber.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::platform::subscriber::Subscriber;

/// An address without its end: three of four parts of an IPv4 address, and of an IPv6 address the
/// 48 bits that a provider gives to a site. Enough for people to know their own networks again.
pub(super) fn coarse(subscriber: Subscriber) -> String {
    match subscriber.network() {
        _ if subscriber == Subscriber::UNKNOWN => String::new(),
        IpAddr::V4(ip) => coarse_v4(ip),
        IpAddr::V6(ip) => coarse_v6(ip),
    }
}

fn coarse_v4(ip: Ipv4Addr) -> String {
    let [a, b, c, _] = ip.octets();
    format!("{a}.{b}.{c}.x")
}

fn coarse_v6(ip: Ipv6Addr) -> String {
    let [a, b, c, ..] = ip.segments();
    format!("{a:x}:{b:x}:{c:x}:x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_address_is_left_out() {
        let of = |address: &str| coarse(Subscriber::of(address.parse().expect("an address")));
        assert_eq!(of("192.0.2.77"), "192.0.2.x");
        assert_eq!(of("::ffff:192.0.2.77"), "192.0.2.x");
        assert_eq!(of("2001:db8:a:b:c:d:e:f"), "2001:db8:a:x");
        assert_eq!(coarse(Subscriber::UNKNOWN), "");
    }
}
