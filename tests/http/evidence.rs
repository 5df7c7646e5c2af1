//! What stands beside a comment on the desk: its author's outcomes, colleagues' notes, networks, and no address of anybody.

use diesel::prelude::*;
use rejoinder::store::schema::comments;

use crate::desk::{admin, claim, day, decide, list, listed, post, reply, reply_from, toast};
use crate::moderating::ferry;
use crate::reporting::{PROXIED, report_from};
use crate::support::{Client, Engine, Page, Server, on_each_engine};

fn remembered(server: &Server, reader: &Client, body: &str) -> crate::desk::Sent {
    let fields = [("name", "Ama"), ("body", body), ("remember", "1")];
    reply_from(server, reader, "198.51.100.1", &fields)
}

#[test]
fn the_strip_shows_the_latest_twelve_outcomes_of_a_recognised_author() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana) = (server.visitor(), server.moderator("Dana"));
        let mut sent = Vec::new();
        for number in 0..14 {
            sent.push(remembered(&server, &ama, &format!("Number {number}.")));
        }
        let other = reply(&server, &server.visitor(), "Ama", "Somebody else's.").id;
        for (at, verdict) in [
            (0, "approve"),
            (1, "reject"),
            (2, "reject"),
            (3, "spam"),
            (4, "approve"),
        ] {
            decide(
                &dana,
                "tab=all",
                sent[at].id,
                &[("do", verdict), ("ground", "1")],
            );
        }
        ama.post(&format!("{}/withdraw", sent[5].receipt), &[]);
        let page = list(&dana, "tab=all");
        let strip = format!("#c-{} .strip", sent[13].id);
        assert_eq!(
            page.attribute(&strip, "aria-label"),
            format!(
                "Latest outcomes: Rejected, Spam, Approved, Withdrawn{}",
                ", Waiting".repeat(8)
            )
        );
        assert_eq!(page.count(&format!("{strip} rect")), 12);
        assert_eq!(page.count(&format!("{strip} rect.x")), 2);
        assert_eq!(page.count(&format!("{strip} rect.p")), 9);
        assert_eq!(page.count(&format!("#c-{} .strip", sent[0].id)), 1);
        assert_eq!(page.count(&format!("#c-{other} .strip")), 0);
        let record = page.texts(&format!("#c-{} .evid dd", sent[13].id));
        assert!(
            record.iter().any(|said| said
                .starts_with("Recognised: 2 approved, 2 rejected, 1 marked as spam, first seen ")),
            "{record:?}"
        );
        assert!(
            page.only(&format!("#c-{other} .evid"))
                .contains("Not recognised: no record here")
        );
    });
}

fn notes(page: &Page, id: i64) -> Vec<String> {
    page.texts(&format!("#c-{id} .evid dd:has(.typed)"))
}

#[test]
fn a_note_stands_beside_the_comment_and_all_others_of_its_author() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana, ed) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Ed"),
        );
        let first = remembered(&server, &ama, "First.").id;
        let second = remembered(&server, &ama, "Second.").id;
        let other = reply(&server, &server.visitor(), "Bo", "Other.").id;
        let third = reply(&server, &server.visitor(), "Bo", "Third.").id;
        let note = |who: &Client, id: i64, text: &str| {
            let path = format!("/moderation/comments/{id}/notes");
            post(who, &path, &[("view", "tab=all"), ("note", text)])
        };
        let answer = note(&dana, first, "  Ask <b>her</b>\r\nfor a source. ");
        assert_eq!(
            answer.location(),
            format!("/moderation?tab=all&said=noted#c-{first}")
        );
        assert_eq!(toast(&dana, &answer), "The note is saved.");
        note(&ed, other, "Nothing known.");
        let today = day(&server, server.now());
        let page = list(&ed, "");
        let said = format!("Ask <b>her</b> for a source. Dana, {today}");
        assert_eq!(notes(&page, first), [said.as_str()]);
        assert_eq!(notes(&page, second), [said.as_str()]);
        assert_eq!(page.count(".evid .typed b"), 0);
        assert_eq!(notes(&page, other), [format!("Nothing known. Ed, {today}")]);
        assert!(notes(&page, third).is_empty());
        // The latest three, the latest first.
        for number in 2..=4 {
            note(&ed, second, &format!("Note {number}."));
        }
        let page = list(&dana, "tab=all");
        let expected: Vec<String> = (2..=4)
            .rev()
            .map(|n| format!("Note {n}. Ed, {today}"))
            .collect();
        assert_eq!(notes(&page, first), expected);
        assert_eq!(notes(&page, second), expected);

        let long = "n".repeat(1_001);
        for text in ["", "  ", "\u{200b}", "a\0b", long.as_str()] {
            assert_eq!(note(&dana, first, text).status, 400, "{text:?}");
        }
        assert_eq!(note(&dana, first, &long[1..]).status, 303);
        assert_eq!(note(&dana, 999, "Where?").status, 404);
    });
}

