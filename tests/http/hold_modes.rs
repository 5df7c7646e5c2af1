//! Articles with a hold mode of their own.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rejoinder::moderation::HoldMode;
use rejoinder::store::replies::{self, Submitted};
use rejoinder::store::schema::audit_entries;
use rejoinder::store::{articles, policy, publication, transaction};

use crate::articles_desk::{LIST, change};
use crate::support::{Client, Page, Server, on_each_engine, rows};

#[test]
fn an_article_holds_by_its_own_mode_and_else_by_that_of_the_site() {
    on_each_engine(|engine| {
        for (site, says) in [
            ("all", "every reply"),
            ("first", "first replies"),
            ("none", "only those with another reason"),
        ] {
            let server = Server::with(engine, &[("replies.hold", site)]);
            server.article("ferry");
            let (reader, dana) = (server.visitor(), server.moderator("Dana"));
            let list = dana.get(LIST);
            assert_eq!(
                list.texts("option"),
                [
                    &format!("As the site: {says}"),
                    "every reply",
                    "first replies",
                    "only those with another reason"
                ]
            );
            assert_eq!(list.attribute("option[selected]", "value"), "site");
            // A regular, with an approved comment.
            let regular = server.visitor();
            let post = |client: &Client, body: &str| {
                let fields = [
                    ("name", "Ama"),
                    ("body", body),
                    ("remember", "1"),
                    ("do", "send"),
                ];
                let receipt = client.post_and_follow("/articles/ferry/replies", &fields);
                receipt.only("h1") == "Your reply is published"
            };
            if !post(&regular, "First of all.") {
                dana.decide("waiting", "First of all.", "approve", "");
            }
            for (mode, newcomer, known) in [
                ("none", true, true),
                ("first", false, true),
                ("all", false, false),
                ("site", site == "none", site != "all"),
            ] {
                let list = change(&dana, "About ferry", "hold", mode);
                assert_eq!(list.attribute("option[selected]", "value"), mode);
                assert_eq!(list.count(".toast"), 1);
                let words = format!("By a newcomer, {mode} over {site}.");
                assert_eq!(reader.reply("ferry", "Bo", &words).len(), 33);
                let shown = reader.get("/articles/ferry").text().contains(&words);
                assert_eq!(shown, newcomer, "{words}");
                let words = format!("By a regular, {mode} over {site}.");
                assert_eq!(post(&regular, &words), known, "{words}");
                // Whatever the mode, what software found holds.
                let links =
                    "https://a.example https://b.example https://c.example ".to_owned() + mode;
                assert!(!post(&regular, &links), "{mode} over {site}");
            }
            let why = dana.get("/moderation").only(".item:first-child .evid li");
            assert!(!why.is_empty());
            assert_eq!(
                publication::drift(&mut server.database.connect()).unwrap(),
                (0, 0, 0)
            );
        }
    });
}

#[test]
fn the_desk_names_the_articles_own_mode_as_the_reason() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        change(&dana, "About ferry", "hold", "all");
        let receipt = reader.reply("ferry", "Ama", "A point.");
        let why = |list: &Page| list.texts(".item .evid li");
        assert_eq!(why(&dana.get("/moderation")), ["every reply is read first"]);
        // It still waits for that when it was edited, whatever the mode is by then.
        change(&dana, "About ferry", "hold", "none");
        let form = reader.get(&format!("{receipt}/edit"));
        let fields = [
            ("seen", form.value("[name=seen]")),
            (
                "body",
                "https://a.example https://b.example https://c.example".to_owned(),
            ),
            ("do", "send".to_owned()),
        ];
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(reader.post(&format!("{receipt}/edit"), &fields).status, 303);
        assert_eq!(
            why(&dana.get("/moderation")),
            [
                "contains 3 links; the limit is 2",
                "every reply is read first"
            ]
        );
        let facts: Vec<String> = audit_entries::table
            .filter(audit_entries::act.eq("hold-mode"))
            .order(audit_entries::id.asc())
            .select(audit_entries::facts)
            .load(&mut server.database.connect())
            .unwrap();
        assert_eq!(
            facts,
            [
                r#"{"from":"site","to":"all"}"#,
                r#"{"from":"all","to":"none"}"#
            ]
        );
    });
}

#[test]
fn replies_that_an_article_publishes_at_once_come_in_together_and_are_all_counted() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        articles::set_hold(
            &mut server.database.connect(),
            "ferry",
            Some(HoldMode::None),
        )
        .unwrap();
        std::thread::scope(|scope| {
            for who in 0..8 {
                let reader = server.visitor();
                scope.spawn(move || {
                    for n in 0..5 {
                        reader.reply("ferry", &format!("Reader {who}"), &format!("Number {n}."));
                    }
                });
            }
        });
        assert_eq!(
            server.visitor().get("/articles/ferry").count(".comment"),
            40
        );
        assert_eq!(
            publication::drift(&mut server.database.connect()).unwrap(),
            (0, 0, 0)
        );
    });
}

#[test]
fn what_was_sent_as_a_mere_insert_is_never_published_but_sent_back() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let mut db = server.database.connect();
        articles::set_hold(&mut db, "ferry", Some(HoldMode::None)).unwrap();
        let mut new = rows::reply("ferry", "A point.");
        new.may_publish = false;
        new.policy.version = policy::version(&mut db).unwrap();
        let mut submit = |new: &_| transaction(&mut db, |db| replies::submit(db, new)).unwrap();
        assert_eq!(submit(&new), Submitted::WouldPublish);
        assert_eq!(server.stored_comments(), 0);
        new.may_publish = true;
        assert!(matches!(
            submit(&new),
            Submitted::Stored { public: true, .. }
        ));
        assert_eq!(server.stored_comments(), 1);
    });
}
