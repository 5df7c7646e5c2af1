//! The desk's list of articles: whether they take replies, and what waits there.

use rejoinder::store::{articles, policy, replies, transaction};
use rejoinder::time::DAY;

use crate::moderating::acts;
use crate::support::{Client, Engine, Page, Server, on_each_engine, rows};

pub const LIST: &str = "/moderation/articles";

/// The row of an article: its selector.
fn row(list: &Page, title: &str) -> String {
    let ids = list.attributes(".item", "id");
    let at = list.texts(".item h2").iter().position(|t| t == title);
    format!("#{}", ids[at.unwrap_or_else(|| panic!("no {title}"))])
}

/// Presses the button `act` in the row of an article, with this mode chosen.
fn press(moderator: &Client, list: &Page, title: &str, act: &str, mode: &str) -> Page {
    let row = row(list, title);
    let form = format!("{row} form:has(button[value={act}])");
    let action = list.attribute(&form, "action");
    let mut fields = vec![("csrf", list.value(&format!("{form} [name=csrf]")))];
    for mark in ["before", "after"] {
        let field = format!("{form} [name={mark}]");
        if list.count(&field) > 0 {
            fields.push((mark, list.value(&field)));
        }
    }
    fields.push(("hold", mode.to_owned()));
    fields.push(("do", act.to_owned()));
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    moderator.post(&action, &fields)
}

pub fn change(moderator: &Client, title: &str, act: &str, mode: &str) -> Page {
    let list = moderator.get(LIST);
    let done = press(moderator, &list, title, act, mode);
    assert_eq!(done.status, 303, "{}", done.text());
    moderator.get(&done.location())
}

#[test]
fn articles_are_listed_newest_first_in_pages_of_twenty_five_with_what_waits_there() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        for number in 1..=30 {
            server.seed(&format!(
                "---\ntitle: Story {number}\nslug: story-{number}\nsection: Harbour\npublished: 2026-05-12 10:{number:02}\n---\nText.\n"
            ));
        }
        articles::remove(&mut server.database.connect(), "story-29", server.now()).unwrap();
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        reader.reply("story-30", "Ama", "One.");
        reader.reply("story-30", "Bo", "Two.");
        reader.reply("story-28", "Cy", "Three.");
        dana.decide("waiting", "Two.", "approve", "");
        let first = dana.get(LIST);
        assert_eq!(first.only("h1"), "Articles");
        assert_eq!(first.only(".nav [aria-current]"), "Articles");
        let titles = first.texts(".item h2");
        assert_eq!(titles.len(), 25);
        assert_eq!(titles[..2], ["Story 30", "Story 28"]);
        let row = row(&first, "Story 30");
        assert_eq!(
            first.attribute(&format!("{row} h2 a"), "href"),
            "/articles/story-30"
        );
        assert_eq!(first.only(&format!("{row} .ctx")), "Harbour, 12 May");
        assert_eq!(
            first.texts(&format!("{row} .evid div")),
            [
                "RepliesOpen",
                "Waiting1 waiting: Story 30",
                "Comments1",
                "Views0"
            ]
        );
        let id = row.trim_start_matches("#a-");
        assert_eq!(
            first.attribute(&format!("{row} .evid a"), "href"),
            format!("/moderation?article={id}")
        );
        let second = dana.get(&first.attribute(".pager a", "href"));
        assert_eq!(
            second.texts(".item h2"),
            ["Story 4", "Story 3", "Story 2", "Story 1"]
        );
        let back = dana.get(&second.attribute(".pager a", "href"));
        assert_eq!(back.texts(".item h2"), titles);

        // A change leads back to the page it was made on.
        let done = press(&dana, &second, "Story 3", "close", "");
        let after = dana.get(&done.location());
        assert_eq!(after.texts(".item h2"), second.texts(".item h2"));
        assert_eq!(after.only(".toast"), "Closed: Story 3.");
    });
}

#[test]
fn a_moderator_closes_and_opens_an_article_and_readers_see_it_at_once() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.close_after_days", "14")]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let open = reader.get("/articles/ferry");
        let tag = [("if-none-match", open.header("etag").unwrap())];
        assert_eq!(open.count("#reply form"), 1);
        let list = dana.get(LIST);
        assert!(
            list.only(".evid div:first-child")
                .starts_with("RepliesOpen until ")
        );
        assert_eq!(list.count("button[value=open]"), 0);

        let list = change(&dana, "About ferry", "close", "");
        assert_eq!(list.only(".toast"), "Closed: About ferry.");
        assert!(
            list.only(".evid div:first-child")
                .contains("The editors closed replies on ")
        );
        assert_eq!(list.count("button[value=close]"), 0);
        let closed = reader.get_with("/articles/ferry", &tag);
        assert_eq!((closed.status, closed.count("#reply form")), (200, 0));

        let list = change(&dana, "About ferry", "open", "");
        assert_eq!(list.only(".toast"), "Open: About ferry.");
        assert_eq!(reader.get("/articles/ferry").count("#reply form"), 1);
        assert_eq!(
            acts(&server),
            ["signed-in", "article-closed", "article-opened"]
        );

        // Closed by itself, it can be opened, and stays so.
        server.clock.advance(15 * DAY);
        dana.sign_in("Dana", crate::support::PASSWORD);
        let list = dana.get(LIST);
        assert!(
            list.only(".evid div:first-child")
                .contains("14 days after publication.")
        );
        let list = change(&dana, "About ferry", "open", "");
        assert_eq!(list.only(".evid div:first-child"), "RepliesOpen");
        assert_eq!(reader.get("/articles/ferry").count("#reply form"), 1);
    });
}