#[test]
fn an_email_is_masked_for_admins_and_nowhere_for_moderators() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED]);
        server.article("ferry");
        let (reader, dana, root) = (
            server.visitor(),
            server.moderator("Dana"),
            admin(&server, "Root"),
        );
        let fields = [
            ("name", "Ama"),
            ("email", "ama.serwaa@secret.example"),
            ("body", "Write to me."),
            ("remember", "1"),
        ];
        let id = reply_from(&server, &reader, "198.51.100.1", &fields).id;
        let unknown = server.visitor();
        let copied = [fields[0], fields[1], ("body", "Me too.")];
        let other = reply_from(&server, &unknown, "198.51.100.2", &copied).id;
        decide(&dana, "", id, &[("do", "approve")]);
        let contact = [
            ("ground", "4"),
            ("explanation", "No."),
            ("email", "bo@secret.example"),
        ];
        report_from(&reader, "198.51.100.3", id, &contact);
        let stale = list(&dana, "tab=reported");
        let hold = [("do", "hold"), ("until", "2001-01-01"), ("reason", "")];
        let pages = |who: &Client| -> Vec<Page> {
            let mut pages: Vec<Page> = [
                "/moderation",
                "/moderation?tab=reported",
                "/moderation?tab=published",
                "/moderation?tab=all",
                "/moderation?tab=all&q=serwaa",
                "/moderation?tab=all&q=secret",
                "/moderation?tab=all&author=1",
                "/moderation/authors/1",
                "/moderation/audit",
                "/moderation/saved-replies",
                "/moderation/counts",
            ]
            .iter()
            .map(|path| who.get(path))
            .collect();
            pages.push(who.get(&format!("/moderation/comments/{other}/author")));
            let csrf = who.get("/moderation").value("input[name=csrf]");
            let sel = format!("{id}.1 {other}.1");
            let bulk = [
                ("csrf", &*csrf),
                ("view", "tab=all"),
                ("do", "spam"),
                ("everything", "1"),
                ("sel", &*sel),
            ];
            pages.push(who.post("/moderation/bulk", &bulk));
            pages.push(post(who, "/moderation/authors/1", &hold));
            pages
        };
        for page in pages(&dana) {
            assert!(page.status < 500);
            for secret in ["secret.example", "serwaa", "•••"] {
                let echoed = page
                    .body
                    .replace("q=serwaa", "")
                    .replace("“serwaa”", "")
                    .replace("value=\"serwaa\"", "");
                assert!(!echoed.contains(secret), "{secret} in {}", page.text());
            }
        }
        crate::desk::decide_from(&root, &list(&root, "tab=published"), id, &[("do", "spam")]);
        let late =
            crate::desk::decide_from(&dana, &stale, id, &[("do", "reject"), ("ground", "1")]);
        assert_eq!(late.status, 409);
        assert!(!late.body.contains("secret.example"));

        let masked = "a•••@secret.example";
        for page in pages(&root) {
            assert!(!page.body.contains("ama.serwaa@") && !page.body.contains("bo@secret"));
        }
        let page = list(&root, "tab=all");
        for id in [id, other] {
            let known = page.texts(&format!("#c-{id} .evid dd"));
            assert!(known.contains(&masked.to_owned()), "{known:?}");
        }
        let page = root.get("/moderation/authors/1");
        let known = page.texts(".pairs dd");
        assert!(
            known.contains(&format!("{masked}, unconfirmed")),
            "{known:?}"
        );
    });
}

