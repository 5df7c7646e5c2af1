//! The desk: lists, decisions, undoing, and two people at one comment.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rejoinder::store::schema::audit_entries;

use crate::support::{Client, Engine, Page, Server, on_each_engine};

pub fn ferry(engine: Engine) -> Server {
    let server = Server::start(engine);
    server.article("ferry");
    server
}

/// What moderators did by the audit log, oldest first.
pub fn acts(server: &Server) -> Vec<String> {
    audit_entries::table
        .filter(audit_entries::moderator_id.is_not_null())
        .order(audit_entries::id.asc())
        .select(audit_entries::act)
        .load(&mut server.database.connect())
        .unwrap()
}
/// The headline of a receipt, and how many comments the article shows.
pub fn statuses(reader: &Client, receipt: &str) -> (String, usize) {
    let page = reader.get(receipt);
    (
        page.only("h1"),
        reader.get("/articles/ferry").count(".comment"),
    )
}

fn ids(page: &Page) -> Vec<String> {
    page.attributes(".item", "id")
}

#[test]
fn the_queue_shows_what_a_moderator_needs_and_the_tabs_follow_every_decision() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "A *fair* point.");
        reader.reply("ferry", "Bo", "An ugly word.");
        reader.reply("ferry", "Cy", "Buy things.");
        let moderator = server.moderator("Dana");
        let list = moderator.get("/moderation");
        assert_eq!(list.only("h1"), "Queue 3");
        assert_eq!(list.texts(".item .c-name"), ["Ama", "Bo", "Cy"]);
        assert_eq!(list.only(".item .c-body em"), "fair");
        assert_eq!(list.texts(".item .ctx a"), ["About ferry"; 3]);
        assert_eq!(list.count(".item time[datetime]"), 3);
        assert_eq!(
            list.texts(".item:first-child input[name=ground] + span"),
            [
                "Personal attack rule 1",
                "Hatred or discrimination rule 2",
                "Private information rule 3",
                "Off topic rule 4",
                "Advertising rule 5",
                "Unlawful content rule 6",
            ]
        );
        moderator.decide("waiting", "fair", "approve", "");
        moderator.decide("waiting", "ugly", "reject", "1");
        moderator.decide("waiting", "Buy", "spam", "");
        let list = moderator.get("/moderation");
        assert_eq!(list.only("h1"), "Queue clear");
        assert_eq!(
            list.texts(".nav a"),
            [
                "Waiting 0",
                "Reported 0",
                "Appeals 0",
                "Published",
                "Rejected 1",
                "Spam 1",
                "All comments",
                "Today",
                "Articles",
                "Audit log",
                "Saved replies"
            ]
        );
        for (tab, name, latest) in [
            ("published", "Ama", "Dana approved this at "),
            ("rejected", "Bo", "Dana rejected this at "),
            ("spam", "Cy", "Dana marked this as spam at "),
        ] {
            let list = moderator.get(&format!("/moderation?tab={tab}"));
            assert_eq!(list.texts(".item .c-name"), [name]);
            assert!(
                list.only(".evid").contains(latest),
                "{}",
                list.only(".evid")
            );
        }
        let rejected = moderator.get("/moderation?tab=rejected");
        assert!(rejected.only(".evid").contains("personal attack (rule 1)"));
        assert_eq!(moderator.get("/moderation?tab=all-of-it").status, 404);
        assert_eq!(acts(&server), ["signed-in", "approved", "rejected", "spam"]);
    });
}

