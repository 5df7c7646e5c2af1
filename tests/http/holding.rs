//! Holding an author until a date: by device, by e-mail, by network, and what each is told of it.

use rejoinder::time::{DAY, HOUR};

use crate::desk::{Sent, date, day, list, listed, post, reply_from, sign_in, toast};
use crate::moderating::acts;
use crate::recognising::PROXIED;
use crate::support::{Client, Engine, Server, on_each_engine};

const ONE: &str = "/moderation/authors/1";
const HOME: &str = "198.51.100.1";
const AWAY: &str = "203.0.113.9";
const NONE: (&str, &str) = ("replies.hold", "none");

/// A server that holds nobody, where Ama has written from home, with her e-mail, and is remembered on her device.
fn site(engine: Engine) -> (Server, Client, Client) {
    let server = Server::with(engine, &[PROXIED, NONE]);
    server.article("ferry");
    let (ama, dana) = (server.visitor(), server.moderator("Dana"));
    let fields = [
        ("name", "Ama"),
        ("email", "ama@a.example"),
        ("body", "First."),
        ("remember", "1"),
    ];
    reply_from(&server, &ama, HOME, &fields);
    (server, ama, dana)
}

fn hold(server: &Server, moderator: &Client, path: &str, days: i64) -> crate::support::Page {
    let until = date(server, days);
    let fields = [
        ("do", "hold"),
        ("until", &*until),
        ("reason", "Baits <others>."),
    ];
    post(moderator, path, &fields)
}

/// A reply of Ama's device, from elsewhere and without e-mail.
fn by_device(server: &Server, ama: &Client, body: &str) -> Sent {
    reply_from(server, ama, AWAY, &[("name", "Ama"), ("body", body)])
}

fn waits(moderator: &Client, sent: &Sent) -> bool {
    listed(moderator, "").contains(&sent.id)
}

#[test]
fn a_held_author_is_known_by_device_by_email_or_by_network_and_the_queue_says_by_which() {
    on_each_engine(|engine| {
        let (server, ama, dana) = site(engine);
        let until = day(&server, server.now().plus(3 * DAY));
        let answer = hold(&server, &dana, ONE, 3);
        assert_eq!(
            toast(&dana, &answer),
            format!("Replies of this author wait until {until}.")
        );
        let page = dana.get(ONE);
        let today = day(&server, server.now());
        assert!(
            page.text()
                .contains(&format!("On hold by Dana since {today}, until {until}."))
        );
        assert_eq!(page.only(".stack > .quote"), "Baits <others>.");
        assert_eq!(page.only("h1 + .badge"), "Read before publishing");
        let told =
            format!("A moderator reads your replies before they are published, until {until}.");
        assert!(page.text().contains(&format!("“{told}”")));

        let stranger = server.visitor();
        let device = by_device(&server, &ama, "By her device.");
        let email = [
            ("name", "Bo"),
            ("email", "AMA@a.example"),
            ("body", "By e-mail."),
        ];
        let email = reply_from(&server, &stranger, AWAY, &email);
        let network = [("name", "Cy"), ("body", "By network.")];
        let network = reply_from(&server, &stranger, HOME, &network);
        let nobody = [
            ("name", "Ama"),
            ("email", "di@a.example"),
            ("body", "By nobody."),
        ];
        let nobody = reply_from(&server, &stranger, AWAY, &nobody);
        assert_eq!(listed(&dana, ""), [device.id, email.id, network.id]);
        assert_eq!(
            listed(&dana, "why=author-hold"),
            [device.id, email.id, network.id]
        );
        let page = list(&dana, "");
        for (sent, by) in [
            (&device, "recognised"),
            (&email, "same e-mail"),
            (&network, "same network"),
        ] {
            assert_eq!(
                page.texts(&format!("#c-{} .evid li", sent.id)),
                [format!(
                    "Dana holds this author until {until} ({by}): Baits <others>."
                )]
            );
        }
        assert_eq!(
            ama.get(&nobody.receipt).only("h1"),
            "Your reply is published"
        );

        // Who is recognised is told, without the reason; the others are told nothing.
        let receipt = ama.get(&device.receipt).text();
        assert!(receipt.contains(&told), "{receipt}");
        for sent in [&device, &email, &network] {
            let receipt = stranger.get(&sent.receipt);
            assert!(receipt.text().contains("Your reply is awaiting moderation"));
            for secret in [
                "Baits",
                "Dana",
                "(recognised)",
                "same e-mail",
                "same network",
                "on hold",
            ] {
                assert!(!receipt.body.contains(secret), "{secret}");
            }
        }
        for sent in [&email, &network] {
            let receipt = stranger.get(&sent.receipt).text();
            assert!(
                !receipt.contains(&until) && !receipt.contains("reads your replies"),
                "{receipt}"
            );
        }
    });
}

