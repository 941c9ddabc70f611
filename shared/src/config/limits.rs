use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

use super::{ConfigError, parsed, positive_millis, text, wrong};

/// How often somebody may call. Each limit is a number of calls within the window; 0 switches it off.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// `PROXIE_LIMIT_CHAT`: messages of one user or guest (10).
    pub chat: u32,
    /// `PROXIE_LIMIT_WRITE`: other writes of one user or guest (60).
    pub write: u32,
    /// `PROXIE_LIMIT_READ`: reads of one user or guest (300).
    pub read: u32,
    /// `PROXIE_LIMIT_GUEST_ADDRESS`: calls of all guests of one address together (60).
    pub guest_address: u32,
    /// `PROXIE_LIMIT_NEW_GUESTS`: new guests from one address (20).
    pub new_guests: u32,
    /// `PROXIE_LIMIT_SIGN_IN`: tries to sign in to one account from one address (5).
    pub sign_in: u32,
    /// `PROXIE_LIMIT_SIGN_IN_ADDRESS`: tries to sign in from one address, whatever the account (20).
    pub sign_in_address: u32,
    /// `PROXIE_LIMIT_WINDOW_MS`: the window of all of them (60,000).
    pub window: Duration,
    /// `PROXIE_TRUSTED_PROXIES`: addresses or networks (`10.0.0.0/8`), separated by commas, whose `X-Forwarded-For` is
    /// believed (none).
    pub trusted_proxies: Vec<IpNet>,
}

impl LimitsConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let proxies = text("PROXIE_TRUSTED_PROXIES")?.unwrap_or_default();
        Ok(Self {
            chat: parsed("PROXIE_LIMIT_CHAT", 10)?,
            write: parsed("PROXIE_LIMIT_WRITE", 60)?,
            read: parsed("PROXIE_LIMIT_READ", 300)?,
            guest_address: parsed("PROXIE_LIMIT_GUEST_ADDRESS", 60)?,
            new_guests: parsed("PROXIE_LIMIT_NEW_GUESTS", 20)?,
            sign_in: parsed("PROXIE_LIMIT_SIGN_IN", 5)?,
            sign_in_address: parsed("PROXIE_LIMIT_SIGN_IN_ADDRESS", 20)?,
            window: positive_millis("PROXIE_LIMIT_WINDOW_MS", 60_000)?,
            trusted_proxies: networks(&proxies).map_err(|why| wrong("PROXIE_TRUSTED_PROXIES", why))?,
        })
    }
}

/// Networks and single addresses, separated by commas.
fn networks(list: &str) -> Result<Vec<IpNet>, String> {
    let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(|entry| network(entry).ok_or_else(|| format!("{entry} is no address or network"))).collect()
}

fn network(entry: &str) -> Option<IpNet> {
    entry.parse().ok().or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    #[test]
    fn proxies_are_networks_or_addresses() {
        let read = networks(" 10.0.0.0/8, 192.0.2.7 ,fd00::/8,::1,").unwrap();
        let read: Vec<String> = read.iter().map(ToString::to_string).collect();
        assert_eq!(read, ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8", "::1/128"]);
        assert!(networks("").unwrap().is_empty());
        assert_eq!(networks("10.0.0.0/8,proxy").unwrap_err(), "proxy is no address or network");
    }
}
