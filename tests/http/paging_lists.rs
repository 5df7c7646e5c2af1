//! The desk's lists from page to page, and addresses that nobody's page has.

use diesel::connection::SimpleConnection;

use crate::desk::{decide, ids, list, reply};
use crate::hostile::{assert_harmless, elements_of, letters, payloads};
use crate::listing::{THREE_LINKS, site};
use crate::support::{Client, Page, on_each_engine};

/// Follows a list to its end: every comment, in the order in which the pages have them.
pub fn walk(moderator: &Client, words: &str, onward: &str) -> Vec<i64> {
    let (mut all, mut page) = (Vec::new(), list(moderator, words));
    loop {
        all.extend(ids(&page));
        let ways = page.texts(".pager a");
        let Some(at) = ways
            .iter()
            .position(|way| way == onward || way == "Look further")
        else {
            return all;
        };
        page = moderator.get(&page.attributes(".pager a", "href")[at]);
        assert_eq!(page.status, 200);
    }
}

#[test]
fn paging_through_a_filtered_list_sees_every_match_once_and_a_bookmark_stays() {
    on_each_engine(|engine| {
        let (server, dana) = site(engine);
        let reader = server.visitor();
        let mut linked = Vec::new();
        for number in 0..60 {
            let body = match number % 2 {
                0 => format!("{THREE_LINKS} {number}"),
                _ => format!("Plain {number}."),
            };
            let id = reply(&server, &reader, "Ama", &body).id;
            if number % 2 == 0 {
                linked.push(id);
            }
        }
        let newest: Vec<i64> = linked.iter().rev().copied().collect();
        for words in ["why=links", "why=links&q=example", "why=links&article=1"] {
            assert_eq!(walk(&dana, words, "Newer"), linked, "{words}");
            let words = format!("{words}&sort=newest");
            assert_eq!(walk(&dana, &words, "Older"), newest, "{words}");
        }
        assert_eq!(walk(&dana, "why=links&sort=risk", "Lower risk"), linked);
        let all = walk(&dana, "sort=risk", "Lower risk");
        assert_eq!((&all[..30], all.len()), (&linked[..], 60));

        let first = list(&dana, "why=links");
        let second = first.attribute(".pager a", "href");
        assert_eq!(ids(&dana.get(&second)), linked[25..]);
        for id in &linked[..5] {
            decide(&dana, "why=links", *id, &[("do", "approve")]);
        }
        reply(&server, &reader, "Ama", &format!("{THREE_LINKS} again"));
        let page = dana.get(&second);
        assert_eq!(ids(&page)[..5], linked[25..]);
        let back = page.attributes(".pager a", "href");
        assert_eq!(ids(&dana.get(back.last().unwrap())), linked[5..25]);
        // Where the page has become empty, the way back leaves nobody out.
        let last = *ids(&page).last().unwrap();
        let empty = list(&dana, &format!("why=links&from={last}"));
        assert_eq!(empty.count(".item"), 0);
        let back = dana.get(&empty.attribute(".pager a", "href"));
        assert_eq!(ids(&back).last(), Some(&last));
        // A decision leads back to the very page.
        let done = decide(&dana, &second[12..], linked[25], &[("do", "spam")]);
        let (address, anchor) = (done.location(), format!("#c-{}", linked[26]));
        assert!(address.starts_with(&second) && address.ends_with(&anchor));
    });
}

