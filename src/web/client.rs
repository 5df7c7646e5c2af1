//! Who is on the other end: the client's network, seen through proxies that are trusted.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::HttpRequest;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::Url;

use crate::app::App;
use crate::config::{Config, Listen};
use crate::store::networks::{Hashes, Key, Network};

/// A client's network: 16 bytes of HMAC-SHA256 over its IPv4 address or IPv6 /64, and what moderators see of it.
pub fn network(app: &App, request: &HttpRequest) -> Network {
    let address = address(&app.config, request);
    Network {
        hashes: keyed(app, "network", &prefix(address)),
        shortened: shortened(address),
    }
}

/// The scheme and host of absolute addresses, without a slash at the end: those of `public_url`, else of the host that was
/// asked. `None` when that is no host.
pub fn base<'a>(app: &'a App, request: &HttpRequest) -> Option<Cow<'a, str>> {
    if app.site.base.is_empty() {
        return asked_base(request).map(Cow::Owned);
    }
    Some(Cow::Borrowed(app.site.base.as_str()))
}

/// The same of the host that was asked, whatever `public_url` says.
pub fn asked_base(request: &HttpRequest) -> Option<String> {
    let host = request.headers().get("host")?.to_str().ok()?;
    let url = Url::parse(&format!("http://{host}")).ok()?;
    Some(url.origin().ascii_serialization())
}

/// The keyed hashes of an account name.
pub fn account(app: &App, name_key: &str) -> Hashes {
    keyed(app, "account", name_key)
}

/// The same for the codes of an account: who does not know its password cannot make them fail.
pub fn codes(app: &App, name_key: &str) -> Hashes {
    keyed(app, "codes", name_key)
}

fn keyed(app: &App, purpose: &str, text: &str) -> Hashes {
    let keys = app.network_keys.get();
    let (key, other) = keys.at(app.config.clock.now());
    Hashes {
        now: hash(key, purpose, text),
        other: other.map(|key| hash(key, purpose, text)),
    }
}

fn hash(key: &Key, purpose: &str, text: &str) -> Vec<u8> {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key.bytes) else {
        return Vec::new();
    };
    mac.update(purpose.as_bytes());
    mac.update(b":");
    mac.update(text.as_bytes());
    mac.finalize()
        .into_bytes()
        .iter()
        .take(16)
        .copied()
        .collect()
}

/// The peer's address, or what trusted proxies say, read from the right: the first that is no trusted proxy itself.
pub fn address(config: &Config, request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map(|peer| canonical(peer.ip()));
    let behind_socket = matches!(config.listen, Listen::Unix(_));
    let trusted = peer.map_or(behind_socket, |peer| config.trusts(peer));
    let nearest = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if !trusted {
        return nearest;
    }
    // Bytes: a client may have written anything to the left of what the proxies add.
    let mut hops: Vec<&[u8]> = request
        .headers()
        .get_all("x-forwarded-for")
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .collect();
    let mut seen = nearest;
    while let Some(hop) = hops.pop() {
        let Some(hop) = parse(hop) else { break };
        seen = hop;
        if !config.trusts(hop) {
            break;
        }
    }
    seen
}

/// An address as proxies write it, with or without a port.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?.trim();
    hop.parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|a| a.ip()))
        .or_else(|| hop.trim_matches(['[', ']']).parse().ok())
        .map(canonical)
}

/// An IPv4 address in IPv6 clothes is an IPv4 address.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// One household's share of the address space: an IPv4 address, an IPv6 /64.
fn prefix(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The same as an address: the first of that share.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// As much of an address as moderators see: what a provider gives to hundreds.
fn shortened(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;

    use super::*;
    use crate::config::Flags;

    fn seen(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let forwarded: Vec<&[u8]> = forwarded.iter().map(|value| value.as_bytes()).collect();
        seen_of_bytes(proxies, peer, &forwarded)
    }

    fn seen_of_bytes(proxies: &str, peer: &str, forwarded: &[&[u8]]) -> String {
        let config = Config::load(&Flags {
            values: vec![("trusted_proxies", proxies.to_owned())],
            ..Flags::default()
        })
        .unwrap();
        let mut request = TestRequest::default().peer_addr(peer.parse().unwrap());
        for value in forwarded {
            let value = HeaderValue::from_bytes(value).unwrap();
            request = request.append_header(("x-forwarded-for", value));
        }
        prefix(address(&config, &request.to_http_request()))
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(seen("", "203.0.113.9:1", &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(
            seen("10.0.0.0/8", "203.0.113.9:1", &["1.2.3.4"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_trusted_proxy_is_read_from_the_right() {
        let proxies = "10.0.0.0/8";
        assert_eq!(
            seen(proxies, "10.0.0.1:1", &["6.6.6.6, 198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(
            seen(
                proxies,
                "10.0.0.1:1",
                &["6.6.6.6", "198.51.100.7, 10.2.2.2"]
            ),
            "198.51.100.7"
        );
        assert_eq!(seen(proxies, "10.0.0.1:1", &["nonsense"]), "10.0.0.1");
        assert_eq!(seen(proxies, "10.0.0.1:1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_a_client_wrote_that_is_no_text_hides_nothing_of_what_its_proxy_added() {
        let seen = |forwarded: &[&[u8]]| seen_of_bytes("10.0.0.0/8", "10.0.0.1:1", forwarded);
        for junk in [&b"\xff"[..], b"\xc3\xa9", b"6.6.6.6\x80", b"\x80, 6.6.6.6"] {
            let line = [junk, b", 198.51.100.7"].concat();
            assert_eq!(seen(&[&line]), "198.51.100.7");
            assert_eq!(seen(&[junk, b"198.51.100.7"]), "198.51.100.7");
            let line = [junk, b" , 198.51.100.7,10.2.2.2"].concat();
            assert_eq!(seen(&[&line]), "198.51.100.7");
        }
        // As any other nonsense: what a trusted proxy wrote last is the proxy's.
        assert_eq!(seen(&[b"198.51.100.7, \xff"]), "10.0.0.1");
        assert_eq!(seen(&[b"198.51.100.7, \xff, 10.2.2.2"]), "10.2.2.2");
    }

    #[test]
    fn moderators_see_no_more_than_a_24_or_a_48() {
        let seen = |address: &str| shortened(address.parse().unwrap());
        assert_eq!(seen("203.0.113.9"), "203.0.113.0/24");
        assert_eq!(seen("2001:db8:1:2:3::4"), "2001:db8:1::/48");
        assert_eq!(seen("2001:db8::4"), "2001:db8::/48");
    }

    #[test]
    fn an_ipv6_household_is_its_64() {
        assert_eq!(seen("", "[2001:db8:1:2:3::4]:1", &[]), "2001:db8:1:2::/64");
        assert_eq!(seen("", "[::ffff:192.0.2.1]:1", &[]), "192.0.2.1");
    }
}