#[test]
fn what_is_so_already_is_done_and_not_logged_again() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let dana = server.moderator("Dana");
    let stale = dana.get(LIST);
    for _ in 0..2 {
        let done = press(&dana, &stale, "About ferry", "close", "");
        assert_eq!(
            dana.get(&done.location()).only(".toast"),
            "Closed: About ferry."
        );
        let done = press(&dana, &stale, "About ferry", "hold", "none");
        assert_eq!(
            dana.get(&done.location()).only(".toast"),
            "Replies wait only for another reason: About ferry."
        );
    }
    assert_eq!(acts(&server), ["signed-in", "article-closed", "hold-mode"]);
    // A link that says what is not so says nothing.
    let id = row(&stale, "About ferry").replace("#a-", "");
    for did in ["open", "hold&hold=all", "hold&hold=site", "nothing"] {
        let page = dana.get(&format!("{LIST}?done={id}&did={did}"));
        assert_eq!((page.status, page.count(".toast")), (200, 0), "{did}");
    }
}

#[test]
fn what_waits_is_counted_up_to_a_thousand() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let dana = server.moderator("Dana");
        let mut db = server.database.connect();
        let add = |db: &mut _, count: usize| {
            transaction(db, |db| {
                for n in 0..count {
                    let mut new = rows::reply("ferry", &format!("Number {n} of {count}."));
                    new.name_key = String::new();
                    new.policy.version = policy::version(db)?;
                    new.now = server.now();
                    replies::submit(db, &new)?;
                }
                Ok::<_, rejoinder::store::Error>(())
            })
            .unwrap();
        };
        let counted = || dana.get(LIST).only(".evid a");
        add(&mut db, 1_000);
        assert_eq!(counted(), "1,000 waiting: About ferry");
        add(&mut db, 2);
        assert_eq!(counted(), "1,000+ waiting: About ferry");
    });
}

#[test]
fn a_change_that_makes_no_sense_is_refused_and_changes_nothing() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        server.article("gone");
        let dana = server.moderator("Dana");
        let list = dana.get(LIST);
        let csrf = list.value("main [name=csrf]");
        let path = list.attribute(&format!("{} form", row(&list, "About ferry")), "action");
        let gone = list.attribute(&format!("{} form", row(&list, "About gone")), "action");
        let cases: &[&[(&str, &str)]] = &[
            &[],
            &[("do", "remove")],
            &[("do", "hold")],
            &[("do", "hold"), ("hold", "some")],
            &[("do", "hold"), ("hold", "a\0b")],
            &[("do", "close"), ("before", "x")],
            &[("do", "close"), ("after", "-1")],
            &[("do", "close"), ("do", "open")],
        ];
        for fields in cases {
            let mut sent = vec![("csrf", csrf.as_str())];
            sent.extend(*fields);
            assert_eq!(dana.post(&path, &sent).status, 400, "{fields:?}");
        }
        articles::remove(&mut server.database.connect(), "gone", server.now()).unwrap();
        let close = [("csrf", csrf.as_str()), ("do", "close")];
        let paths = ["999", "x", "-1", "99999999999999999999"].map(|id| format!("{LIST}/{id}"));
        for path in paths.iter().chain([&gone]) {
            assert_eq!(dana.post(path, &close).status, 404, "{path}");
        }
        for query in [
            "before=x",
            "after=-1",
            "done=x",
            "before=99999999999999999999",
        ] {
            assert_eq!(dana.get(&format!("{LIST}?{query}")).status, 404, "{query}");
        }
        assert_eq!(dana.post(&path, &[("do", "close")]).status, 403);
        assert_eq!(
            dana.post(&path, &[("do", "close"), ("csrf", "x")]).status,
            403
        );
        assert_eq!(dana.get(&path).status, 405);
        let stranger = server.visitor();
        let sent_on = stranger.get(LIST);
        assert_eq!(sent_on.status, 303);
        assert_eq!(sent_on.location(), "/login?next=%2Fmoderation%2Farticles");
        assert!(
            stranger
                .post(&path, &close)
                .location()
                .starts_with("/login")
        );
        assert_eq!(acts(&server), ["signed-in"]);
        assert_eq!(
            server.visitor().get("/articles/ferry").count("#reply form"),
            1
        );
    });
}
