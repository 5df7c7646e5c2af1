//! The audit log narrowed down, and handed out as files.

use std::sync::Arc;

use diesel::RunQueryDsl;
use rejoinder::store::audit::{Actor, Entry};
use rejoinder::time::{DAY, MINUTE};

use crate::auditing::{LOG, append, sentences};
use crate::delivering::decide;
use crate::desk::{date, list};
use crate::moderating::ferry;
use crate::support::{PASSWORD, Server, on_each_engine};

#[test]
fn the_log_is_filtered_by_person_act_comment_and_day_and_keeps_that_across_pages_and_undos() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana, ed) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Ed"),
        );
        let receipt = reader.reply("ferry", "Ama", "The first.");
        let id = server.comment_at(&receipt);
        reader.reply("ferry", "Bo", "The second.");
        decide(&dana, "waiting", "The first.", "approve");
        decide(&ed, "waiting", "The second.", "spam");
        let said = |words: &str| sentences(&dana.get(&format!("{LOG}?{words}")));
        let page = dana.get(LOG);
        let people = page.texts("#f-who option");
        assert_eq!(
            people,
            [
                "Everyone",
                "Dana",
                "Ed",
                "Command line",
                "Authors of comments",
                "The hold policy"
            ]
            .map(|name| if name == "The hold policy" {
                people[5].as_str()
            } else {
                name
            })
        );
        let who = page.attributes("#f-who option", "value");
        let by_ed = said(&format!("who={}", who[2]));
        assert_eq!(by_ed.len(), 2);
        assert!(by_ed[0].starts_with("Ed marked comment "), "{by_ed:?}");
        assert_eq!(by_ed[1], "Ed signed in");
        assert_eq!(
            said("who=command-line"),
            ["Command line added the article ferry"]
        );
        assert_eq!(said("who=authors"), Vec::<String>::new());
        assert_eq!(dana.get(&format!("{LOG}?who=policy")).count(".log"), 0);
        assert_eq!(said("act=signing-in"), ["Ed signed in", "Dana signed in"]);
        let one = said(&format!("comment={id}"));
        assert_eq!(one.len(), 1);
        assert!(one[0].starts_with("Dana approved comment "));
        assert_eq!(
            said(&format!("comment=%23{id}&act=spam")),
            Vec::<String>::new()
        );
        assert_eq!(said(&format!("act=spam&who={}", who[2])).len(), 1);
        let (today, tomorrow) = (date(&server, 0), date(&server, 1));
        assert_eq!(said(&format!("from={today}&to={today}")).len(), 5);
        assert_eq!(said(&format!("from={tomorrow}")).len(), 0);
        assert_eq!(said(&format!("to={today}&act=approved")).len(), 1);

        // An undo comes back to the filtered page.
        let narrow = format!("{LOG}?act=approved");
        let log = dana.get(&narrow);
        assert_eq!(log.only("#f-act [selected]"), "Approved");
        let form = ".log form";
        let value = |name: &str| log.value(&format!("{form} input[name={name}]"));
        let (csrf, entry, words) = (value("csrf"), value("entry"), value("log"));
        let fields = [
            ("csrf", &*csrf),
            ("from", "audit"),
            ("entry", &*entry),
            ("before", ""),
            ("log", &*words),
        ];
        let answer = dana.post(&log.attribute(form, "action"), &fields);
        assert!(
            answer
                .location()
                .starts_with(&format!("{LOG}?act=approved&done=")),
            "{}",
            answer.location()
        );
        let back = dana.get(&answer.location());
        assert_eq!(back.only(".toast p"), "Undone: Ama is back in the queue.");
        assert_eq!(sentences(&back).len(), 1);
        assert_eq!(back.count(".log s"), 1);

        // Pages keep the filter, whichever it is.
        for number in 0..70 {
            let entry = Entry {
                comment: Some(id),
                ..Entry::new(Actor::Policy, "spam")
            };
            server
                .clock
                .advance(if number == 35 { DAY } else { MINUTE });
            append(&server, &entry);
        }
        append(&server, &Entry::new(Actor::Author, "withdrawn"));
        // A day has passed.
        dana.sign_in("Dana", PASSWORD);
        for words in [
            "act=spam".to_owned(),
            "who=policy".to_owned(),
            format!("act=spam&comment={id}"),
            format!("who=policy&from={today}"),
        ] {
            let first = dana.get(&format!("{LOG}?{words}"));
            assert_eq!(first.count(".log li"), 50, "{words}");
            let older = first.attribute(".pager a", "href");
            assert!(older.contains(&format!("{words}&before=")), "{older}");
            let second = dana.get(&older);
            assert!((20..=21).contains(&second.count(".log li")), "{words}");
            let newer = second.attribute(".pager a", "href");
            assert_eq!(
                dana.get(&newer).attributes(".log li", "id"),
                first.attributes(".log li", "id"),
                "{words}"
            );
        }
        assert_eq!(
            dana.get(&format!("{LOG}?who=policy&to={today}"))
                .count("h2"),
            1
        );
        assert!(dana.get(&format!("{LOG}?who=policy")).count("h2") >= 2);
        assert_eq!(list(&dana, "").status, 200);
    });
}