#[test]
fn the_queue_comes_in_pages_of_twenty_five_oldest_first() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        for number in 1..=60 {
            reader.reply("ferry", "Ama", &format!("Number {number}."));
        }
        let numbers = |range: std::ops::RangeInclusive<u32>| -> Vec<String> {
            range.map(|n| format!("Number {n}.")).collect()
        };
        let moderator = server.moderator("Dana");
        let first = moderator.get("/moderation");
        assert_eq!(first.texts(".item .c-body"), numbers(1..=25));
        assert_eq!(first.texts(".pager a"), ["Newer"]);
        let second = moderator.get(&first.attribute(".pager a", "href"));
        assert_eq!(second.texts(".item .c-body"), numbers(26..=50));
        assert_eq!(second.texts(".pager a"), ["Newer", "Older"]);
        let third = moderator.get(&second.attributes(".pager a", "href")[0]);
        assert_eq!(third.texts(".item .c-body"), numbers(51..=60));
        assert_eq!(third.texts(".pager a"), ["Older"]);
        let back = moderator.get(&second.attributes(".pager a", "href")[1]);
        assert_eq!(ids(&back), ids(&first));
        // Other tabs are read newest first.
        moderator.decide("waiting", "Number 1.", "spam", "");
        moderator.decide("waiting", "Number 2.", "spam", "");
        let spam = moderator.get("/moderation?tab=spam");
        assert_eq!(spam.texts(".item .c-body"), ["Number 2.", "Number 1."]);
    });
}

#[test]
fn a_colleague_who_was_quicker_is_named_and_the_decision_can_be_kept_or_changed() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "A point.");
        let id = server.comment_at(&receipt);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        let (hers, his) = (dana.get("/moderation"), ed.get("/moderation"));
        assert_eq!(dana.decide_from(&hers, id, "approve", "").status, 303);
        let late = ed.decide_from(&his, id, "reject", "1");
        assert_eq!(late.status, 409);
        assert_eq!(late.only("h1"), "Already decided");
        let said = late.texts(".note p");
        assert!(said[0].starts_with("Dana approved this at "), "{said:?}");
        assert!(said[0].ends_with(". Nothing was changed."), "{said:?}");
        assert_eq!(said[1], "Your reason: personal attack (rule 1)");
        assert_eq!(late.texts(".item .acts a"), ["Keep it"]);
        assert_eq!(ed.get(&late.attribute(".item .acts a", "href")).status, 200);
        assert_eq!(
            statuses(&reader, &receipt),
            ("Your reply is published".to_owned(), 1)
        );

        // Changed with the form of that page.
        let form = "main .item form";
        let value = |name: &str| late.value(&format!("{form} [name={name}]"));
        assert_eq!(late.only(form), "Change it to Rejected");
        let changed = ed.post(
            &late.attribute(form, "action"),
            &[
                ("csrf", &value("csrf")),
                ("version", &value("version")),
                ("view", &value("view")),
                ("ground", &value("ground")),
                ("do", &late.attribute("main .item form button", "value")),
            ],
        );
        assert_eq!(changed.status, 303, "{}", changed.text());
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 0);
        // Dana's page is stale in turn.
        assert_eq!(dana.decide_from(&hers, id, "spam", "").status, 409);
        assert_eq!(
            acts(&server),
            ["signed-in", "signed-in", "approved", "rejected"]
        );
    });
}

#[test]
fn the_same_decision_sent_twice_by_the_same_moderator_is_done() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        let id = server.comment_at(&reader.reply("ferry", "Ama", "A point."));
        let dana = server.moderator("Dana");
        let list = dana.get("/moderation");
        let first = dana.decide_from(&list, id, "approve", "");
        let second = dana.decide_from(&list, id, "approve", "");
        assert_eq!((second.status, second.location()), (303, first.location()));
        // Another verdict upon the old page is a conflict, even with oneself.
        assert_eq!(dana.decide_from(&list, id, "spam", "").status, 409);
        assert!(
            reader
                .get("/articles/ferry")
                .only(".counts")
                .starts_with("1 comment ·")
        );
        assert_eq!(acts(&server), ["signed-in", "approved"]);
    });
}

