//! Moderators who write into a discussion.

use rejoinder::moderation::Role;
use rejoinder::store::{articles, closing, moderators, publication, transaction};
use rejoinder::text;

use crate::moderating::{acts, ferry};
use crate::support::{Client, Page, Server, on_each_engine};

pub fn reply_path(id: i64) -> String {
    format!("/moderation/comments/{id}/reply")
}

/// Sends the form of this very page, however old it is.
pub fn send_from(moderator: &Client, page: &Page, body: &str, act: &str) -> Page {
    let form = "main form";
    let mut fields = vec![
        ("csrf", page.value(&format!("{form} [name=csrf]"))),
        ("body", body.to_owned()),
        ("do", act.to_owned()),
    ];
    let version = format!("{form} [name=version]");
    if page.count(&version) > 0 {
        fields.push(("version", page.value(&version)));
    }
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    moderator.post(&page.attribute(form, "action"), &fields)
}

/// Opens the form and presses its filled button.
pub fn reply(moderator: &Client, path: &str, body: &str) -> Page {
    let page = moderator.get(path);
    let act = page.attribute("main form .btn.go", "value");
    send_from(moderator, &page, body, &act)
}

/// Ties a byline to an account.
fn tie(server: &Server, name: &str, byline: &str) {
    let mut db = server.database.connect();
    let account = moderators::find(&mut db, &text::mimic_key(name))
        .unwrap()
        .unwrap();
    transaction(&mut db, |db| moderators::set_byline(db, account.id, byline)).unwrap();
}

pub fn published(server: &Server, body: &str) -> i64 {
    let id = server.comment_at(&server.visitor().reply("ferry", "Ama", body));
    let moderator = server.visitor();
    moderator.sign_in("Dana", crate::support::PASSWORD);
    moderator.decide("waiting", body, "approve", "");
    id
}

#[test]
fn a_moderators_reply_is_published_at_once_with_its_badge_and_like_any_other_can_be_rejected() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let id = published(&server, "A point.");
        let form = dana.get(&reply_path(id));
        assert_eq!(form.only("h1"), "Reply as moderator");
        assert!(form.only(".quote").contains("Ama") && form.only(".quote").contains("A point."));
        assert_eq!(form.only("main form .badge"), "Moderator");
        let done = reply(&dana, &reply_path(id), "Thank *you*.");
        assert_eq!(done.status, 303, "{}", done.text());
        let there = reader.get(&done.location());
        assert!(there.location().starts_with("/articles/ferry#c-"));
        for page in [
            reader.get("/articles/ferry"),
            reader.get(&format!("/threads/{id}")),
        ] {
            let said = page.only(".thread .thread .comment");
            assert!(said.starts_with("Dana Moderator "), "{said}");
            assert_eq!(page.only(".thread .thread .c-body em"), "you");
            assert_eq!(page.texts(".comment .badge.is-ok"), ["Moderator"]);
        }
        assert!(
            reader
                .get("/articles/ferry")
                .only(".counts")
                .starts_with("2 comments ·")
        );
        let desk = dana.get("/moderation?tab=published");
        let item = format!("#c-{}", desk.item_with("Thank you."));
        assert_eq!(
            desk.texts(&format!("{item} .badge")),
            ["Moderator", "Published"]
        );
        assert!(!desk.only(&format!("{item} .evid")).contains("recognised"));
        assert!(
            reader
                .get("/articles/ferry/feed.atom")
                .body
                .contains("<name>Dana</name>")
        );

        let done = dana.decide("published", "Thank you.", "reject", "4");
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 1);
        dana.undo(&dana.get(&done.location()));
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 2);
        assert_eq!(
            acts(&server),
            [
                "signed-in",
                "signed-in",
                "approved",
                "replied",
                "rejected",
                "undone"
            ]
        );
        assert_eq!(
            publication::drift(&mut server.database.connect()).unwrap(),
            (0, 0, 0)
        );
    });
}

