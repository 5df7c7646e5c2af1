//! The desk's lists: tabs, orders, filters, pages.

use rejoinder::time::{DAY, HOUR, MINUTE};

use crate::desk::{Sent, decide, edit, ids, list, listed, post, reply, reply_from, sign_in};
use crate::reporting::report;
use crate::support::{Client, Engine, Server, on_each_engine};

const PROXIED: (&str, &str) = ("trusted_proxies", "127.0.0.1/32");
const FIRST: (&str, &str) = ("replies.hold", "first");
pub const THREE_LINKS: &str = "https://a.example https://b.example https://c.example";

/// A server that holds first replies, with two articles.
pub fn site(engine: Engine) -> (Server, Client) {
    let server = Server::with(engine, &[PROXIED, FIRST]);
    server.article("ferry");
    server.article("tram");
    let dana = server.moderator("Dana");
    (server, dana)
}

fn approved(server: &Server, dana: &Client, name: &str, body: &str) -> Sent {
    let sent = reply(server, &server.visitor(), name, body);
    let done = decide(dana, "tab=all", sent.id, &[("do", "approve")]);
    assert_eq!(done.status, 303, "{}", done.text());
    sent
}

#[test]
fn every_tab_shows_its_comments_and_no_others() {
    on_each_engine(|engine| {
        let (server, dana) = site(engine);
        let reader = server.visitor();
        let pending = reply(&server, &reader, "Ama", "It waits.").id;
        let edited = approved(&server, &dana, "Bo", "It is edited.");
        edit(&reader, &edited.receipt, "It was edited.");
        let reported = approved(&server, &dana, "Cy", "It is reported.").id;
        report(&reader, reported, &[("ground", "4")]);
        let published = approved(&server, &dana, "Di", "It is published.").id;
        let rejected = reply(&server, &reader, "Ed", "It is rejected.").id;
        decide(&dana, "", rejected, &[("do", "reject"), ("ground", "1")]);
        let spam = reply(&server, &reader, "Flo", "It is spam.").id;
        decide(&dana, "", spam, &[("do", "spam")]);
        let withdrawn = reply(&server, &reader, "Gus", "It is withdrawn.");
        reader.post(&format!("{}/withdraw", withdrawn.receipt), &[]);
        let appealed = reply(&server, &reader, "Hal", "It is appealed.");
        decide(&dana, "", appealed.id, &[("do", "reject"), ("ground", "1")]);
        server.clock.advance(MINUTE);
        reader.post(&format!("{}/appeal", appealed.receipt), &[("why", "Why?")]);

        let (edited, withdrawn, appealed) = (edited.id, withdrawn.id, appealed.id);
        for (words, expected) in [
            ("", vec![pending, edited]),
            ("tab=waiting", vec![pending, edited]),
            ("tab=reported", vec![reported]),
            ("tab=appeals", vec![appealed]),
            ("tab=published", vec![published, reported, edited]),
            ("tab=rejected", vec![appealed, rejected]),
            ("tab=spam", vec![spam]),
        ] {
            assert_eq!(listed(&dana, words), expected, "{words}");
        }
        let mut all = vec![
            pending, edited, reported, published, rejected, spam, withdrawn, appealed,
        ];
        assert_eq!(listed(&dana, "tab=all&sort=oldest"), all);
        all.reverse();
        let page = list(&dana, "tab=all");
        assert_eq!(ids(&page), all);
        assert_eq!(
            page.texts(".item .badge"),
            [
                "Rejected",
                "Withdrawn",
                "Spam",
                "Rejected",
                "Published",
                "Published",
                "Edited"
            ]
        );
        assert_eq!(
            page.texts(".nav a")[..7],
            [
                "Waiting 2",
                "Reported 1",
                "Appeals 1",
                "Published",
                "Rejected 2",
                "Spam 1",
                "All comments"
            ]
        );
    });
}

