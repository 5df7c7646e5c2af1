//! The audit log as moderators read it, and undo from it.

use diesel::connection::SimpleConnection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rejoinder::store::audit::{self, Actor, Entry};
use rejoinder::store::schema::{audit_entries, audit_texts, bulks};
use rejoinder::store::{articles, transaction};
use rejoinder::time::{DAY, MINUTE};

use crate::delivering::{answer, decide};
use crate::moderating::ferry;
use crate::support::{Client, Engine, Page, Server, on_each_engine};

const LOG: &str = "/moderation/audit";

/// The sentences of a page of the log, newest first.
fn sentences(page: &Page) -> Vec<String> {
    page.texts(".log li > span")
}

/// Appends an entry, as the act of that name would.
fn append(server: &Server, entry: &Entry<'_>) {
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
fn every_act_has_its_sentence() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let ed = server.moderator("Ed");
        let receipt = reader.reply("ferry", "Ama", "The first.");
        let id = server.comment_at(&receipt);
        decide(&dana, "waiting", "The first.", "spam");
        decide(&dana, "spam", "The first.", "approve");
        for verdict in ["reject", "approve"] {
            let form = reader.get(&format!("{receipt}/edit"));
            let seen = form.value("main [name=seen]");
            let body = format!("The first, {verdict}ed.");
            let fields = [("seen", &*seen), ("body", &*body), ("do", "send")];
            assert_eq!(reader.post(&format!("{receipt}/edit"), &fields).status, 303);
            answer(&dana, "waiting", id, verdict, "revision");
        }
        let form = reader.get(&format!("/comments/{id}/report"));
        let seen = form.value("main [name=seen]");
        let fields = [("ground", "4"), ("seen", &*seen), ("explanation", "Off.")];
        reader.post(&format!("/comments/{id}/report"), &fields);
        answer(&dana, "reported", id, "keep", "");
        decide(&dana, "published", "The first", "reject");
        server.clock.advance(MINUTE);
        reader.post(&format!("{receipt}/appeal"), &[("why", "It was not.")]);
        let upheld = answer(&ed, "appeals", id, "keep", "appeal");
        ed.undo(&ed.get(&upheld.location()));
        answer(&ed, "appeals", id, "approve", "appeal");
        reader.post(&format!("{receipt}/withdraw"), &[]);
        let csrf = ed
            .get("/moderation")
            .value("[action='/logout'] [name=csrf]");
        ed.post("/logout", &[("csrf", &csrf)]);
        let page = dana.get(LOG);
        assert_eq!(page.status, 200);
        let mut said = sentences(&page);
        said.reverse();
        let subject = format!("comment {id} on About ferry");
        let expected: Vec<String> = [
            "Command line added the article ferry",
            "Dana signed in",
            "Ed signed in",
            "Dana marked SUBJECT as spam",
            "Dana approved SUBJECT",
            "Dana refused an edit of SUBJECT: off topic (rule 4) A word.",
            "Dana accepted an edit of SUBJECT A word.",
            "Dana found nothing wrong with SUBJECT A word.",
            "Dana rejected SUBJECT: off topic (rule 4)",
            "Ed upheld the decision on SUBJECT against the appeal A word. undone by Ed, CLOCK",
            "Ed undid the answer to an appeal by Ed on SUBJECT",
            "Ed granted the appeal on SUBJECT and published it A word.",
            "Its author withdrew SUBJECT",
            "Ed signed out",
        ]
        .map(|line| line.replace("SUBJECT", &subject))
        .to_vec();
        let undone = said[9].split(", ").last().unwrap().to_owned();
        assert_eq!(undone.len(), "14:09".len(), "{undone}");
        let said: Vec<String> = said
            .iter()
            .map(|line| line.replace(&format!("by Ed, {undone}"), "by Ed, CLOCK"))
            .collect();
        assert_eq!(said, expected);
        assert_eq!(page.count(".log form"), 0, "nothing can be undone any more");
    });
}

