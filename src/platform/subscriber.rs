//! Who is behind a network address, as far as counting goes.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What one subscriber to the net has: an IPv4 address, or the 64 bits of an IPv6 address that
/// name a network. Whoever has those has 2⁶⁴ addresses, so a single one of them counts nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subscriber(IpAddr);

impl Subscriber {
    /// Everybody whose address is not known.
    pub const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// Who has an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(IpAddr::V6(Ipv6Addr::from_bits(
                address.to_bits() & (u128::MAX << 64),
            ))),
            address @ IpAddr::V4(_) => Self(address),
        }
    }

    /// The address, or the beginning of the network.
    #[must_use]
    pub const fn network(self) -> IpAddr {
        self.0
    }
}

impl fmt::Display for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => write!(f, "{address}"),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(address: &str) -> String {
        Subscriber::of(address.parse().expect("an address")).to_string()
    }

    #[test]
    fn a_subscriber_has_a_whole_network_of_the_new_kind() {
        assert_eq!(shown("192.0.2.1"), "192.0.2.1");
        assert_eq!(shown("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(shown("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(shown("2001:db8:1:2::"), "2001:db8:1:2::/64");
        assert_ne!(shown("2001:db8:1:3::"), shown("2001:db8:1:2::"));
    }
}
