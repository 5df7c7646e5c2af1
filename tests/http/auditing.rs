//! The audit log as moderators read it, and undo from it.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rejoinder::store::audit::{self, Actor, Entry};
use rejoinder::store::schema::{audit_entries, bulks};
use rejoinder::store::transaction;
use rejoinder::time::{DAY, MINUTE};

use crate::delivering::decide;
use crate::moderating::ferry;
use crate::support::{Client, Engine, Page, Server, on_each_engine};

pub const LOG: &str = "/moderation/audit";

/// The sentences of a page of the log, newest first.
pub fn sentences(page: &Page) -> Vec<String> {
    page.texts(".log li > span")
}

/// Appends an entry, as the act of that name would.
pub fn append(server: &Server, entry: &Entry<'_>) {
    let mut db = server.database.connect();
    transaction(&mut db, |db| audit::append(db, entry, server.now())).unwrap();
}

/// The line of the log that says these words.
fn line_with(page: &Page, words: &str) -> String {
    let ids = page.attributes(".log li", "id");
    let at = sentences(page).iter().position(|said| said.contains(words));
    let at = at.unwrap_or_else(|| panic!("no `{words}` in {:#?}", sentences(page)));
    ids[at].clone()
}

/// Presses the undo of the line that says these words.
fn undo(moderator: &Client, page: &Page, words: &str) -> Page {
    let form = format!(
        "#{} form[action^='/moderation/decisions/']",
        line_with(page, words)
    );
    let value = |name: &str| page.value(&format!("{form} input[name={name}]"));
    let fields = [
        ("csrf", &*value("csrf")),
        ("from", &value("from")),
        ("entry", &value("entry")),
        ("before", &value("before")),
    ];
    moderator.post(&page.attribute(&form, "action"), &fields)
}

#[test]
fn a_decision_undone_from_the_log_is_struck_through_there() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana, ed) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Ed"),
        );
        reader.reply("ferry", "Ama", "The first.");
        reader.reply("ferry", "Bo", "The second.");
        decide(&dana, "waiting", "The first.", "reject");
        decide(&dana, "waiting", "The second.", "approve");
        let log = ed.get(LOG);
        assert_eq!(log.only(".nav [aria-current=page]"), "Audit log");
        assert_eq!(log.count(".log form"), 2);
        let public = server.visitor().get("/articles/ferry").item_with("second");
        assert_eq!(
            log.attributes(".log a[href^='/comments/']", "href"),
            [format!("/comments/{public}")],
            "only what is public has an address"
        );
        let line = line_with(&log, "by Ama");
        let clock = log.only(&format!("#{line} time"));
        assert_eq!(
            log.only(&format!("#{line} button")),
            format!("Undo the entry at {clock}")
        );
        let answer = undo(&ed, &log, "by Ama");
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(answer.location().starts_with("/moderation/audit?done="));
        assert!(answer.location().ends_with(&format!("#{line}")));
        let log = ed.get(&answer.location());
        assert_eq!(log.only(".toast p"), "Undone: Ama is back in the queue.");
        let subject = log.only(&format!("#{line} s"));
        assert!(subject.starts_with("Dana rejected comment "), "{subject}");
        let said = sentences(&log);
        assert!(said[0].starts_with("Ed undid the rejection by Dana on comment "));
        assert!(
            said[2].contains("off topic (rule 4) undone by Ed, "),
            "{said:#?}"
        );
        assert_eq!(log.count(".log s"), 1);
        assert_eq!(log.count(".log form"), 1, "an undo is not undone");
        assert_eq!(ed.get("/moderation").count(".item"), 1);
        // And nobody was ever written to.
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), [(public, "approved".to_owned())]);
    });
}

#[test]
fn what_is_not_the_last_decision_any_more_offers_no_undo_and_takes_none() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana, ed) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Ed"),
        );
        reader.reply("ferry", "Ama", "The first.");
        decide(&dana, "waiting", "The first.", "approve");
        let stale = ed.get(LOG);
        decide(&dana, "published", "The first.", "spam");
        let late = undo(&ed, &stale, "approved");
        assert_eq!(late.status, 409);
        assert!(
            late.only(".note")
                .starts_with("Dana marked this as spam at ")
        );
        let log = ed.get(LOG);
        let forms = log.attributes(".log li:has(form)", "id");
        assert_eq!(forms, [line_with(&log, "as spam")]);
        // A form that names no place in the log is no form of ours.
        let path = log.attribute(".log form", "action");
        let csrf = log.value(".log form [name=csrf]");
        for (entry, before) in [("", ""), ("x", ""), ("1", "x"), ("//evil.example", "")] {
            let fields = [
                ("csrf", &*csrf),
                ("from", "audit"),
                ("entry", entry),
                ("before", before),
            ];
            assert_eq!(ed.post(&path, &fields).status, 400, "{entry:?} {before:?}");
        }
        assert_eq!(ed.get("/moderation?tab=spam").count(".item"), 1);
    });
}