#[test]
fn a_moderator_comments_on_an_article_from_the_list_of_articles() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let path = dana
            .get("/moderation/articles")
            .attribute("a[href$='/reply']", "href");
        let form = dana.get(&path);
        assert_eq!(form.only("h1"), "Comment as moderator");
        assert_eq!(form.only(".quote"), "On About ferry");
        assert_eq!(reply(&dana, &path, "Figures below.").status, 303);
        let page = reader.get("/articles/ferry");
        assert!(page.only(".comment").starts_with("Dana Moderator "));
        assert_eq!(dana.get("/moderation/articles/999/reply").status, 404);
        assert_eq!(dana.get("/moderation/articles/x/reply").status, 404);
        assert_eq!(dana.get(&reply_path(999)).status, 404);
    });
}

#[test]
fn staff_reply_where_readers_cannot_but_not_on_a_removed_article() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let id = published(&server, "A point.");
        let mut db = server.database.connect();
        closing::close(&mut db, "ferry", server.now()).unwrap();
        let open = dana.get(&reply_path(id));
        assert!(
            open.text()
                .contains("takes no replies from readers. Yours is published all the same.")
        );
        assert_eq!(send_from(&dana, &open, "A last word.", "send").status, 303);
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 2);

        articles::remove(&mut db, "ferry", server.now()).unwrap();
        let late = send_from(&dana, &open, "Too late, alas.", "send");
        assert_eq!(late.status, 409);
        assert!(late.text().contains("This article was removed"));
        assert_eq!(late.value("textarea[readonly]").trim(), "Too late, alas.");
        assert_eq!(dana.get(&reply_path(id)).count("main form"), 0);
        assert_eq!(server.stored_comments(), 2);
    });
}

#[test]
fn a_reply_to_a_waiting_comment_is_not_published_unless_it_approves_that_one() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let id = server.comment_at(&reader.reply("ferry", "Ama", "Still waiting."));
        let before = reader.get("/articles/ferry").body;
        let form = dana.get(&reply_path(id));
        assert_eq!(form.only("main form .btn.go"), "Approve and reply");
        assert!(form.text().contains("Replying to it approves it."));
        let refused = send_from(&dana, &form, "A secret answer.", "send");
        assert_eq!(refused.status, 409);
        assert_eq!(refused.value("textarea").trim(), "A secret answer.");
        assert_eq!(refused.only("main form .btn.go"), "Approve and reply");
        assert_eq!(reader.get("/articles/ferry").body, before);
        assert!(!server.holds("secret answer"));

        let done = send_from(&dana, &form, "Yes, it does.", "approve");
        assert_eq!(done.status, 303, "{}", done.text());
        let page = reader.get("/articles/ferry");
        assert_eq!(page.texts(".c-body"), ["Still waiting.", "Yes, it does."]);
        assert_eq!(acts(&server), ["signed-in", "approved", "replied"]);
        // Once more, as by a double click.
        let again = send_from(&dana, &form, "Yes, it does.", "approve");
        assert_eq!((again.status, again.location()), (303, done.location()));
        assert_eq!(server.stored_comments(), 2);
        assert_eq!(
            publication::drift(&mut server.database.connect()).unwrap(),
            (0, 0, 0)
        );
    });
}

#[test]
fn a_reply_that_comes_after_a_colleagues_decision_keeps_its_text_and_says_whose() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        let id = server.comment_at(&server.visitor().reply("ferry", "Ama", "A point."));
        let waiting = dana.get(&reply_path(id));
        ed.decide("waiting", "A point.", "reject", "4");
        for act in ["approve", "send", "preview"] {
            let late = send_from(&dana, &waiting, "My answer.", act);
            assert_eq!(late.status, 409, "{act}");
            let said = late.only(".note.warn");
            assert!(said.contains("Ed rejected this at "), "{act}: {said}");
            assert!(
                late.text()
                    .contains("not public, so nobody can reply to it")
            );
            assert_eq!(late.value("textarea[readonly]").trim(), "My answer.");
            assert_eq!(late.count("main form"), 0);
        }
        // Approved by a colleague: the text can be sent from that page.
        ed.decide("rejected", "A point.", "approve", "");
        let late = send_from(&dana, &waiting, "My answer.", "approve");
        assert_eq!(late.status, 409);
        assert!(late.only(".note.warn").contains("Ed approved this at "));
        let done = send_from(&dana, &late, late.value("textarea").trim(), "send");
        assert_eq!(done.status, 303, "{}", done.text());
        // Taken back meanwhile.
        let open = dana.get(&reply_path(id));
        let list = ed.get("/moderation?tab=published");
        ed.decide_from(&list, id, "spam", "");
        assert_eq!(send_from(&dana, &open, "And another.", "send").status, 409);
        assert!(!server.holds("And another."));
    });
}

