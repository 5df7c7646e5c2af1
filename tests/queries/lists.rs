//! The desk's lists go by an index each, whatever is asked of them.

use rejoinder::store::listing::{Listing, Order, Tab};
use rejoinder::store::queue;

use super::{READER, assert_by_index, assert_unsorted, plan, with_and_without_figures};

/// Every tab with every filter and order, from the start and from the middle.
fn listings() -> Vec<Listing> {
    let filters = [
        "",
        "article=1",
        "author=1",
        "why=links",
        "age=over-day",
        "network=00ff",
        "same=5",
        "claim=mine",
        "q=text",
        "q=text&article=1&why=edited&age=week",
        "author=1&network=00ff&same=5&article=1",
    ];
    let mut lists = Vec::new();
    for tab in Tab::ALL {
        for filter in filters {
            for order in ["oldest", "newest", "risk"] {
                for place in ["", "from=3.900", "until=3.900"] {
                    let words = format!("tab={}&{filter}&sort={order}&{place}", tab.word());
                    lists.push(Listing::parse(&words).unwrap());
                }
            }
        }
    }
    lists
}

#[test]
fn the_tabs_of_the_desk_and_their_counts_go_by_status() {
    with_and_without_figures(|db, _| {
        for list in listings() {
            let name = list.words();
            let plan = plan(db, |db| drop(queue::items(db, &list, READER).unwrap()));
            // Everything is walked along the primary key.
            let by_id = |step: &&String| list.tab == Tab::All && *step == "SCAN c";
            let others: Vec<String> = plan.iter().filter(|step| !by_id(step)).cloned().collect();
            assert_by_index(&name, &others);
            let index = match (list.order(), list.tab) {
                (Order::Risk, Tab::Waiting) => "comments_waiting_risk",
                (Order::Risk, _) => "comments_reported_risk",
                _ if list.query().is_some() => "VIRTUAL TABLE INDEX",
                _ if list.mine => "claims_moderator",
                _ if list.same.is_some() => "comment_terms_same",
                _ if list.author.is_some() => "comments_author",
                _ if list.network.is_some() => "comments_network",
                (_, Tab::Waiting) if list.article.is_some() => "comments_waiting_article",
                _ if list.article.is_some() => "comments_article",
                (_, Tab::Reported) => "comments_reported",
                (_, Tab::Waiting) => "comments_waiting",
                (_, Tab::Appeals) => "appeals_open",
                (_, Tab::Published | Tab::Rejected | Tab::Spam) => "comments_status",
                (_, Tab::All) => "",
            };
            let steps = plan.iter().take(3).any(|step| step.contains(index));
            assert!(steps, "{name} by {index}: {plan:#?}");
            assert_unsorted(&name, &plan[..1]);
        }
        let plan = plan(db, |db| {
            queue::counts(db).unwrap();
            queue::oldest_waiting(db).unwrap();
        });
        assert_by_index("counts", &plan);
        assert_unsorted("counts", &plan);
    });
}