#[test]
fn what_waits_is_ordered_by_time_or_by_risk_which_reports_and_edits_raise() {
    on_each_engine(|engine| {
        let (server, dana) = site(engine);
        let reader = server.visitor();
        let plain = reply(&server, &reader, "Ama", "Plain.").id;
        let named = reply(&server, &reader, "Dana", "Nobody knows me.").id;
        let linked = reply(&server, &reader, "Bo", THREE_LINKS).id;
        let other = reply(&server, &reader, "Cy", "Plain too.");
        let both = approved(&server, &dana, "Di", "Edited, and reported.");
        edit(&reader, &both.receipt, "Edited and reported.");
        report(&reader, both.id, &[("ground", "spam")]);
        let both = both.id;
        let by_time = vec![plain, named, linked, other.id, both];
        assert_eq!(listed(&dana, "sort=oldest"), by_time);
        let mut newest = by_time.clone();
        newest.reverse();
        assert_eq!(listed(&dana, "sort=newest"), newest);
        // A first reply is 1; the name of a moderator 3 more, links 2 more; a report 3. Of an edit counts what it is held for.
        let page = list(&dana, "sort=risk");
        assert_eq!(ids(&page), [named, linked, both, plain, other.id]);
        assert!(page.text().contains("No score"));
        edit(&reader, &other.receipt, THREE_LINKS);
        let risky = listed(&dana, "sort=risk");
        assert_eq!(risky, [named, linked, other.id, both, plain]);
        let another = approved(&server, &dana, "Ed", "Reported twice.").id;
        report(&reader, another, &[("ground", "spam")]);
        let fields = [("ground", "4")];
        let path = format!("/comments/{another}/report");
        reader.post_from("198.51.100.7", &path, &fields);
        assert_eq!(listed(&dana, "tab=reported&sort=risk"), [another, both]);
        assert_eq!(listed(&dana, "tab=reported"), [both, another]);
        // Where nothing is sorted by risk, the usual order stands.
        assert_eq!(
            listed(&dana, "tab=published&sort=risk"),
            listed(&dana, "tab=published")
        );
    });
}

#[test]
fn each_hold_reason_is_a_filter_that_shows_what_it_held_and_nothing_else() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED]);
        server.article("ferry");
        let every = reply(&server, &server.visitor(), "Zoe", "Read first.").id;
        let server = Server::over(server.stop(), &[PROXIED, FIRST]);
        let dana = server.moderator("Dana");
        let reader = server.visitor();
        let first = reply(&server, &reader, "Ama", "Plain.").id;
        let linked = reply(&server, &reader, "Bo", THREE_LINKS).id;
        let from = |network: &str, fields: &[(&str, &str)]| {
            reply_from(&server, &reader, network, fields).id
        };
        let filled = [("name", "Cy"), ("body", "Buy."), ("homepage_url", "x")];
        let filled = from("198.51.100.1", &filled);
        let staff = [("name", "dana"), ("body", "I decide.")];
        let staff = from("198.51.100.1", &staff);
        let root = from("198.51.100.2", &[("name", "Kofi"), ("body", "A root.")]);
        decide(&dana, "tab=all", root, &[("do", "approve")]);
        let parent = root.to_string();
        let copied = [
            ("name", "Kofi"),
            ("body", "Me again."),
            ("parent", parent.as_str()),
        ];
        let copied = from("198.51.100.3", &copied);
        let troll = from("198.51.100.9", &[("name", "Ty"), ("body", "A troll.")]);
        let tomorrow = rejoinder::time::Zone::utc().date(server.now().plus(2 * DAY));
        let hold = [("do", "hold"), ("until", &tomorrow), ("reason", "Trolls.")];
        post(
            &dana,
            &format!("/moderation/comments/{troll}/author"),
            &hold,
        );
        let held = from("198.51.100.9", &[("name", "Tom"), ("body", "Not me.")]);
        let revised = approved(&server, &dana, "Vi", "It is edited.");
        edit(&reader, &revised.receipt, THREE_LINKS);
        let revised = revised.id;
        report(&reader, revised, &[("ground", "spam")]);
        report(&reader, root, &[("ground", "spam")]);

        for (words, expected) in [
            ("why=every-reply", vec![every]),
            ("why=links", vec![linked, revised]),
            ("why=hidden-field", vec![filled]),
            ("why=staff-name", vec![staff]),
            ("why=thread-name", vec![copied]),
            ("why=author-hold", vec![held]),
            ("why=edited", vec![revised]),
            ("why=reported", vec![revised]),
            ("why=reported&tab=all&sort=oldest", vec![root, revised]),
            ("why=edited&tab=published", vec![revised]),
            ("why=links&sort=newest", vec![revised, linked]),
            ("why=links&q=zebra", vec![]),
        ] {
            assert_eq!(listed(&dana, words), expected, "{words}");
        }
        let firsts = listed(&dana, "why=first-reply");
        for id in [first, linked, filled, staff, copied, troll, held] {
            assert!(firsts.contains(&id), "{id} in {firsts:?}");
        }
        assert!(!firsts.contains(&every) && !firsts.contains(&revised));
        let page = list(&dana, "why=links");
        assert_eq!(
            page.attributes("#f-why option[selected]", "value"),
            ["links"]
        );
        assert_eq!(page.texts(".filters + p a"), ["Show the whole list"]);
    });
}

