//! The orders of a discussion.

use crate::support::{Page, Server, on_each_engine};

fn bodies(page: &Page) -> Vec<String> {
    page.texts(".thread > li > .comment > .c-body")
}

#[test]
fn a_discussion_is_read_oldest_first_newest_first_or_by_replies() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        let roots: Vec<i64> = ["First.", "Second.", "Third."]
            .iter()
            .map(|words| server.comment_at(&reader.reply("ferry", "Ama", words)))
            .collect();
        reader.answer("ferry", roots[1], "Bo", "An answer.");

        let page = reader.get("/articles/ferry");
        assert_eq!(page.only(".tabs [aria-current]"), "Oldest");
        let tops = |page: &Page| -> Vec<String> {
            let mut all = bodies(page);
            all.retain(|words| words != "An answer.");
            all
        };
        assert_eq!(tops(&page), ["First.", "Second.", "Third."]);
        for (label, order) in [
            ("Newest", ["Third.", "Second.", "First."]),
            ("Most replied", ["Second.", "First.", "Third."]),
        ] {
            let at = page
                .texts(".tabs a")
                .iter()
                .position(|words| words == label);
            let address = page.attributes(".tabs a", "href")[at.unwrap()].clone();
            let sorted = reader.get(address.trim_end_matches("#discussion"));
            assert_eq!(sorted.only(".tabs [aria-current]"), label);
            assert_eq!(tops(&sorted), order, "{label}");
        }
        let unknown = reader.get("/articles/ferry?sort=loudest");
        assert_eq!(tops(&unknown), ["First.", "Second.", "Third."]);
    });
}

#[test]
fn newest_first_is_read_page_by_page_each_thread_once() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        for number in 1..=120 {
            reader.reply("ferry", "Ama", &format!("Number {number}."));
        }
        let mut page = reader.get("/articles/ferry?sort=newest");
        let mut seen = bodies(&page);
        let last = page.attribute(".pager a:last-child", "href");
        for _ in 0..2 {
            let older = page.attribute(".pager a[rel=prev]", "href");
            page = reader.get(older.trim_end_matches("#discussion"));
            seen.extend(bodies(&page));
        }
        let expected: Vec<String> = (1..=120).rev().map(|n| format!("Number {n}.")).collect();
        assert_eq!(seen, expected);
        assert_eq!(page.count(".pager a[rel=prev]"), 0);
        let end = reader.get(last.trim_end_matches("#discussion"));
        assert!(bodies(&end).contains(&"Number 1.".to_owned()));
        let newer = page.attribute(".pager a[rel=next]", "href");
        let back = reader.get(newer.trim_end_matches("#discussion"));
        assert_eq!(bodies(&back).first().unwrap(), "Number 70.");
    });
}