#[test]
fn networks_are_told_apart_by_a_few_characters_as_long_as_they_are_kept() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let from = |network: &str, body: &str| {
            reply_from(
                &server,
                &reader,
                network,
                &[("name", "Ama"), ("body", body)],
            )
            .id
        };
        let ids = [
            from("198.51.100.1", "One."),
            from("198.51.100.1", "Two."),
            from("198.51.100.2", "Three."),
            from("2001:db8::1", "Four."),
            from("2001:db8::ffff", "Five."),
        ];
        let page = list(&dana, "");
        let code = |id: i64| page.texts(&format!("#c-{id} .evid dd a")).concat();
        let codes: Vec<String> = ids.iter().map(|id| code(*id)).collect();
        assert!(
            codes[0].starts_with("Network 198.51.100.0/24 ("),
            "{}",
            codes[0]
        );
        assert_eq!(codes[0].len(), "Network 198.51.100.0/24 (abcd)".len());
        assert_eq!((&codes[0], &codes[3]), (&codes[1], &codes[4]));
        assert!(codes[0] != codes[2] && codes[0] != codes[3]);
        for address in ["198.51.100.1", "2001:db8::1", "2001:db8::ffff"] {
            assert!(!page.body.contains(address));
        }
        let link = page.attribute(&format!("#c-{} .evid dd a", ids[0]), "href");
        let same = dana.get(&link);
        assert_eq!(crate::desk::ids(&same), [ids[1], ids[0]]);
        let only = same.only(".filters + p");
        let digits = codes[0].rsplit('(').next().unwrap().trim_end_matches(')');
        assert!(
            only.starts_with(&format!("From network {digits}")),
            "{only}"
        );
        diesel::update(comments::table.find(ids[0]))
            .set(comments::network.eq(None::<Vec<u8>>))
            .execute(&mut server.database.connect())
            .unwrap();
        let page = list(&dana, "");
        assert_eq!(page.count(&format!("#c-{} .evid dd a", ids[0])), 0);
        assert_eq!(crate::desk::ids(&dana.get(&link)), [ids[1]]);
    });
}

#[test]
fn a_report_says_what_became_of_earlier_ones_from_there() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED, ("replies.hold", "none")]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let ids: Vec<i64> = (1..=4)
            .map(|number| reply(&server, &reader, "Ama", &format!("Number {number}.")).id)
            .collect();
        for id in &ids {
            report_from(&reader, "198.51.100.1", *id, &[("ground", "4")]);
        }
        report_from(&reader, "198.51.100.2", ids[3], &[("ground", "4")]);
        assert!(
            !list(&dana, "tab=reported")
                .text()
                .contains("earlier reports")
        );
        decide(&dana, "tab=reported", ids[0], &[("do", "spam")]);
        decide(&dana, "tab=reported", ids[1], &[("do", "keep")]);
        decide(&dana, "tab=reported", ids[2], &[("do", "keep")]);
        let page = list(&dana, "tab=reported");
        assert_eq!(
            page.texts(".notices li"),
            [
                "off topic (rule 4), just now, no contact given, earlier reports from there: 1 led to a removal, 2 did not",
                "off topic (rule 4), just now, no contact given",
            ]
        );
        // Only a moderator at the desk sees it, and who has claimed the comment.
        claim(&dana, "tab=reported", ids[3], "claim");
        assert_eq!(listed(&dana, "tab=reported&claim=mine"), [ids[3]]);
        assert_eq!(reader.get("/moderation?tab=reported").status, 303);
    });
}

#[test]
fn the_record_of_an_author_is_a_moderators_alone() {
    let server = ferry(Engine::Sqlite);
    let (ama, dana) = (server.visitor(), server.moderator("Dana"));
    let sent = remembered(&server, &ama, "First.");
    decide(&dana, "", sent.id, &[("do", "approve")]);
    for path in ["/articles/ferry", &sent.receipt, "/"] {
        let page = ama.get(path);
        assert!(
            !page.body.contains("Recognised:") && !page.body.contains("strip"),
            "{path}"
        );
    }
}
