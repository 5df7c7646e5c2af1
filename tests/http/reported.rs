//! The desk's list of what readers reported.

use diesel::prelude::*;
use rejoinder::store::schema::{comments, reports};

use crate::reporting::{ILLEGAL, PROXIED, edit, published, report, report_from};
use crate::support::{Engine, on_each_engine};

const TAB: &str = "/moderation?tab=reported";

#[test]
fn a_reported_comment_waits_in_its_own_list_with_what_its_readers_say() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let dana = server.moderator("Dana");
        assert_eq!(
            dana.get(TAB).only(".empty p"),
            "No comment has a report that waits for an answer."
        );
        let illegal = [
            ("ground", ILLEGAL),
            ("explanation", "It shows\nwhat nobody may show."),
            ("child_abuse", "yes"),
            ("good_faith", "yes"),
        ];
        let named = [
            ("ground", "4"),
            ("explanation", "Buses."),
            ("email", "bo@secret.example"),
        ];
        for (network, fields) in [
            ("198.51.100.1", &[("ground", "4")][..]),
            ("198.51.100.2", &named),
            ("198.51.100.3", &illegal),
            ("198.51.100.4", &[("ground", "spam")]),
        ] {
            assert_eq!(report_from(&reader, network, comment, fields).status, 303);
        }
        let page = dana.get(TAB);
        assert_eq!(page.only("h1"), "Reported 1");
        assert_eq!(
            page.texts(".nav a"),
            [
                "Waiting 0",
                "Reported 1",
                "Appeals 0",
                "Published",
                "Rejected 0",
                "Spam 0",
                "All comments",
                "Today",
                "Articles",
                "Audit log",
                "Saved replies"
            ]
        );
        assert_eq!(page.only(".item .c-body"), "The boat was late.");
        let evidence = page.texts(".evid dt");
        assert_eq!(evidence, ["Why it is here", "Author", "4 open reports"]);
        assert_eq!(
            page.texts(".evid ul:not(.notices):has(+ .notices) li"),
            [
                "off topic (rule 4): 2",
                "unlawful content (rule 6): 1",
                "spam: 1"
            ]
        );
        assert_eq!(
            page.texts(".evid .notices li"),
            [
                "off topic (rule 4), just now, no contact given",
                "off topic (rule 4), just now, contact given Buses.",
                "unlawful content (rule 6), just now, no contact given, sexual abuse of a child It shows what nobody may show.",
                "spam, just now, no contact given",
            ]
        );
        assert!(!page.body.contains("secret.example"));
        assert_eq!(page.count(".evid details"), 0);

        // Where only the text has changed, the words that were reported stand beside it.
        edit(&server, comment, "<p>The train was late.</p>");
        let page = dana.get(TAB);
        assert_eq!(
            page.texts(".item > :not(.evid) .c-body"),
            ["The train was late."]
        );
        assert_eq!(page.texts(".evid .c-body"), ["The boat was late."; 4]);
        // Other lists say the same, and judge the comment as it stands.
        let page = dana.get("/moderation?tab=published");
        assert_eq!(page.texts(".evid dt")[2], "4 open reports");
        assert_eq!(page.count(".evid .notices > li"), 4);
        assert_eq!(page.count("[value=keep]"), 0);
    });
}

#[test]
fn each_decision_of_the_list_is_a_form_and_nothing_wrong_may_carry_an_answer() {
    let (server, comment) = published(Engine::Sqlite, &[]);
    report(&server.visitor(), comment, &[("ground", "4")]);
    let page = server.moderator("Dana").get(TAB);
    let forms = format!("#c-{comment} form[action='/moderation/comments/{comment}/decide']");
    let values = |name: &str| page.attributes(&format!("{forms} [name={name}]"), "value");
    assert_eq!(values("do"), ["keep", "keep", "reject", "spam", "skip"]);
    assert_eq!(values("view"), ["tab=reported"; 5]);
    assert_eq!(values("version").len(), 5);
    assert_eq!(values("ground"), ["1", "2", "3", "4", "5", "6"]);
    let with_note = format!("{forms}:has([value=keep]) textarea[name=note]");
    assert_eq!(page.attributes(&with_note, "maxlength"), ["1000"]);
    assert_eq!(page.attributes(&with_note, "required").len(), 0);
    assert_eq!(page.texts(".item .btn[data-key=a]"), ["Nothing wrong a"]);
}

#[test]
fn the_list_is_paged_with_the_oldest_comment_first() {
    on_each_engine(|engine| {
        let (server, first) = published(engine, &[]);
        let reader = server.visitor();
        let mut ids = vec![first];
        for number in 1..30 {
            let receipt = reader.reply("ferry", "Ama", &format!("Reply {number}."));
            ids.push(server.comment_at(&receipt));
        }
        for id in ids.iter().rev() {
            report(&reader, *id, &[("ground", "spam")]);
        }
        let dana = server.moderator("Dana");
        let listed = |page: &crate::support::Page| -> Vec<i64> {
            let ids = page.attributes(".item", "id");
            ids.iter().map(|id| id[2..].parse().unwrap()).collect()
        };
        let page = dana.get(TAB);
        assert_eq!(page.only("h1"), "Reported 30");
        assert_eq!(listed(&page), ids[..25]);
        let next = page.attribute(".pager a", "href");
        let page = dana.get(&next);
        assert_eq!(listed(&page), ids[25..]);
        let back = page.attribute(".pager a", "href");
        assert_eq!(listed(&dana.get(&back)), ids[..25]);
    });
}

#[test]
fn a_flood_of_reports_is_counted_and_hides_none_on_another_ground() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let mut db = server.database.connect();
        report_from(&reader, "198.51.100.1", comment, &[("ground", "5")]);
        for number in 1..1_200_i64 {
            diesel::insert_into(reports::table)
                .values((
                    (
                        reports::comment_id.eq(comment),
                        reports::receipt.eq(format!("flood {number}")),
                        reports::network.eq(number.to_be_bytes().to_vec()),
                        reports::ground.eq(3_i16),
                        reports::explanation.eq(format!("Flood {number}.")),
                        reports::contact_name.eq(""),
                        reports::contact_email.eq(""),
                    ),
                    (
                        reports::child_abuse.eq(false),
                        reports::good_faith.eq(false),
                        reports::body_html.eq(""),
                        reports::created_at.eq(server.now().0),
                        reports::status.eq(0_i16),
                    ),
                ))
                .execute(&mut db)
                .unwrap();
        }
        let last = [("ground", ILLEGAL), ("explanation", "Stolen bicycles.")];
        let contact = [
            ("name", "Bo"),
            ("email", "bo@a.example"),
            ("good_faith", "yes"),
        ];
        let fields: Vec<_> = last.into_iter().chain(contact).collect();
        report_from(&reader, "198.51.100.2", comment, &fields);
        diesel::update(comments::table.find(comment))
            .set(comments::open_reports.eq(1_201))
            .execute(&mut db)
            .unwrap();
        let page = server.moderator("Dana").get(TAB);
        assert!(
            page.texts(".evid dt")
                .contains(&"1,201 open reports".to_owned())
        );
        assert_eq!(
            page.texts(".evid dd > ul:not(.notices) li"),
            [
                "advertising (rule 5): 1",
                "unlawful content (rule 6): 1",
                "spam: 1,000+"
            ]
        );
        let said = page.texts(".evid .typed");
        assert_eq!(said.len(), 4, "{said:?}");
        assert!(said.contains(&"Stolen bicycles.".to_owned()));
        assert!(page.only(".evid").contains("1,196 of them are not shown"));
    });
}