#[test]
fn decisions_at_the_same_moment_leave_one_and_tell_the_others() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let id = server.comment_at(&server.visitor().reply("ferry", "Ama", "A point."));
        let people: Vec<_> = ["Dana", "Ed", "Flo", "Gus"]
            .iter()
            .map(|name| {
                let person = server.moderator(name);
                let list = person.get("/moderation");
                (person, list)
            })
            .collect();
        let hands: Vec<_> = people
            .into_iter()
            .zip(["approve", "spam", "reject", "approve"])
            .map(|((person, list), verdict)| {
                std::thread::spawn(move || person.decide_from(&list, id, verdict, "1").status)
            })
            .collect();
        let mut answers: Vec<_> = hands.into_iter().map(|hand| hand.join().unwrap()).collect();
        answers.sort_unstable();
        assert_eq!(answers, [303, 409, 409, 409]);
        assert_eq!(acts(&server).len(), 5);
    });
}

#[test]
fn a_decision_that_makes_no_sense_is_refused_and_changes_nothing() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        let id = server.comment_at(&reader.reply("ferry", "Ama", "A point."));
        let dana = server.moderator("Dana");
        let list = dana.get("/moderation");
        let csrf = list.value("input[name=csrf]");
        let long = "n".repeat(2_003);
        let path = format!("/moderation/comments/{id}/decide");
        let cases: &[&[(&str, &str)]] = &[
            &[],
            &[("do", "delete"), ("version", "1")],
            &[("do", "reject"), ("version", "1")],
            &[("do", "reject"), ("version", "1"), ("ground", "99")],
            &[("do", "reject"), ("version", "1"), ("ground", "x")],
            &[
                ("do", "reject"),
                ("version", "1"),
                ("ground", "1"),
                ("note", &long),
            ],
            &[
                ("do", "reject"),
                ("version", "1"),
                ("ground", "1"),
                ("note", "a\0b"),
            ],
            &[("do", "approve"), ("version", "x")],
            &[("do", "approve")],
            &[("do", "approve"), ("do", "spam"), ("version", "1")],
        ];
        for fields in cases {
            let mut sent = vec![("csrf", csrf.as_str()), ("view", "")];
            sent.extend(*fields);
            assert_eq!(dana.post(&path, &sent).status, 400, "{fields:?}");
        }
        for id in ["999", "x", "-1", "99999999999999999999"] {
            let fields = [("csrf", csrf.as_str()), ("do", "approve"), ("version", "1")];
            let page = dana.post(&format!("/moderation/comments/{id}/decide"), &fields);
            assert_eq!(page.status, 404, "{id}");
        }
        assert_eq!(dana.get("/moderation").count(".item"), 1);
        assert_eq!(acts(&server), ["signed-in"]);
    });
}

#[test]
fn the_desks_script_gets_its_answers_as_json() {
    let server = ferry(Engine::Sqlite);
    let reader = server.visitor();
    let id = server.comment_at(&reader.reply("ferry", "Ama <b>", "A point."));
    let dana = server.moderator("Dana");
    let list = dana.get("/moderation");
    let form = format!("#c-{id} form");
    let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
    let body = format!(
        "csrf={}&version={}&tab=waiting&do=approve",
        value("csrf"),
        value("version")
    );
    let path = format!("/moderation/comments/{id}/decide");
    let json = |client: &Client, path: &str, body: &str| {
        client.post_raw(
            path,
            body.as_bytes(),
            &[("origin", client.base()), ("accept", "application/json")],
        )
    };
    let signed_out = json(&reader, &path, &body);
    assert_eq!(
        (signed_out.status, signed_out.header("location")),
        (401, None)
    );

    let done = json(&dana, &path, &body);
    assert_eq!(done.status, 200);
    assert_eq!(done.header("content-type"), Some("application/json"));
    assert_eq!(done.header("cache-control"), Some("no-store"));
    let said: serde_json::Value = serde_json::from_str(&done.body).unwrap();
    assert_eq!(said["message"], "Approved: Ama <b>.");
    let undo = said["undo"].as_str().unwrap();
    let undone = json(&dana, undo, &format!("csrf={}&tab=waiting", value("csrf")));
    let said: serde_json::Value = serde_json::from_str(&undone.body).unwrap();
    assert_eq!(said["message"], "Undone: Ama <b> is back in the queue.");
    assert!(said["undo"].is_null());
    let stale = json(&dana, &path, &body.replace("approve", "spam"));
    assert_eq!(stale.status, 409);
}
