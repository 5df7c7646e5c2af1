//! The desk's list of articles, found and counted by index.

use rejoinder::store::article_desk;
use rejoinder::store::articles::Seek;

use crate::support::statements::statements;
use crate::{assert_unsorted, is_scan, plan, with_and_without_figures};

#[test]
fn the_desks_articles_are_counted_in_one_statement_by_the_index_of_what_waits() {
    with_and_without_figures(|db, _| {
        let asked = statements(db, |db| {
            let page = article_desk::page(db, Seek::First).unwrap();
            assert_eq!(page.rows.len(), 25);
        });
        assert_eq!(asked.len(), 2);
        let plan = plan(db, |db| drop(article_desk::page(db, Seek::First).unwrap()));
        assert_unsorted("articles", &plan);
        let counted = plan
            .iter()
            .any(|step| step.contains("comments_waiting_article (article_id=?)"));
        assert!(counted, "{plan:#?}");
        for walk in plan.iter().filter(|step| is_scan(step)) {
            // The ids of the page, and what was counted.
            let known = [
                "INDEX articles_newest",
                "SCAN ids",
                "SCAN w",
                "CONSTANT ROWS",
            ];
            assert!(known.iter().any(|end| walk.ends_with(end)), "{plan:#?}");
        }
    });
}
