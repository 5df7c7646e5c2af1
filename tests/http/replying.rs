//! "Leave a Reply": what becomes of a reply that can be taken.

use rejoinder::moderation::Role;
use rejoinder::time::{MINUTE, SECOND};

use crate::support::{Client, Engine, Page, Server, on_each_engine};

const TARGET: &str = "/articles/ferry/replies";
/// Clients are told apart by what the proxy says.
const PROXIED: (&str, &str) = ("trusted_proxies", "127.0.0.1/32");

fn ferry(engine: Engine, settings: &[(&'static str, &str)]) -> Server {
    let server = Server::with(engine, settings);
    server.article("ferry");
    server
}

/// Sends the same few fields from a network.
fn from(reader: &Client, address: &str, name: &str, body: &str) -> Page {
    let fields = [("name", name), ("body", body), ("do", "send")];
    reader.post_from(address, TARGET, &fields)
}

#[test]
fn a_preview_shows_the_comment_and_sends_nothing() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[]);
        let reader = server.visitor();
        let fields = [
            ("name", "Ama"),
            ("email", "ama@a.example"),
            ("website", "a.example"),
            ("body", "First *line*\nsecond <b>line</b>"),
            ("do", "preview"),
        ];
        let page = reader.post(TARGET, &fields);
        assert_eq!(page.status, 200);
        assert_eq!(page.only("#preview h3"), "Preview, not sent yet");
        assert_eq!(page.only("#preview .c-body em"), "line");
        assert_eq!(page.count("#preview .c-body br"), 1);
        assert!(page.only("#preview .c-body").contains("<b>line</b>"));
        assert_eq!(page.value("#name"), "Ama");
        assert_eq!(page.value("#email"), "ama@a.example");
        assert_eq!(
            page.value("textarea#body"),
            "First *line*\nsecond <b>line</b>"
        );
        assert!(!page.only("title").starts_with("Error"));
        assert_eq!(server.stored_comments(), 0);
    });
}

#[test]
fn replying_to_a_comment_is_the_same_form_with_the_comment_quoted_above_it() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[("replies.hold", "none")]);
        let reader = server.visitor();
        let parent = server.comment_at(&reader.reply("ferry", "Ama", "The **boat** was late."));
        let page = reader.get("/articles/ferry");
        let link = page.attribute(&format!("#c-{parent} > p a[href*=reply_to]"), "href");
        let query = link.split('#').next().unwrap();
        let page = reader.get(&format!("/articles/ferry{query}"));
        assert_eq!(page.only("#replying b"), "Ama");
        assert_eq!(page.only("#replying blockquote"), "The boat was late.");
        assert_eq!(
            page.value("#reply-form input[name=parent]"),
            parent.to_string()
        );
        assert_eq!(page.attributes("#replying[hidden]", "id").len(), 0);

        let answer = reader.answer("ferry", parent, "Bo", "Again.");
        let receipt = reader.get(&answer);
        assert_eq!(receipt.only("main blockquote"), "The boat was late.");
        assert!(receipt.only("main .quote > p").contains("Ama"));
        let page = reader.get("/articles/ferry");
        assert_eq!(page.texts(".thread .thread .c-body"), ["Again."]);
        let bare = page.attributes("#replying", "hidden");
        assert_eq!(bare.len(), 1);
    });
}

#[test]
fn without_holding_a_reply_stands_there_at_once_and_is_counted() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[("replies.hold", "none")]);
        let reader = server.visitor();
        let sent = reader.post(
            TARGET,
            &[
                ("name", " Ama\u{200b}  Serwaa "),
                ("email", "ama@secret.example"),
                ("website", "ama.example"),
                ("body", "Line one\r\nline two\r\n\r\n- a\r\n- b\r\n"),
                ("do", "send"),
            ],
        );
        let receipt = reader.get(&sent.location());
        assert_eq!(receipt.only("h1"), "Your reply is published");
        let page = reader.get("/articles/ferry");
        assert!(page.only(".counts").starts_with("1 comment ·"));
        assert_eq!(page.only(".comment [itemprop=author]"), "Ama Serwaa");
        assert_eq!(
            page.attribute(".comment [itemprop=author] a", "href"),
            "https://ama.example"
        );
        assert_eq!(
            page.attribute(".comment [itemprop=author] a", "rel"),
            "nofollow ugc noopener"
        );
        assert_eq!(page.count(".comment .c-body br"), 1);
        assert_eq!(page.texts(".comment .c-body li"), ["a", "b"]);
        assert!(reader.get("/").text().contains("1 comment"));
        // Nobody but the site's own people ever learns the address.
        let staff = server.moderator("Dana").get("/moderation?tab=published");
        for shown in [&page, &receipt, &staff] {
            assert!(!shown.body.contains("secret.example"));
        }
    });
}