#[test]
fn the_same_reply_at_the_same_moment_is_published_once() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        server.moderator("Dana");
        let id = server.comment_at(&server.visitor().reply("ferry", "Ama", "A point."));
        let dana = server.visitor();
        dana.sign_in("Dana", crate::support::PASSWORD);
        let session = dana.cookie("session").unwrap();
        let form = dana.get(&reply_path(id));
        let mut answers: Vec<String> = std::thread::scope(|scope| {
            let hands: Vec<_> = (0..4)
                .map(|_| {
                    let hand = server.visitor();
                    hand.set_cookie("session", &session);
                    let form = &form;
                    scope.spawn(move || send_from(&hand, form, "Once.", "approve").location())
                })
                .collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(server.stored_comments(), 2);
        // Another moderator may say the same, and so may this one later.
        let ed = server.moderator("Ed");
        assert_eq!(reply(&ed, &reply_path(id), "Once.").status, 303);
        server.clock.advance(11 * 60_000);
        assert_eq!(reply(&dana, &reply_path(id), "Once.").status, 303);
        assert_eq!(server.stored_comments(), 4);
    });
}

#[test]
fn only_an_account_tied_to_the_byline_speaks_as_the_author_of_the_article() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.seed(
            "---\ntitle: Ferry\nslug: ferry\nbyline: By Bo Lind and Ines  Kaya\n---\nText.\n",
        );
        server.seed("---\ntitle: Tram\nslug: tram\nbyline: Bo Lind\n---\nText.\n");
        let (reader, ines) = (server.visitor(), server.moderator("Ines"));
        server.account("Ines Kaya", Role::Moderator);
        let namesake = server.visitor();
        namesake.sign_in("Ines Kaya", crate::support::PASSWORD);
        tie(&server, "Ines", "ines kaya");
        let ferry = server.comment_at(&reader.reply("ferry", "Bo Lind", "I wrote this, honestly."));
        let tram = server.comment_at(&reader.reply("tram", "Ama", "A point."));
        assert_eq!(
            ines.get(&reply_path(ferry)).only("main form .badge"),
            "Author of this article"
        );
        for (who, on, body) in [
            (&ines, ferry, "By the author."),
            (&namesake, ferry, "By a namesake."),
            (&ines, tram, "By a colleague."),
        ] {
            assert_eq!(reply(who, &reply_path(on), body).status, 303);
        }
        let badges = |page: &Page| -> Vec<String> {
            let ids = page.attributes(".comment", "id");
            ids.iter()
                .map(|id| page.texts(&format!("#{id} > p .badge")).join(""))
                .collect()
        };
        let (author, staff) = ("Author of this article", "Moderator");
        for path in ["/articles/ferry".to_owned(), format!("/threads/{ferry}")] {
            assert_eq!(badges(&reader.get(&path)), ["", author, staff], "{path}");
        }
        assert_eq!(reader.get("/articles/ferry").count(".badge:not(.is-ok)"), 1);
        assert_eq!(badges(&reader.get("/articles/tram")), ["", staff]);
        let desk = ines.get("/moderation?tab=published");
        let item = format!("#c-{}", desk.item_with("By the author."));
        assert_eq!(desk.texts(&format!("{item} .badge")), [author, "Published"]);
        // What was said keeps its voice; what is said from then on does not have it.
        tie(&server, "Ines", "");
        reply(&ines, &reply_path(ferry), "Untied.");
        assert_eq!(
            badges(&reader.get("/articles/ferry")),
            ["", author, staff, staff]
        );
    });
}
