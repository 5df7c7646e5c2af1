//! Many decisions at once: what was ticked, everything in a list, and all of it taken back.

use diesel::prelude::*;
use rejoinder::store::schema::{bulks, outbox};
use rejoinder::time::{HOUR, MINUTE};

use crate::desk::{decide, edit, ids, list, listed, post, reply, toast};
use crate::moderating::ferry;
use crate::support::client::Fields;
use crate::support::{Client, Engine, Page, Server, on_each_engine};

pub const BULK: &str = "/moderation/bulk";

/// A server with so many replies that wait.
pub fn waiting(engine: Engine, count: usize) -> (Server, Client, Vec<i64>) {
    let server = ferry(engine);
    let reader = server.visitor();
    let ids = (1..=count)
        .map(|number| reply(&server, &reader, "Ama", &format!("Number {number}.")).id)
        .collect();
    let dana = server.moderator("Dana");
    (server, dana, ids)
}

/// The tick boxes of these comments, as a page has them.
fn ticks(page: &Page, ids: &[i64]) -> Vec<String> {
    let tick = |id: &i64| page.value(&format!("#c-{id} .pick [name=sel]"));
    ids.iter().map(tick).collect()
}

/// Ticks these comments on this page and sends its form.
pub fn tick(moderator: &Client, page: &Page, ids: &[i64], fields: Fields) -> Page {
    let (csrf, view) = (
        page.value("#bulk [name=csrf]"),
        page.value("#bulk [name=view]"),
    );
    let ticks = ticks(page, ids);
    let mut all = vec![("csrf", &*csrf), ("view", &*view)];
    all.extend(ticks.iter().map(|word| ("sel", word.as_str())));
    all.extend_from_slice(fields);
    moderator.post(BULK, &all)
}

/// Presses the undo of a bulk.
pub fn undo(moderator: &Client, done: &Page) -> Page {
    moderator.undo(&moderator.get(&done.location()))
}

#[test]
fn what_was_ticked_is_decided_and_the_rest_is_left() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 7);
        let page = list(&dana, "sort=oldest");
        let done = tick(
            &dana,
            &page,
            &all[..3],
            &[("do", "approve"), ("ground", "")],
        );
        assert!(done.location().starts_with("/moderation?sort=oldest&bulk="));
        let after = dana.get(&done.location());
        assert_eq!(after.only("main .toast p"), "3 done.");
        assert_eq!(ids(&after), all[3..]);
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 3);
        let done = tick(
            &dana,
            &after,
            &all[3..5],
            &[("do", "reject"), ("ground", "4")],
        );
        assert_eq!(toast(&dana, &done), "2 done.");
        let rejected = list(&dana, "tab=rejected&sort=oldest");
        assert_eq!(ids(&rejected), all[3..5]);
        assert!(rejected.texts(".evid")[0].contains("off topic (rule 4)"));
        let done = tick(
            &dana,
            &list(&dana, ""),
            &all[6..],
            &[("do", "spam"), ("ground", "4")],
        );
        assert_eq!(toast(&dana, &done), "1 done.");
        assert_eq!(listed(&dana, "tab=spam"), all[6..]);
        assert_eq!(listed(&dana, ""), all[5..6]);
    });
}

#[test]
fn what_changed_after_the_page_was_drawn_is_left_alone_and_counted() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 3);
        let (reader, ed) = (server.visitor(), server.moderator("Ed"));
        let edited = reply(&server, &reader, "Bo", "To be edited.");
        let gone = reply(&server, &reader, "Cy", "To be withdrawn.");
        let stale = list(&dana, "");
        decide(&ed, "", all[1], &[("do", "spam")]);
        edit(&reader, &edited.receipt, "Quite another text.");
        reader.post(&format!("{}/withdraw", gone.receipt), &[]);
        let five = [all[0], all[1], all[2], edited.id, gone.id];
        let done = tick(&dana, &stale, &five, &[("do", "approve")]);
        assert_eq!(toast(&dana, &done), "2 done, 3 changed meanwhile.");
        assert_eq!(listed(&dana, ""), [edited.id]);
        assert_eq!(listed(&dana, "tab=spam"), [all[1]]);

        // The same form again tells of the same bulk; another verdict finds everything changed.
        let again = tick(&dana, &stale, &five, &[("do", "approve")]);
        assert_eq!(again.location(), done.location());
        let other = tick(&dana, &stale, &five, &[("do", "spam")]);
        assert_ne!(other.location(), done.location());
        let said = dana.get(&other.location());
        assert_eq!(said.only("main .toast p"), "0 done, 5 changed meanwhile.");
        assert_eq!(said.count("main .toast form"), 0);
        let unknown = [("view", ""), ("do", "approve"), ("sel", "999.1 998.1.7")];
        let done = post(&dana, BULK, &unknown);
        assert_eq!(toast(&dana, &done), "0 done, 2 changed meanwhile.");
        assert_eq!(listed(&dana, "tab=published"), [all[2], all[0]]);
    });
}

