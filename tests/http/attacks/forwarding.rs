//! Addresses that clients claim to have.

use super::spawned::{exchange, statuses};
use crate::desk::list;
use crate::support::{Server, on_each_engine};

/// Headers in which some server or other looks for a client's address.
const NAMES: [&str; 8] = [
    "x-forwarded-for",
    "x-real-ip",
    "forwarded",
    "cf-connecting-ip",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "fastly-client-ip",
];

/// All of them, with an address of its own each time.
fn claim(number: usize) -> Vec<(&'static str, String)> {
    let value = |name: &str| match name {
        "forwarded" => format!("for=203.0.113.{number}"),
        _ => format!("203.0.113.{number}"),
    };
    NAMES.map(|name| (name, value(name))).to_vec()
}

#[test]
fn whoever_claims_another_address_each_time_is_counted_as_one() {
    on_each_engine(|engine| {
        // A proxy is trusted, but it is not the one who speaks.
        for proxies in [None, Some("198.51.100.0/24")] {
            let mut settings = vec![("replies.per_minute", "2")];
            settings.extend(proxies.map(|proxies| ("trusted_proxies", proxies)));
            let server = Server::with(engine, &settings);
            server.article("ferry");
            server.account("Dana", rejoinder::moderation::Role::Moderator);
            let reader = server.visitor();
            let send = |number: usize, path: &str, body: String| {
                let claimed = claim(number);
                let mut headers: Vec<_> = claimed
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                headers.push(("origin", reader.base()));
                reader.post_raw(path, body.as_bytes(), &headers).status
            };
            let replies: Vec<u16> = (1..=4)
                .map(|n| {
                    send(
                        n,
                        "/articles/ferry/replies",
                        format!("name=Ama&body=Words+{n}&do=send"),
                    )
                })
                .collect();
            assert_eq!(replies, [303, 303, 429, 429]);
            let tries: Vec<u16> = (1..=7)
                .map(|n| send(n, "/login", format!("name=N{n}&password=wrong")))
                .collect();
            assert_eq!(tries, [422, 422, 422, 422, 422, 429, 429]);
            server.clock.advance(61_000);
            let desk = server.moderator("Dana2");
            let page = list(&desk, "tab=all");
            assert!(!page.body.contains("203.0.113"), "{}", page.text());
        }
    });
}

#[test]
fn whoever_sends_junk_through_a_trusted_proxy_is_who_the_proxy_says() {
    on_each_engine(|engine| {
        let settings = [
            ("replies.per_minute", "2"),
            ("trusted_proxies", "127.0.0.0/8"),
        ];
        let server = Server::with(engine, &settings);
        server.article("ferry");
        // As nginx writes it: what the client sent, then its address.
        let send = |n: usize, junk: &[u8], address: &str| {
            let body = format!("name=Ama&body=Words+{n}&do=send");
            let host = server.address;
            let head = format!(
                "POST /articles/ferry/replies HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\nconnection: close\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nx-forwarded-for: ",
                body.len()
            );
            let rest = format!("{address}\r\n\r\n{body}");
            let bytes = [head.as_bytes(), junk, rest.as_bytes()].concat();
            statuses(&exchange(server.address, &bytes))
        };
        assert_eq!(send(1, b"", "198.51.100.7"), [303]);
        assert_eq!(send(2, b"", "198.51.100.7"), [303]);
        for (n, junk) in [
            &b""[..],
            b"\xff, ",
            b"\xc3\xa9, ",
            b"\x80,\xfe,",
            b"203.0.113.9\xff,",
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(send(10 + n, junk, "198.51.100.7"), [429], "{junk:?}");
        }
        assert_eq!(send(20, b"\xff, ", "198.51.100.8"), [303]);
    });
}
