//! Network addresses in a form that does not name one subscriber.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address without its end: three of four parts of an IPv4 address, and of an IPv6 address the
/// 48 bits that a provider gives to a site. Enough for people to know their own networks again.
pub(super) fn coarse(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => coarse_v4(ip),
        Ok(IpAddr::V6(ip)) => coarse_v6(ip),
        Err(_) => String::new(),
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
        assert_eq!(coarse("192.0.2.77"), "192.0.2.x");
        assert_eq!(coarse("::ffff:192.0.2.77"), "192.0.2.x");
        assert_eq!(coarse("2001:db8:a:b:c:d:e:f"), "2001:db8:a:x");
        assert_eq!(coarse("unknown"), "");
    }
}