#[test]
fn acts_of_the_command_line_and_acts_of_another_version_have_sentences_too() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("Dana");
        let receipt = server.visitor().reply("ferry", "Ama", "A point.");
        let comment = Some(server.comment_at(&receipt));
        let mut db = server.database.connect();
        let Some(articles::Found::Article(article)) = articles::find(&mut db, "ferry").unwrap()
        else {
            panic!("there is an article");
        };
        let article = Some(article.id);
        for act in [
            "moderator-added",
            "password-set",
            "moderator-disabled",
            "moderator-enabled",
        ] {
            let text = "Priya";
            append(
                &server,
                &Entry {
                    text,
                    ..Entry::new(Actor::CommandLine, act)
                },
            );
        }
        for act in ["article-opened", "article-closed", "article-removed"] {
            append(
                &server,
                &Entry {
                    article,
                    ..Entry::new(Actor::CommandLine, act)
                },
            );
        }
        let facts = serde_json::json!({ "slug": "ferry" });
        append(
            &server,
            &Entry {
                facts,
                ..Entry::new(Actor::CommandLine, "article-updated")
            },
        );
        append(
            &server,
            &Entry {
                comment,
                article,
                ..Entry::new(Actor::Policy, "approved")
            },
        );
        append(
            &server,
            &Entry {
                comment,
                article,
                ..Entry::new(Actor::Policy, "folded-twice")
            },
        );
        append(
            &server,
            &Entry {
                article,
                ..Entry::new(Actor::Author, "folded-once")
            },
        );
        append(&server, &Entry::new(Actor::Moderator(99), "folded"));
        // Whatever a row holds, the page is shown.
        db.batch_execute(
            "UPDATE audit_entries SET actor = 9, facts = 'none' WHERE act = 'folded-once'",
        )
        .unwrap();
        let page = dana.get(LOG);
        assert_eq!(page.status, 200);
        let of = format!("comment {} by Ama on About ferry", comment.unwrap());
        assert_eq!(
            sentences(&page)[..12],
            [
                "A moderator: folded".to_owned(),
                "Somebody: folded-once, About ferry".to_owned(),
                format!("Policy: folded-twice, {of}"),
                format!("Policy approved {of}"),
                "Command line updated the article ferry".to_owned(),
                "Command line removed the article About ferry".to_owned(),
                "Command line closed About ferry for replies".to_owned(),
                "Command line opened About ferry for replies".to_owned(),
                "Command line enabled the account Priya".to_owned(),
                "Command line disabled the account Priya".to_owned(),
                "Command line set the password of Priya".to_owned(),
                "Command line added the account Priya".to_owned(),
            ]
        );
        // Erasure takes the words and leaves the act.
        diesel::delete(audit_texts::table).execute(&mut db).unwrap();
        let page = dana.get(LOG);
        assert_eq!(
            sentences(&page)[11],
            "Command line added the account (name no longer kept)"
        );
    });
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
        // No page is empty but of an empty log, and no address is an error of ours.
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

#[test]
fn names_and_notes_in_the_log_are_text_and_nothing_else() {
    let hostile = "<script>alert(1)</script>\"'>&amp;\u{202e}";
    let server = ferry(Engine::Sqlite);
    let dana = server.moderator("Dana");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "<b>Ama</b>", "The first.");
    let id = server.comment_at(&receipt);
    let list = dana.get("/moderation");
    let form = format!("#c-{id} form[action='/moderation/comments/{id}/decide']");
    let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
    let fields = [
        ("csrf", &*value("csrf")),
        ("version", &value("version")),
        ("tab", "waiting"),
        ("do", "reject"),
        ("ground", "4"),
        ("note", "</q><img src=x onerror=alert(1)>"),
    ];
    let path = format!("/moderation/comments/{id}/decide");
    assert_eq!(dana.post(&path, &fields).status, 303);
    append(
        &server,
        &Entry {
            text: hostile,
            ..Entry::new(Actor::CommandLine, "moderator-added")
        },
    );
    append(&server, &Entry::new(Actor::Policy, hostile));
    let page = dana.get(LOG);
    assert_eq!(page.count("main script, main img, main .log b b"), 0);
    assert_eq!(page.only(".log q"), "</q><img src=x onerror=alert(1)>");
    assert!(page.text().contains("by <b>Ama</b> on"));
    assert!(page.text().contains("<script>alert(1)</script>\"'>&amp;"));
}