#[test]
fn what_cannot_be_filtered_by_is_said_and_kept() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("Dana");
        let page = dana.get(&format!(
            "{LOG}?comment=abc&from=yesterday&to=2026-02-30&who=policy"
        ));
        assert_eq!(page.status, 422);
        assert_eq!(
            page.texts("[role=alert] li"),
            [
                "Enter a comment’s number in digits",
                "Enter a day like 2026-05-12",
                "Enter a day like 2026-05-12"
            ]
        );
        assert_eq!(page.value("#f-comment"), "abc");
        assert_eq!(page.attribute("#f-who [selected]", "value"), "policy");
        assert_eq!(page.count(".log"), 0);
        for words in ["who=nobody", "who=-1", "act=nothing", "before=x"] {
            assert_eq!(dana.get(&format!("{LOG}?{words}")).status, 404, "{words}");
        }
        assert_eq!(dana.get(&format!("{LOG}.csv?from=x")).status, 400);
        assert_eq!(
            dana.get(&format!("{LOG}?who=&act=&comment=&from=&to="))
                .status,
            200
        );
    });
}

/// Thousands of entries of the command line, none of them of an appeal.
fn crowd(server: &Server, entries: i64) {
    let mut db = server.database.connect();
    let numbers = match db.is_sqlite() {
        true => format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {entries}) SELECT i FROM n"
        ),
        false => format!("SELECT generate_series(1, {entries}) AS i"),
    };
    diesel::sql_query(format!(
        "INSERT INTO audit_entries (at, actor, act, facts) SELECT {} + i, 1, 'article-updated', '{{}}' FROM ({numbers}) x",
        server.now().0
    ))
    .execute(&mut db)
    .unwrap();
}

#[test]
fn a_page_looks_through_so_many_entries_and_offers_to_look_further() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("Dana");
        append(&server, &Entry::new(Actor::CommandLine, "appeal-upheld"));
        crowd(&server, 6_000);
        let first = dana.get(&format!("{LOG}?who=command-line&act=appeals"));
        assert_eq!(first.count(".log li"), 0);
        assert!(
            first
                .only(".note")
                .starts_with("The entries of this time were looked through")
        );
        assert_eq!(first.texts(".pager a"), ["Look further"]);
        let second = dana.get(&first.attribute(".pager a", "href"));
        assert_eq!(second.count(".log li"), 1);
        assert_eq!(second.texts(".pager a"), ["Newer"]);
        // The file has what every page together has.
        let file = dana.get(&format!("{LOG}.csv?who=command-line&act=appeals"));
        assert_eq!(file.body.lines().count(), 2, "{}", file.body);
        let whole = dana.get(&format!("{LOG}.jsonl"));
        assert_eq!(whole.body.lines().count(), 6_003);
    });
}

#[test]
fn while_others_download_the_log_a_further_download_is_told_when_to_come_again() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("Dana");
        let files = [format!("{LOG}.csv"), format!("{LOG}.jsonl")];
        let places = Arc::clone(&server.app.exports);
        let all = places.available_permits();
        let most = u32::try_from(all).unwrap();
        let others = Arc::clone(&places).try_acquire_many_owned(most).unwrap();
        for file in &files {
            let page = dana.get(file);
            assert_eq!(page.status, 503);
            assert_eq!(page.header("retry-after"), Some("30"));
            assert_eq!(
                page.only("h1"),
                "Other downloads of the audit log are under way"
            );
            let said = page.text();
            assert!(said.contains("You can try again in 30 seconds."), "{said}");
        }
        // Nothing else waits for them.
        assert_eq!(dana.get(LOG).status, 200);
        drop(others);
        // Each gives its place back, and more than have one wait for it.
        std::thread::scope(|scope| {
            for file in files.iter().cycle().take(4 * all) {
                let dana = dana.clone();
                scope.spawn(move || assert_eq!(dana.get(file).status, 200));
            }
        });
        assert_eq!(places.available_permits(), all);
    });
}

#[test]
fn entries_are_downloaded_as_values_that_no_spreadsheet_computes_and_as_json() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("=Dana");
        let entry = Entry {
            text: "=1+1, \"quoted\"",
            comment: Some(7),
            facts: serde_json::json!({ "bulk": 3 }),
            ..Entry::new(Actor::Moderator(1), "author-held")
        };
        append(&server, &entry);
        let csv = dana.get(&format!("{LOG}.csv?act=authors"));
        assert_eq!(csv.status, 200);
        assert_eq!(csv.header("cache-control"), Some("no-store"));
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        assert_eq!(
            csv.header("content-disposition"),
            Some("attachment; filename=\"audit.csv\"")
        );
        let lines: Vec<&str> = csv.body.lines().collect();
        assert_eq!(
            lines[0],
            "id,at,who,moderator,act,article,comment,decision,facts,text,seal,hash"
        );
        assert_eq!(lines.len(), 2);
        let line = lines[1];
        assert!(
            line.contains(",moderator,'=Dana,author-held,,7,,\"{\"\"bulk\"\":3}\","),
            "{line}"
        );
        assert!(line.contains(",\"'=1+1, \"\"quoted\"\"\","), "{line}");
        let json = dana.get(&format!("{LOG}.jsonl?act=authors"));
        let line: serde_json::Value = serde_json::from_str(json.body.trim()).unwrap();
        assert_eq!(line["moderator"], "=Dana");
        assert_eq!(line["text"], "=1+1, \"quoted\"");
        assert_eq!(line["facts"]["bulk"], 3);
        assert_eq!(line["comment"], 7);
        assert_eq!(
            line["at"].as_str().unwrap().len(),
            "2026-05-12T19:12:00+00:00".len()
        );
        assert!(line["seal"].is_null());
        assert_eq!(
            dana.get(LOG)
                .attributes("a[href^='/moderation/audit.']", "href")
                .len(),
            2
        );
        for file in ["csv", "jsonl"] {
            assert_eq!(server.visitor().get(&format!("{LOG}.{file}")).status, 303);
        }
    });
}