#[test]
fn a_hold_ends_at_its_date_and_when_it_is_ended() {
    on_each_engine(|engine| {
        let (server, ama, dana) = site(engine);
        hold(&server, &dana, ONE, 2);
        let held = by_device(&server, &ama, "Held.");
        assert!(waits(&dana, &held));
        let answer = post(&dana, ONE, &[("do", "free")]);
        assert_eq!(
            toast(&dana, &answer),
            "Replies of this author do not wait any more."
        );
        let page = dana.get(ONE);
        assert_eq!(
            (page.count("h1 + .badge"), page.count("[value=free]")),
            (0, 0)
        );
        assert!(!waits(&dana, &by_device(&server, &ama, "Free.")));
        assert!(waits(&dana, &held), "what waited waits on");

        hold(&server, &dana, ONE, 2);
        server.clock.advance(DAY);
        assert!(waits(
            &sign_in(&server, "Dana"),
            &by_device(&server, &ama, "A day later.")
        ));
        server.clock.advance(2 * DAY);
        let dana = sign_in(&server, "Dana");
        assert!(!waits(
            &dana,
            &by_device(&server, &ama, "Three days later.")
        ));
        assert!(!dana.get(ONE).text().contains("On hold by"));
        // A receipt speaks of it until then, and no longer.
        assert!(!ama.get(&held.receipt).text().contains("reads your replies"));
        let done = acts(&server);
        let held: Vec<_> = done
            .iter()
            .filter(|act| act.starts_with("author-"))
            .collect();
        assert_eq!(held, ["author-held", "author-released", "author-held"]);
    });
}

#[test]
fn who_is_held_is_not_trusted_and_who_is_trusted_is_not_held() {
    on_each_engine(|engine| {
        let (server, ama, dana) = site(engine);
        post(&dana, ONE, &[("do", "trust")]);
        hold(&server, &dana, ONE, 2);
        let page = dana.get(ONE);
        assert!(!page.text().contains("Trusted by"), "{}", page.text());
        assert_eq!(page.only("h1 + .badge"), "Read before publishing");
        let held = by_device(&server, &ama, "Held.");
        assert!(waits(&dana, &held));
        post(&dana, ONE, &[("do", "trust")]);
        let page = dana.get(ONE);
        assert!(!page.text().contains("On hold by"), "{}", page.text());
        let home = [("name", "Bo"), ("body", "From her network.")];
        let neighbour = reply_from(&server, &server.visitor(), HOME, &home);
        assert!(!waits(&dana, &neighbour) && !waits(&dana, &by_device(&server, &ama, "Free.")));
    });
}