#[test]
fn the_same_reply_again_is_one_comment_with_one_receipt_while_it_waits() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[]);
        let reader = server.visitor();
        let first = reader.reply("ferry", "Ama", "Twice.");
        assert_eq!(reader.reply("ferry", "Ama", "Twice."), first);
        server.clock.advance(9 * MINUTE);
        assert_eq!(server.visitor().reply("ferry", "Ama", "Twice."), first);
        assert_eq!(server.stored_comments(), 1);
        // Any difference makes another reply.
        assert_ne!(reader.reply("ferry", "Bo", "Twice."), first);
        assert_ne!(reader.reply("ferry", "Ama", "Twice!"), first);
        assert_eq!(server.stored_comments(), 3);
        // And so do ten minutes, or a decision.
        server.clock.advance(2 * MINUTE);
        let second = reader.reply("ferry", "Ama", "Twice.");
        assert_ne!(second, first);
        server
            .moderator("Dana")
            .decide("waiting", "Twice!", "approve", "");
        reader.reply("ferry", "Ama", "Twice!");
        assert_eq!(server.stored_comments(), 5);
    });
}

#[test]
fn a_strangers_copy_is_a_reply_of_its_own_and_never_leads_to_the_first_ones_receipt() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[PROXIED]);
        let reader = server.visitor();
        let own = from(&reader, "198.51.100.1", "Ama", "My words.").location();
        let copy = from(&reader, "198.51.100.2", "Ama", "My words.").location();
        assert_ne!(own, copy);
        let six = from(&reader, "2001:db8:1:2::1", "Ama", "My words.").location();
        let neighbour = from(&reader, "2001:db8:1:3::1", "Ama", "My words.").location();
        assert_ne!(six, neighbour);
        // One household is one client, whichever of its addresses it has today.
        assert_eq!(
            from(&reader, "2001:db8:1:2:ffff::9", "Ama", "My words.").location(),
            six
        );
        assert_eq!(
            from(&reader, "198.51.100.1", "Ama", "My words.").location(),
            own
        );
        // What a client claims of itself in front of the proxy's word does not count.
        assert_eq!(
            from(&reader, "198.51.100.2, 198.51.100.1", "Ama", "My words.").location(),
            own
        );
        assert_eq!(server.stored_comments(), 4);
    });
}

#[test]
fn many_clicks_at_once_are_one_comment() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[]);
        let base = server.visitor().base().to_owned();
        let clicks: Vec<_> = (0..8)
            .map(|_| {
                let base = base.clone();
                std::thread::spawn(move || Client::new(&base).reply("ferry", "Ama", "Impatient."))
            })
            .collect();
        let mut receipts: Vec<_> = clicks
            .into_iter()
            .map(|click| click.join().unwrap())
            .collect();
        receipts.dedup();
        assert_eq!(receipts.len(), 1);
        assert_eq!(server.stored_comments(), 1);
    });
}

#[test]
fn too_many_replies_from_one_network_wait_and_lose_nothing() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[PROXIED, ("replies.per_minute", "3")]);
        let reader = server.visitor();
        for number in 1..=3 {
            assert_eq!(
                from(&reader, "198.51.100.1", "Ama", &format!("Reply {number}.")).status,
                303
            );
        }
        server.clock.advance(20 * SECOND);
        let words = "One\n\ntoo </textarea> many.";
        let fields = [
            ("name", "Ama & \"Co\""),
            ("email", "ama@a.example"),
            ("website", "https://a.example/?x=\"1\""),
            ("body", words),
            ("do", "send"),
        ];
        let page = reader.post_from("198.51.100.1", TARGET, &fields);
        assert_eq!(page.status, 429);
        assert_eq!(page.only("h1"), "Too many replies in a short time");
        let wait: i64 = page.header("retry-after").unwrap().parse().unwrap();
        // Forty seconds, less what the machine has taken meanwhile.
        assert!((1..=40).contains(&wait), "{wait}");
        assert!(
            page.only("main")
                .contains(&format!("You can post again in {wait} seconds."))
        );
        let form = "main form";
        assert_eq!(page.attribute(form, "action"), TARGET);
        assert_eq!(page.value("main form [name=name]"), "Ama & \"Co\"");
        assert_eq!(page.value("main form [name=email]"), "ama@a.example");
        assert_eq!(
            page.value("main form [name=website]"),
            "https://a.example/?x=\"1\""
        );
        assert_eq!(page.value("main form [name=body]"), words);
        assert_eq!(page.value("main form [name=parent]"), "");
        assert_eq!(server.stored_comments(), 3);
        // Neighbours are free to post, a repeated click is no new reply, and time heals.
        assert_eq!(from(&reader, "198.51.100.9", "Bo", "Hello.").status, 303);
        assert_eq!(from(&reader, "198.51.100.1", "Ama", "Reply 3.").status, 303);
        server.clock.advance(wait * SECOND + 1_000);
        assert_eq!(
            reader.post_from("198.51.100.1", TARGET, &fields).status,
            303
        );
    });
}