#[test]
fn articles_authors_networks_texts_ages_and_statuses_are_filters_that_go_together() {
    on_each_engine(|engine| {
        let (server, dana) = site(engine);
        let ama = server.visitor();
        let remembered = |body: &str| {
            let fields = [("name", "Ama"), ("body", body), ("remember", "1")];
            reply_from(&server, &ama, "198.51.100.1", &fields).id
        };
        let reader = server.visitor();
        let old = remembered("An old one.");
        server.clock.advance(8 * DAY);
        let dana_old = dana;
        let dana = sign_in(&server, "Dana");
        assert_eq!(dana_old.get("/moderation").status, 303);
        let week = remembered("The same words!");
        server.clock.advance(3 * HOUR);
        let other = [("name", "Bo"), ("body", "The same words.")];
        let other = reply_from(&server, &reader, "198.51.100.2", &other).id;
        let tram = reader.post_from(
            "198.51.100.1",
            "/articles/tram/replies",
            &[("name", "Cy"), ("body", "About trams."), ("do", "send")],
        );
        let tram = server.comment_at(&tram.location());
        decide(&dana, "", old, &[("do", "spam")]);

        let page = list(&dana, "tab=all&sort=oldest");
        assert_eq!(ids(&page), [old, week, other, tram]);
        let link = |id: i64, words: &str| {
            let links = format!("#c-{id} .drop .panel p a");
            let at = page.texts(&links).iter().position(|said| said == words);
            page.attributes(&links, "href")[at.unwrap()].clone()
        };
        let by = |address: &str| ids(&dana.get(address));
        assert_eq!(by(&link(week, "All by this author")), [week, old]);
        assert_eq!(by(&link(week, "The same text")), [other, week]);
        let network = page.attribute(&format!("#c-{week} .evid dd a"), "href");
        assert_eq!(by(&network), [tram, week, old]);
        let author = link(week, "All by this author").replace("/moderation?tab=all&", "");
        let same = link(week, "The same text").replace("/moderation?tab=all&", "");
        let network = network.replace("/moderation?tab=all&", "");
        let article = |name: &str| {
            let options = page.texts("#f-article option");
            let at = options.iter().position(|said| said == name).unwrap();
            format!(
                "article={}",
                page.attributes("#f-article option", "value")[at]
            )
        };
        let (ferry, trams) = (article("About ferry"), article("About tram"));
        for (words, expected) in [
            (ferry.clone(), vec![week, other]),
            (trams.clone(), vec![tram]),
            (format!("tab=all&{ferry}"), vec![other, week, old]),
            (author.clone(), vec![week]),
            (format!("tab=spam&{author}"), vec![old]),
            (network.clone(), vec![week, tram]),
            (format!("tab=all&{network}&{ferry}"), vec![week, old]),
            (format!("tab=all&{network}&{author}&{same}"), vec![week]),
            (format!("{same}&sort=newest"), vec![other, week]),
            (format!("{same}&sort=risk"), vec![week, other]),
            (format!("{same}&{trams}"), vec![]),
            (format!("q=words&{network}"), vec![week]),
            ("status=spam".to_owned(), vec![]),
            ("tab=all&status=spam".to_owned(), vec![old]),
            ("tab=all&status=pending".to_owned(), vec![tram, other, week]),
            ("tab=all&status=withdrawn".to_owned(), vec![]),
            ("age=hour".to_owned(), vec![other, tram]),
            ("age=over-hour".to_owned(), vec![week]),
            ("tab=all&age=over-hour".to_owned(), vec![week, old]),
            ("tab=all&age=day".to_owned(), vec![tram, other, week]),
            ("tab=all&age=over-day".to_owned(), vec![old]),
            ("tab=all&age=week".to_owned(), vec![tram, other, week]),
            ("tab=all&age=over-week".to_owned(), vec![old]),
            (
                format!("tab=all&age=over-hour&status=spam&{author}"),
                vec![old],
            ),
            ("claim=mine".to_owned(), vec![]),
        ] {
            assert_eq!(listed(&dana, &words), expected, "{words}");
        }
        // What has no field says what it is, is kept by the form, and can be taken away.
        let page = list(&dana, &format!("tab=all&{author}&{ferry}&age=over-hour"));
        assert!(page.only(".filters + p").starts_with("By Ama Remove"));
        assert_eq!(
            format!("author={}", page.value(".filters [name=author]")),
            author
        );
        let without = page.attributes(".filters + p a", "href");
        assert_eq!(
            without[0],
            format!("/moderation?tab=all&{ferry}&age=over-hour")
        );
        assert_eq!(without[1], "/moderation?tab=all");
    });
}
