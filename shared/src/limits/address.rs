//! Whose address a call counts against.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// How many proxies in a row are walked past, so that a list without end costs nothing.
const HOPS: usize = 16;

/// The address that a call comes from: `peer`, unless that is a trusted proxy; then the last that the values of
/// `X-Forwarded-For`, in their order, name before the trusted proxies at their end.
///
/// Each proxy appends whom it was called by, so what a client writes itself stands to the left of its own address
/// and is never reached. At an entry that is no address the walk ends: nothing before it can be believed.
#[must_use]
pub fn client_address<'a>(
    peer: IpAddr,
    forwarded_for: impl Iterator<Item = &'a str>,
    trusted: &[IpNet],
) -> IpAddr {
    let values: Vec<&str> = forwarded_for.collect();
    let mut client = peer.to_canonical();
    for entry in values.iter().rev().flat_map(|value| value.rsplit(',')).take(HOPS) {
        if !trusted.iter().any(|network| network.contains(&client)) {
            break;
        }
        let Some(before) = address(entry.trim()) else { break };
        client = before;
    }
    client
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse().or_else(|_| entry.parse::<SocketAddr>().map(|with_port| with_port.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// What counts as one address: of IPv6 the /64, since whoever has one address of it has them all.
pub(super) fn one_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    const PROXY: &str = "10.0.0.1";

    /// The client's address, as seen with the proxies of `10.0.0.0/8` and `fd00::/8` trusted.
    fn seen(peer: &str, values: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        client_address(peer.parse().unwrap(), values.iter().copied(), &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(seen(PROXY, &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client_address(PROXY.parse().unwrap(), ["1.2.3.4"].into_iter(), &[]).to_string(), PROXY);
        assert_eq!(seen(PROXY, &[]), PROXY);
    }

    #[test]
    fn what_a_client_claims_is_not_reached() {
        assert_eq!(seen(PROXY, &["1.1.1.1, 2.2.2.2, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen(PROXY, &["1.1.1.1, 10.9.9.9, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        // A header sent twice is one list.
        assert_eq!(seen(PROXY, &["1.1.1.1", "198.51.100.1", "10.0.0.2"]), "198.51.100.1");
        assert_eq!(seen(PROXY, &["1.1.1.1,garbage,198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn a_call_from_within_is_its_own_client() {
        assert_eq!(seen(PROXY, &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        for (entry, address) in [
            ("1.2.3.4:567", "1.2.3.4"),
            ("[::1]:80", "::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("  1.2.3.4\t", "1.2.3.4"),
        ] {
            assert_eq!(seen(PROXY, &[entry]), address, "{entry}");
        }
        assert_eq!(seen("::ffff:10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("fd00::1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        let long = "9".repeat(100_000);
        for entry in
            ["", ",", "unknown", "_hidden", "1.2.3", "1.2.3.4:99999", "[::1", "1.2.3.4 5.6.7.8", &long]
        {
            assert_eq!(seen(PROXY, &["1.1.1.1", entry]), PROXY, "{entry}");
        }
    }

    #[test]
    fn a_list_without_end_is_not_walked() {
        let list = format!("1.1.1.1{}", ",10.0.0.2".repeat(100_000));
        assert_eq!(seen(PROXY, &[&list]), "10.0.0.2");
        let commas = ",".repeat(100_000);
        assert_eq!(seen(PROXY, &[&commas]), PROXY);
    }

    #[test]
    fn an_address_counts_as_its_network() {
        for (address, counted) in [
            ("1.2.3.4", "1.2.3.4"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ] {
            assert_eq!(one_address(address.parse().unwrap()).to_string(), counted);
        }
    }
}
