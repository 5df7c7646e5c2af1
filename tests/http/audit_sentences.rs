//! What the audit log says of each act.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use rejoinder::store::articles;
use rejoinder::store::audit::{Actor, Entry};
use rejoinder::store::schema::audit_texts;
use rejoinder::time::MINUTE;

use crate::auditing::{LOG, append, sentences};
use crate::delivering::{answer, decide};
use crate::moderating::ferry;
use crate::support::{Engine, on_each_engine};

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
        let id = server.comment_at(&receipt);
        let comment = Some(id);
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
        let of = format!("comment {id} by Ama on About ferry");
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
fn what_moderators_do_besides_deciding_has_sentences_too() {
    let server = ferry(Engine::Sqlite);
    let dana = server.moderator("Dana");
    let receipt = server.visitor().reply("ferry", "Ama", "A point.");
    let id = server.comment_at(&receipt);
    let by_dana = |act| Entry::new(Actor::Moderator(1), act);
    let until = rejoinder::time::Timestamp(1_790_000_000_000);
    append(
        &server,
        &Entry {
            comment: Some(id),
            facts: serde_json::json!({ "author": 7, "until": until.0 }),
            text: "Three in a row.",
            ..by_dana("author-held")
        },
    );
    append(
        &server,
        &Entry {
            comment: Some(id),
            ..by_dana("author-released")
        },
    );
    for act in ["author-released", "author-trusted", "author-untrusted"] {
        let facts = serde_json::json!({ "author": 7 });
        append(
            &server,
            &Entry {
                facts,
                ..by_dana(act)
            },
        );
    }
    for act in [
        "saved-reply-added",
        "saved-reply-changed",
        "saved-reply-removed",
    ] {
        let text = "No links";
        append(
            &server,
            &Entry {
                text,
                ..by_dana(act)
            },
        );
    }
    let page = dana.get(LOG);
    assert_eq!(
        sentences(&page)[..8],
        [
            "Dana removed the saved reply No links".to_owned(),
            "Dana changed the saved reply No links".to_owned(),
            "Dana added the saved reply No links".to_owned(),
            "Dana took the trust in author 7 back".to_owned(),
            "Dana trusted author 7".to_owned(),
            "Dana ended the hold on author 7".to_owned(),
            format!("Dana ended the hold on the author of comment {id} by Ama"),
            format!(
                "Dana held the author of comment {id} by Ama until 21 September 2026 Three in a row."
            ),
        ]
    );
    assert_eq!(
        page.attributes(".log a", "href"),
        ["/moderation/authors/7"; 3]
    );
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