#[test]
fn a_reply_waits_for_the_reasons_that_the_desk_names() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[("replies.hold", "none")]);
        server.account("Dana Whitlock", Role::Moderator);
        let reader = server.visitor();
        let links = "See https://a.example and https://b.example and [this](https://c.example).";
        let cases: [(&str, &str, &str, &str); 4] = [
            (
                "Ama",
                "Filled by a program.",
                "x",
                "filled in a field that people cannot see",
            ),
            (
                "Dana Whitlock",
                "I am staff.",
                "",
                "the name is like that of Dana Whitlock, a moderator",
            ),
            (
                "dаna  WHITLÓCK",
                "So am I.",
                "",
                "the name is like that of Dana Whitlock, a moderator",
            ),
            ("Ama", links, "", "contains 3 links; the limit is 2"),
        ];
        let receipts: Vec<_> = cases
            .iter()
            .map(|(name, body, hidden, _)| {
                let fields = [
                    ("name", *name),
                    ("body", *body),
                    ("homepage_url", *hidden),
                    ("do", "send"),
                ];
                let sent = reader.post(TARGET, &fields);
                assert_eq!(sent.status, 303);
                sent.location()
            })
            .collect();
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 0);
        let list = server.moderator("Ed").get("/moderation");
        for ((.., reason), receipt) in cases.iter().zip(&receipts) {
            let item = server.comment_at(receipt);
            assert_eq!(list.texts(&format!("#c-{item} .evid li")), [*reason]);
            // A program is not told what gave it away, and a person not accused.
            let page = reader.get(receipt);
            assert_eq!(page.only("h1"), "Your reply is awaiting moderation");
            assert!(!page.text().contains(reason));
        }
    });
}

#[test]
fn what_every_reply_and_the_first_reply_wait_for_is_named() {
    for (hold, reason) in [
        ("all", "every reply is read first"),
        ("first", "first replies are always read"),
    ] {
        let server = ferry(Engine::Sqlite, &[("replies.hold", hold)]);
        server.visitor().reply("ferry", "Ama", "Hello.");
        let list = server.moderator("Dana").get("/moderation");
        assert_eq!(list.texts(".evid li"), [reason]);
    }
}

#[test]
fn a_flood_of_previews_from_one_network_waits_with_its_text_and_nobody_else_does() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[PROXIED, ("replies.per_minute", "6")]);
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "Sent before.");
        let preview = |network: &str, words: &str| {
            let fields = [("name", "Ama & Co"), ("body", words), ("do", "preview")];
            reader.post_from(network, TARGET, &fields)
        };
        for number in 0..60 {
            let page = preview("198.51.100.1", "Some *words*.");
            assert_eq!(page.status, 200, "{number}");
        }
        let words = "The\n\n*last* </textarea> words.";
        let page = preview("198.51.100.1", words);
        assert_eq!(page.status, 429);
        assert_eq!(page.only("h1"), "Too many replies in a short time");
        assert_eq!(page.header("retry-after"), Some("1"));
        assert_eq!(page.attribute("main form", "action"), TARGET);
        assert_eq!(page.value("main form [name=name]"), "Ama & Co");
        assert_eq!(page.value("main form [name=body]"), words);
        assert_eq!(page.count("#preview"), 0);

        // Every form of a reader counts, and gives back what was typed.
        let comment = format!("/comments/{}/report", server.comment_at(&receipt));
        for (path, field) in [
            (TARGET.to_owned(), "body"),
            (format!("{receipt}/edit"), "body"),
            (format!("{receipt}/appeal"), "why"),
            (comment, "explanation"),
        ] {
            let fields = [("name", "Ama"), (field, words), ("do", "send")];
            let page = reader.post_from("198.51.100.1", &path, &fields);
            assert_eq!(page.status, 429, "{path}");
            assert_eq!(page.value(&format!("main form [name={field}]")), words);
        }
        let withdraw = format!("{receipt}/withdraw");
        let page = reader.post_from("198.51.100.1", &withdraw, &[]);
        assert_eq!(page.status, 429);
        assert!(reader.get(&receipt).text().contains("Sent before."));

        // Neighbours are free, and time heals.
        assert_eq!(preview("198.51.100.2", words).status, 200);
        server.clock.advance(SECOND);
        assert_eq!(preview("198.51.100.1", words).status, 200);
        let unlimited = ferry(engine, &[]);
        for _ in 0..100 {
            let fields = [("name", "Ama"), ("body", words), ("do", "preview")];
            assert_eq!(unlimited.visitor().post(TARGET, &fields).status, 200);
        }
    });
}