#[test]
fn a_bulk_is_undone_as_a_whole_from_the_first_of_its_lines() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        for text in ["The first.", "The second.", "The third."] {
            reader.reply("ferry", "Ama", text);
            decide(&dana, "waiting", text, "approve");
        }
        let mut db = server.database.connect();
        let bulk: i64 = diesel::insert_into(bulks::table)
            .values((
                bulks::moderator_id.eq(1_i64),
                bulks::at.eq(0_i64),
                bulks::asked.eq(2_i64),
                bulks::done.eq(2_i64),
                bulks::changed.eq(0_i64),
            ))
            .returning(bulks::id)
            .get_result(&mut db)
            .unwrap();
        let latest: Vec<i64> = audit_entries::table
            .order(audit_entries::id.desc())
            .limit(2)
            .select(audit_entries::id)
            .load(&mut db)
            .unwrap();
        diesel::update(audit_entries::table.filter(audit_entries::id.eq_any(&latest)))
            .set(audit_entries::facts.eq(format!("{{\"bulk\":{bulk}}}")))
            .execute(&mut db)
            .unwrap();
        let log = dana.get(LOG);
        let whole = format!(".log form[action='/moderation/bulks/{bulk}/undo']");
        assert_eq!(log.count(&whole), 1);
        assert_eq!(
            log.only(&format!("#e-{} form:last-child button", latest[0])),
            "Undo the whole bulk"
        );
        let marked = sentences(&log)
            .iter()
            .filter(|said| said.ends_with("as part of a bulk decision"))
            .count();
        assert_eq!(marked, 2);
        assert_eq!(log.count(".log form[action^='/moderation/decisions/']"), 3);
        diesel::update(bulks::table)
            .set(bulks::undone.eq(2_i64))
            .execute(&mut db)
            .unwrap();
        assert_eq!(dana.get(LOG).count(&whole), 0);
    });
}

#[test]
fn the_log_comes_in_pages_of_fifty_by_days_and_an_undo_leads_back_to_its_page() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        reader.reply("ferry", "Ama", "The first.");
        decide(&dana, "waiting", "The first.", "approve");
        let before = sentences(&dana.get(LOG)).len();
        server.clock.advance(DAY);
        for number in 1..=100 {
            let act = format!("act-{number}");
            append(&server, &Entry::new(Actor::Policy, &act));
        }
        // Signed in for a day without use.
        dana.sign_in("Dana", crate::support::PASSWORD);
        let first = dana.get(LOG);
        assert_eq!(sentences(&first).len(), 50);
        assert_eq!(sentences(&first)[0], "Dana signed in");
        assert_eq!(first.texts(".pager a"), ["Older"]);
        assert_eq!(first.count("main h2"), 1);
        let second = dana.get(&first.attribute(".pager a", "href"));
        assert_eq!(sentences(&second)[0], "Policy: act-51");
        assert_eq!(second.texts(".pager a"), ["Newer", "Older"]);
        let third = dana.get(&second.attributes(".pager a", "href")[1]);
        assert_eq!(sentences(&third).len(), before + 1);
        assert_eq!(third.texts(".pager a"), ["Newer"]);
        assert_eq!(third.count("main h2"), 2);
        let back = dana.get(&third.attribute(".pager a", "href"));
        assert_eq!(sentences(&back), sentences(&second));

        let answer = undo(&dana, &third, "approved");
        let again = dana.get(&answer.location());
        assert_eq!(
            again.attributes(".log li", "id"),
            third.attributes(".log li", "id")
        );
        assert_eq!(again.count(".log s"), 1);
        assert_eq!(again.count(".toast"), 1);
        // No address is an error of ours.
        for (query, status) in [
            ("before=0", 200),
            ("after=99999999", 200),
            ("before=x", 404),
            ("done=99999999", 200),
            ("before=99999999999999999999", 404),
        ] {
            assert_eq!(
                dana.get(&format!("{LOG}?{query}")).status,
                status,
                "{query}"
            );
        }
    });
}

#[test]
fn the_log_is_for_moderators_alone_and_never_kept() {
    let server = ferry(Engine::Sqlite);
    let dana = server.moderator("Dana");
    let page = dana.get(LOG);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(dana.head(LOG).status, 200);
    assert_eq!(dana.post(LOG, &[]).status, 405);
    let stranger = server.visitor().get(LOG);
    assert_eq!(stranger.status, 303);
    assert_eq!(stranger.location(), "/login?next=%2Fmoderation%2Faudit");
}