#[test]
fn a_bulk_that_was_cut_off_tells_what_it_did_when_it_is_sent_again_and_can_be_taken_back() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 3);
        let page = list(&dana, "");
        tick(&dana, &page, &all[..2], &[("do", "approve")]);
        // As it stands when the server is killed between the last decision and the end.
        diesel::update(bulks::table)
            .set((bulks::done.eq(0), bulks::changed.eq(0)))
            .execute(&mut server.database.connect())
            .unwrap();
        let again = tick(&dana, &page, &all[..2], &[("do", "approve")]);
        assert_eq!(toast(&dana, &again), "2 done.");
        assert_eq!(toast(&dana, &undo(&dana, &again)), "2 undone.");
        assert_eq!(listed(&dana, ""), all);
    });
}

/// Every page and feed that readers and machines see.
fn public(server: &Server) -> Vec<String> {
    let reader = server.visitor();
    [
        "/",
        "/articles/ferry",
        "/feed.atom",
        "/articles/ferry/feed.atom",
        "/api/counts?slug=ferry",
        "/sitemap.xml",
    ]
    .iter()
    .map(|path| {
        let page = reader.get(path);
        assert_eq!(page.status, 200, "{path}");
        format!("{path}\n{:?}\n{}", page.header("etag"), page.body)
    })
    .collect()
}

/// Effects that are on their way: all, and those that were called back.
fn effects(server: &Server) -> (i64, i64) {
    let mut db = server.database.connect();
    let all = outbox::table.count().get_result(&mut db).unwrap();
    let back = outbox::table
        .filter(outbox::cancelled_at.is_not_null())
        .count()
        .get_result(&mut db)
        .unwrap();
    (all, back)
}

#[test]
fn a_bulk_taken_back_leaves_everything_as_it_was_and_nothing_to_send() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 8);
        let reader = server.visitor();
        for id in &all[..3] {
            decide(&dana, "", *id, &[("do", "approve")]);
        }
        decide(&dana, "", all[3], &[("do", "reject"), ("ground", "4")]);
        let answered = reader.answer("ferry", all[0], "Bo", "An answer.");
        decide(
            &dana,
            "",
            server.comment_at(&answered),
            &[("do", "approve")],
        );
        server.clock.advance(2 * HOUR + MINUTE / 2);
        server.deliver();
        let (before, sent) = (public(&server), effects(&server));
        let lists = || -> Vec<Vec<i64>> {
            ["", "tab=published", "tab=rejected", "tab=spam"]
                .iter()
                .map(|words| listed(&dana, words))
                .collect()
        };
        let before_lists = lists();
        let page = list(&dana, "tab=all&sort=oldest");
        let done = tick(&dana, &page, &ids(&page), &[("do", "spam")]);
        assert_eq!(toast(&dana, &done), "9 done.");
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 0);
        assert_ne!(public(&server)[1..5], before[1..5]);
        let posted = effects(&server).0 - sent.0;
        assert!(posted > 0);

        server.clock.advance(MINUTE - 5_000);
        let undone = undo(&dana, &done);
        assert_eq!(undone.status, 303, "{}", undone.text());
        let after = dana.get(&undone.location());
        assert_eq!(after.only("main .toast p"), "9 undone.");
        assert_eq!(
            after.count("main .toast form"),
            0,
            "there is no undo of an undo"
        );
        assert_eq!(public(&server), before);
        assert_eq!(lists(), before_lists);
        assert_eq!(effects(&server), (sent.0 + posted, sent.1 + posted));
        let rejected = list(&dana, "tab=rejected");
        assert!(rejected.only(".evid").contains("off topic (rule 4)"));
        server.clock.advance(HOUR);
        assert_eq!(server.notices(), []);
        let drift = rejoinder::store::publication::drift(&mut server.database.connect()).unwrap();
        assert_eq!(drift, (0, 0, 0));
    });
}

#[test]
fn an_undo_leaves_alone_what_somebody_decided_since() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 4);
        let ed = server.moderator("Ed");
        let page = list(&dana, "");
        let done = tick(&dana, &page, &all[..3], &[("do", "approve")]);
        let told = dana.get(&done.location());
        decide(&ed, "tab=published", all[1], &[("do", "spam")]);
        // A colleague may take it back too.
        let undone = ed.undo(&ed.get(&done.location()));
        assert_eq!(toast(&ed, &undone), "2 undone, 1 changed meanwhile.");
        assert_eq!(listed(&dana, ""), [all[0], all[2], all[3]]);
        assert_eq!(listed(&dana, "tab=spam"), [all[1]]);
        // Pressed on the page that still has the button, it says the same.
        let again = dana.undo(&told);
        assert_eq!(toast(&dana, &again), "2 undone, 1 changed meanwhile.");
        assert_eq!(listed(&dana, ""), [all[0], all[2], all[3]]);
        for bulk in ["999", "x", "0"] {
            let path = format!("/moderation/bulks/{bulk}/undo");
            assert_eq!(post(&dana, &path, &[("view", "")]).status, 404, "{bulk}");
        }
    });
}

