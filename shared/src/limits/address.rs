//! Whose address a call counts against.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// How many proxies in a row are walked past, so that a list without end costs nothing.
const HOPS: usize = 16;

/// Where a call comes from whose trusted proxy does not say: nowhere. It is no internal address, and all such calls
/// count as one caller's.
pub const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The address that a call comes from: `peer`, unless that is a trusted proxy; then the last that the values of
/// `X-Forwarded-For`, in their order, name before the trusted proxies at their end.
///
/// Each proxy appends whom it was called by, so what a client writes itself stands to the left of its own address
/// and is never reached. A trusted proxy that names nobody, or what is no address, leaves the caller [`UNKNOWN`]: its own
/// address is not the caller's.
#[must_use]
pub fn client_address<'a>(
    peer: IpAddr,
    forwarded_for: impl Iterator<Item = &'a [u8]>,
    trusted: &[IpNet],
) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let peer = peer.to_canonical();
    if !is_trusted(&peer) {
        return peer;
    }
    let values: Vec<&[u8]> = forwarded_for.collect();
    let mut client = UNKNOWN;
    for entry in values.iter().rev().flat_map(|value| value.rsplit(|byte| *byte == b',')).take(HOPS) {
        let Some(before) = address(entry) else { return UNKNOWN };
        client = before;
        if !is_trusted(&client) {
            break;
        }
    }
    client
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let entry = std::str::from_utf8(entry).ok()?.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse().or_else(|_| entry.parse::<SocketAddr>().map(|with_port| with_port.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// What counts as one address: of IPv6 the /64, since whoever has one address of it has them all.
#[must_use]
pub fn one_address(address: IpAddr) -> IpAddr {
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
        client_address(peer.parse().unwrap(), values.iter().map(|value| value.as_bytes()), &trusted)
            .to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(seen(PROXY, &["198.51.100.1"]), "198.51.100.1");
        let alone = client_address(PROXY.parse().unwrap(), [b"1.2.3.4".as_slice()].into_iter(), &[]);
        assert_eq!(alone.to_string(), PROXY);
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
    fn whom_a_trusted_proxy_does_not_name_is_nowhere() {
        let unknown = UNKNOWN.to_string();
        assert_eq!(seen(PROXY, &[]), unknown);
        let long = "9".repeat(100_000);
        for entry in [
            "",
            ",",
            "unknown",
            "_hidden",
            "1.2.3",
            "1.2.3.4:99999",
            "[::1",
            "1.2.3.4 5.6.7.8",
            "fe80::1%eth0",
            "é",
            &long,
        ] {
            assert_eq!(seen(PROXY, &["1.1.1.1", entry]), unknown, "{entry}");
            assert_eq!(seen(PROXY, &["1.1.1.1", &format!("{entry},10.0.0.2")]), unknown, "{entry}");
        }
    }

    #[test]
    fn bytes_that_a_client_claims_hide_nobody() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let seen = |value: &[u8]| client_address(PROXY.parse().unwrap(), [value].into_iter(), &trusted);
        assert_eq!(seen(b"\xff, 198.51.100.1").to_string(), "198.51.100.1");
        assert_eq!(seen(b"198.51.100.1, \xff"), UNKNOWN);
    }

    #[test]
    fn a_list_without_end_is_not_walked() {
        let list = format!("1.1.1.1{}", ",10.0.0.2".repeat(100_000));
        assert_eq!(seen(PROXY, &[&list]), "10.0.0.2");
        let commas = ",".repeat(100_000);
        assert_eq!(seen(PROXY, &[&commas]), UNKNOWN.to_string());
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
