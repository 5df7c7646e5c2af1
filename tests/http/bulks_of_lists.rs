//! Everything in a list decided at once, after a page that says what would happen.

use diesel::connection::SimpleConnection;

use crate::bulks::{BULK, tick, undo, waiting};
use crate::desk::{claim, decide, ids, list, listed, post, reply, toast};
use crate::reporting::{published, report};
use crate::support::client::Fields;
use crate::support::{Client, Page, on_each_engine};

/// Presses the button of the page before a bulk.
fn confirm(moderator: &Client, preview: &Page) -> Page {
    let form = format!("main form[action='{BULK}']");
    let fields: Vec<(String, String)> = ["csrf", "view", "sel", "ground"]
        .iter()
        .filter(|name| preview.count(&format!("{form} [name={name}]")) > 0)
        .map(|name| {
            (
                (*name).to_owned(),
                preview.value(&format!("{form} [name={name}]")),
            )
        })
        .chain([(
            "do".to_owned(),
            preview.attribute(&format!("{form} button"), "value"),
        )])
        .collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    moderator.post(BULK, &fields)
}

fn everything(moderator: &Client, view: &str, fields: Fields) -> Page {
    let mut all = vec![("view", view), ("everything", "1")];
    all.extend_from_slice(fields);
    post(moderator, BULK, &all)
}

#[test]
fn everything_in_a_list_is_shown_before_it_is_done() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 3);
        let (reader, ed) = (server.visitor(), server.moderator("Ed"));
        server.article("tram");
        let tram = reader.reply("tram", "Di", "Number 7, the tram.");
        let tram = server.comment_at(&tram);
        let other = reply(&server, &reader, "Bo", "Something else.").id;
        decide(&dana, "", all[0], &[("do", "approve")]);
        claim(&ed, "", all[1], "claim");
        let view = "tab=all&q=number";
        let preview = everything(&dana, view, &[("do", "approve")]);
        assert_eq!(preview.status, 200);
        assert_eq!(preview.only("h1"), "Approve 3 comments");
        assert_eq!(
            preview.texts("main .stack > p"),
            [
                "They stand on 2 articles. Each is decided as it is now; what changes in the meantime is left alone.",
                "A colleague is looking at one of them.",
                "One further comment in the list would not change.",
            ]
        );
        assert_eq!(preview.only("main form button"), "Approve all 3");
        assert_eq!(
            preview.attribute("main a.btn", "href"),
            "/moderation?tab=all&q=number"
        );
        assert_eq!(listed(&dana, "").len(), 4, "nothing happened yet");
        // What comes in, and what a colleague decides, before the button is pressed, is none of it.
        let late = reply(&server, &reader, "Bo", "Number 8, a late one.").id;
        decide(&ed, "", all[2], &[("do", "spam")]);
        let done = confirm(&dana, &preview);
        assert!(
            done.location()
                .starts_with("/moderation?tab=all&q=number&bulk=")
        );
        assert_eq!(toast(&dana, &done), "2 done, 1 changed meanwhile.");
        assert_eq!(
            listed(&dana, "tab=published&sort=oldest"),
            [all[0], all[1], tram]
        );
        assert_eq!(listed(&dana, ""), [other, late]);

        let preview = everything(&dana, "q=late", &[("do", "reject"), ("ground", "4")]);
        assert_eq!(preview.only("h1"), "Reject 1 comment");
        assert_eq!(
            preview.texts("main .stack > p")[1],
            "Their authors are told the reason: off topic (rule 4)."
        );
        assert_eq!(toast(&dana, &confirm(&dana, &preview)), "1 done.");
        assert_eq!(listed(&dana, "tab=rejected"), [late]);
        let none = everything(&dana, "tab=published", &[("do", "approve")]);
        assert_eq!(none.only("h1"), "There is nothing to approve in this list");
        assert_eq!(none.count("main form"), 0);
        assert_eq!(everything(&dana, "q=zebra", &[("do", "spam")]).status, 200);
    });
}

#[test]
fn a_bulk_of_five_hundred_says_that_the_list_goes_on() {
    on_each_engine(|engine| {
        let (server, dana, all) = waiting(engine, 1);
        let mut db = server.database.connect();
        db.batch_execute(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 503) \
             INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, \
             receipt, hold, risk, created_at) SELECT {} + i, 1, 0, 0, 'Ama', '', '', 'Words', '<p>Words</p>', 1, \
             'filled-' || i, '[]', 0, {} FROM n",
            all[0],
            server.now().0,
        ))
        .unwrap();
        let preview = everything(&dana, "", &[("do", "reject"), ("ground", "1")]);
        assert_eq!(preview.only("h1"), "Reject 500 comments");
        let said = preview.texts("main .stack > p");
        assert_eq!(
            said.last().unwrap(),
            "The list goes on: these are the first 500."
        );
        let picked = preview.value("main form [name=sel]");
        assert_eq!(picked.split(' ').count(), 500);
        let done = confirm(&dana, &preview);
        assert_eq!(toast(&dana, &done), "500 done.");
        assert_eq!(list(&dana, "").only("h1"), "Queue 4");
        assert_eq!(toast(&dana, &undo(&dana, &done)), "500 undone.");
        assert_eq!(list(&dana, "").only("h1"), "Queue 504");
        let more = format!("{picked} 99999.1");
        let fields = [("view", ""), ("do", "spam"), ("sel", more.as_str())];
        assert_eq!(post(&dana, BULK, &fields).status, 400);
    });
}

#[test]
fn reported_comments_are_kept_together() {
    on_each_engine(|engine| {
        let (server, first) = published(engine, &[]);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let second = reply(&server, &reader, "Bo", "Another.").id;
        for id in [first, second] {
            report(&reader, id, &[("ground", "4")]);
        }
        let preview = everything(&dana, "tab=reported", &[("do", "keep")]);
        assert_eq!(preview.only("h1"), "Find nothing wrong with 2 comments");
        let done = confirm(&dana, &preview);
        assert_eq!(toast(&dana, &done), "2 done.");
        assert!(listed(&dana, "tab=reported").is_empty());
        assert_eq!(listed(&dana, "tab=published"), [second, first]);
        assert_eq!(toast(&dana, &undo(&dana, &done)), "2 undone.");
        let page = list(&dana, "tab=reported");
        assert_eq!(ids(&page), [first, second]);
        let done = tick(&dana, &page, &[second], &[("do", "spam")]);
        assert_eq!(toast(&dana, &done), "1 done.");
        assert_eq!(listed(&dana, "tab=reported"), [first]);
        // Nothing is reported in this list: there is nothing to keep.
        let none = everything(&dana, "tab=spam", &[("do", "keep")]);
        assert_eq!(
            none.only("h1"),
            "No comment in this list has an open report"
        );
    });
}