#[test]
fn a_bulk_without_a_reason_or_a_comment_changes_nothing_and_says_so() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 2);
        let page = list(&dana, "sort=newest");
        let none = tick(&dana, &page, &[], &[("do", "approve")]);
        assert!(none.location().starts_with("/moderation?sort=newest&"));
        assert_eq!(
            toast(&dana, &none),
            "No comment was selected. Nothing was changed."
        );
        for fields in [
            &[("do", "reject"), ("ground", "")][..],
            &[("do", "reject")],
            &[("do", "reject"), ("everything", "1")],
        ] {
            let answer = tick(&dana, &page, &all, fields);
            let said = "No reason for rejecting was chosen. Nothing was changed.";
            assert_eq!(toast(&dana, &answer), said);
        }
        let one = format!("{}.1", all[0]);
        for fields in [
            &[("do", "approve"), ("sel", "x")][..],
            &[("do", "approve"), ("sel", "1")],
            &[("do", "approve"), ("sel", "1.1.1.1")],
            &[("do", "approve"), ("sel", "-1.1")],
            &[("do", "approve"), ("sel", "1.\0")],
            &[
                ("do", "approve"),
                ("sel", &one),
                ("sel", "99999999999999999999.1"),
            ],
            &[("do", "delete"), ("sel", &one)],
            &[("sel", &one)],
            &[("do", "reject"), ("sel", &one), ("ground", "99")],
            &[("do", "reject"), ("sel", &one), ("ground", "x")],
            &[("do", "reject"), ("everything", "1"), ("ground", "99")],
        ] {
            let mut all = vec![("view", "")];
            all.extend_from_slice(fields);
            assert_eq!(post(&dana, BULK, &all).status, 400, "{fields:?}");
        }
        let view = [("view", "tab=none"), ("do", "approve"), ("sel", &one)];
        assert_eq!(post(&dana, BULK, &view).status, 400);
        let ed = server.moderator("Ed");
        let csrf = ed.get("/moderation").value("input[name=csrf]");
        for path in [BULK, "/moderation/bulks/1/undo"] {
            let foreign = [
                ("csrf", &*csrf),
                ("view", ""),
                ("do", "approve"),
                ("sel", &one),
            ];
            assert_eq!(dana.post(path, &foreign).status, 403, "{path}");
            assert_eq!(server.visitor().post(path, &foreign).status, 303, "{path}");
        }
        assert_eq!(listed(&dana, ""), all);
    });
}

#[test]
fn edits_in_a_bulk_are_accepted_or_refused_and_the_comments_stay() {
    on_each_engine(|engine| {
        let (server, dana, _) = waiting(engine, 0);
        let reader = server.visitor();
        let sent: Vec<_> = (1..=3)
            .map(|number| {
                let one = reply(&server, &reader, "Ama", &format!("Number {number}."));
                decide(&dana, "", one.id, &[("do", "approve")]);
                one
            })
            .collect();
        for one in &sent {
            edit(&reader, &one.receipt, "Edited.");
        }
        let plain = reply(&server, &reader, "Bo", "Plain.").id;
        let page = list(&dana, "");
        assert_eq!(ids(&page).len(), 4);
        let bodies = || {
            server
                .visitor()
                .get("/articles/ferry")
                .texts(".comment .c-body")
        };
        let done = tick(&dana, &page, &[sent[0].id, plain], &[("do", "approve")]);
        assert_eq!(toast(&dana, &done), "2 done.");
        assert_eq!(bodies(), ["Edited.", "Number 2.", "Number 3.", "Plain."]);
        let refused = tick(
            &dana,
            &page,
            &[sent[1].id],
            &[("do", "reject"), ("ground", "1")],
        );
        assert_eq!(toast(&dana, &refused), "1 done.");
        assert_eq!(bodies(), ["Edited.", "Number 2.", "Number 3.", "Plain."]);
        assert_eq!(listed(&dana, ""), [sent[2].id]);
        // An edit that came after the page was drawn was not seen, and is not accepted.
        edit(&reader, &sent[2].receipt, "Edited once more.");
        let late = tick(&dana, &page, &[sent[2].id], &[("do", "approve")]);
        assert_eq!(toast(&dana, &late), "0 done, 1 changed meanwhile.");
        assert_eq!(toast(&dana, &undo(&dana, &done)), "2 undone.");
        assert_eq!(bodies(), ["Number 1.", "Number 2.", "Number 3."]);
        assert_eq!(listed(&dana, ""), [sent[0].id, sent[2].id, plain]);
        assert_eq!(toast(&dana, &undo(&dana, &refused)), "1 undone.");
        assert_eq!(listed(&dana, "").len(), 4);
    });
}