#[test]
fn a_rare_match_is_looked_for_further_and_nothing_before_it_is_hidden() {
    on_each_engine(|engine| {
        let (server, dana) = site(engine);
        let reader = server.visitor();
        let early = reply(&server, &reader, "Ama", THREE_LINKS).id;
        let mut db = server.database.connect();
        db.batch_execute(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5100) \
             INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, \
             receipt, hold, risk, created_at) SELECT {early} + i, 1, 0, 0, 'Ama', '', '', 'Words', '<p>Words</p>', 1, \
             'filled-' || i, '[]', 0, {now} FROM n; \
             INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, \
             receipt, hold, risk, created_at) SELECT {early} + 5101, article_id, 0, 0, 'Bo', '', '', 'Late', \
             '<p>Late</p>', 1, 'filled-late', hold, risk, {now} FROM comments WHERE id = {early}",
            now = server.now().0,
        ))
        .unwrap();
        let late = early + 5101;
        let page = list(&dana, "why=links");
        assert_eq!(ids(&page), [early]);
        assert!(
            page.only(".note")
                .starts_with("This is what was found so far")
        );
        assert_eq!(page.texts(".pager a"), ["Look further"]);
        let further = dana.get(&page.attribute(".pager a", "href"));
        assert_eq!(ids(&further), [late]);
        assert_eq!(further.count(".note"), 0);
        assert_eq!(further.texts(".pager a"), ["Older"]);
        // The way back looks further as well.
        let back = dana.get(&further.attribute(".pager a", "href"));
        assert_eq!((ids(&back).len(), back.count(".note")), (0, 1));
        assert_eq!(back.texts(".pager a"), ["Newer", "Look further"]);
        let ways = back.attributes(".pager a", "href");
        assert_eq!(ids(&dana.get(&ways[0])), [late]);
        assert_eq!(ids(&dana.get(&ways[1])), [early]);
        assert_eq!(walk(&dana, "why=links&sort=newest", "Older"), [late, early]);
        // A window without any match says so, and goes on.
        let none = list(&dana, "why=hidden-field");
        assert_eq!(
            none.only(".empty p:first-of-type"),
            "No comment in this list matches."
        );
        assert_eq!(none.texts(".pager a"), ["Look further"]);
    });
}

#[test]
fn values_that_cannot_be_are_no_page_and_hostile_ones_do_no_harm() {
    on_each_engine(|engine| {
        let (server, dana) = site(engine);
        reply(&server, &server.visitor(), "Ama", "Some words.");
        for words in [
            "tab=none",
            "sort=best",
            "article=x",
            "article=-1",
            "author=1e3",
            "why=because",
            "status=gone",
            "age=old",
            "network=xyz",
            "network=abc",
            "same=x",
            "claim=hers",
            "from=x",
            "until=1.2.3",
            "from=99999999999999999999",
            "tab=waiting&tab=none",
            "done=x",
            "bulk=-1",
            "article=%00",
            "author=1%20OR%201=1",
        ] {
            assert_eq!(
                dana.get(&format!("/moderation?{words}")).status,
                404,
                "{words}"
            );
        }
        let (article, author) = ("article=999", "author=9223372036854775807");
        for words in [
            article,
            author,
            "network=00",
            "same=-9223372036854775808",
            "from=9223372036854775807",
            "until=0",
            "sort=risk&from=9223372036854775807.9223372036854775807",
            "q=%00",
            "q=%FF%FE",
            "q=%22%20OR%20%22",
            "q=NEAR(a%20b)",
            "q=a*",
            "q=%27%3b--",
            "done=999",
            "bulk=999",
            "said=held-9223372036854775807",
            "said=held-x",
            "said=taken-9223372036854775807",
            "said=taken--1",
            "said=%3Cscript%3E",
            "unknown=%3Cscript%3E",
        ] {
            let page = dana.get(&format!("/moderation?{words}"));
            assert_eq!(page.status, 200, "{words}");
        }
        let nothing = dana.get("/moderation?q=zebra&article=1");
        let own = elements_of(&[list(&dana, "tab=all"), nothing]);
        for payload in payloads().into_iter().step_by(3) {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("q", &payload)
                .finish();
            let page: Page = list(&dana, &query);
            assert_harmless(&page, &own);
            let kept: String = payload.chars().take(200).collect();
            assert_eq!(letters(&page.value("#q")), letters(&kept));
        }
    });
}