#[test]
fn a_hold_needs_a_day_to_come_and_a_reason_and_keeps_what_was_typed() {
    on_each_engine(|engine| {
        let (server, ama, dana) = site(engine);
        let bo = reply_from(
            &server,
            &server.visitor(),
            AWAY,
            &[("name", "Bo"), ("body", "Unknown.")],
        );
        let of_comment = format!("/moderation/comments/{}/author", bo.id);
        let (good, far, past) = (date(&server, 3), date(&server, 2_000), date(&server, -1));
        let today = date(&server, 0);
        let (long, most) = ("r".repeat(201), "r".repeat(200));
        let until_wrong = "Enter a day after today, within five years";
        let reason_wrong = "Enter a reason of at most 200 characters";
        for path in [ONE, &of_comment] {
            for (until, reason, expected) in [
                ("", "Why not.", vec![until_wrong]),
                ("tomorrow", "Why not.", vec![until_wrong]),
                ("2026-02-30", "Why not.", vec![until_wrong]),
                ("9999-12-31", "Why not.", vec![until_wrong]),
                (far.as_str(), "Why not.", vec![until_wrong]),
                (past.as_str(), "Why not.", vec![until_wrong]),
                (today.as_str(), "Why not.", vec![until_wrong]),
                ("<b>", "<i>why</i>", vec![until_wrong]),
                (good.as_str(), "", vec![reason_wrong]),
                (good.as_str(), " \u{200b} ", vec![reason_wrong]),
                (good.as_str(), long.as_str(), vec![reason_wrong]),
                (good.as_str(), "a\u{1}b", vec![reason_wrong]),
                ("", "", vec![until_wrong, reason_wrong]),
            ] {
                let page = post(
                    &dana,
                    path,
                    &[("do", "hold"), ("until", until), ("reason", reason)],
                );
                assert_eq!(page.status, 422, "{until:?} {reason:?}");
                assert_eq!(
                    page.texts("[role=alert] li"),
                    expected,
                    "{until:?} {reason:?}"
                );
                assert_eq!(page.value("#until"), until);
                let kept: String = page.value("#reason");
                assert_eq!(
                    kept.trim(),
                    reason.trim().trim_matches('\u{200b}').trim(),
                    "{reason:?}"
                );
                assert_eq!(page.count("[aria-invalid]"), expected.len());
                assert_eq!(page.count("main i, main b"), 0);
            }
        }
        assert!(!waits(&dana, &by_device(&server, &ama, "Free.")));
        assert_eq!(acts(&server), ["signed-in"]);
        let fields = [("do", "hold"), ("until", &*good), ("reason", &*most)];
        assert_eq!(post(&dana, ONE, &fields).status, 303);
    });
}

#[test]
fn whoever_wrote_one_comment_is_held_by_its_email_and_network() {
    on_each_engine(|engine| {
        let (server, ama, dana) = site(engine);
        let stranger = server.visitor();
        let fields = [("name", "Bo"), ("email", "bo@b.example"), ("body", "Bait.")];
        let bo = reply_from(&server, &stranger, AWAY, &fields);
        let path = format!("/moderation/comments/{}/author", bo.id);
        let answer = hold(&server, &dana, &path, 1);
        let until = day(&server, server.now().plus(DAY));
        assert_eq!(
            toast(&dana, &answer),
            format!("Replies of this author wait until {until}.")
        );
        assert!(dana.get(&path).text().contains("On hold by Dana"));
        let again = [
            ("name", "Bo"),
            ("email", "bo@b.example"),
            ("body", "Again."),
        ];
        let again = reply_from(&server, &stranger, "203.0.113.77", &again);
        // Somebody recognised who comes from there is held as well, and told nothing.
        let ama = by_device(&server, &ama, "From the same place.");
        assert_eq!(listed(&dana, ""), [again.id, ama.id]);
        assert!(
            !stranger
                .get(&ama.receipt)
                .text()
                .contains("reads your replies")
        );
        let elsewhere = [("name", "Bo"), ("body", "Another Bo.")];
        let elsewhere = reply_from(&server, &stranger, "192.0.2.1", &elsewhere);
        assert!(!waits(&dana, &elsewhere));
        post(&dana, &path, &[("do", "free")]);
        server.clock.advance(HOUR);
        let free = [
            ("name", "Bo"),
            ("email", "bo@b.example"),
            ("body", "Free again."),
        ];
        assert!(!waits(&dana, &reply_from(&server, &stranger, AWAY, &free)));
        // Ending what is over does nothing.
        assert_eq!(post(&dana, &path, &[("do", "free")]).status, 303);
        let ended = acts(&server)
            .iter()
            .filter(|act| *act == "author-released")
            .count();
        assert_eq!(ended, 1);
    });
}
