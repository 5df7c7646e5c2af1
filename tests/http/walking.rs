//! From page to page over a discussion that is random and the same in every run: every row once, whichever way one goes.
//! `REJOINDER_TEST_SEED` makes another one.

use std::collections::BTreeSet;

use rejoinder::moderation::HoldMode;
use rejoinder::store::{replies, transaction};
use rejoinder::time::DAY;

use crate::attacks::noise::Dice;
use crate::desk::decide;
use crate::paging_lists;
use crate::support::{Client, Server, on_each_engine, rows};

const REPLIES: usize = 170;

/// Follows links of this kind from page to page: the comments of all of them, and where it ended.
fn walk(reader: &Client, from: &str, onward: &str) -> (Vec<i64>, String) {
    let (mut seen, mut path) = (Vec::new(), from.to_owned());
    for _ in 0..REPLIES {
        let page = reader.get(&path);
        assert_eq!(page.status, 200, "{path}");
        let ids = page.attributes("[id^='c-']", "id");
        seen.extend(ids.iter().map(|id| id[2..].parse::<i64>().unwrap()));
        let next = page.attributes(&format!(".pager a[rel={onward}]"), "href");
        let Some(next) = next.first() else {
            return (seen, path);
        };
        next.trim_end_matches("#discussion").clone_into(&mut path);
    }
    panic!("{from} has no end");
}

#[track_caller]
fn assert_once(seen: &[i64], all: &BTreeSet<i64>, what: &str) {
    let unlike: BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!(&unlike, all, "{what}");
    assert_eq!(seen.len(), unlike.len(), "{what}, one twice: {seen:?}");
}

/// Replies at random moments, some of them at the same one, some answers to others. Which are there, and which have answers.
fn discuss(server: &Server, dice: &mut Dice) -> (Vec<i64>, BTreeSet<i64>) {
    let mut db = server.database.connect();
    let (mut all, mut roots, mut answered) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut at = server.now();
    for number in 0..REPLIES {
        if dice.below(3) > 0 {
            at = at.plus(i64::try_from(dice.below(100_000)).unwrap());
        }
        let mut new = rows::reply("ferry", &format!("Reply {number}."));
        (new.now, new.hold) = (at, HoldMode::None);
        new.may_lag = true;
        if dice.below(5) == 0 && !roots.is_empty() {
            let parent = roots[dice.below(roots.len())];
            new.parent = Some(parent);
            answered.insert(parent);
        }
        let receipt = format!("/replies/{}", new.receipt);
        transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
        let id = server.comment_at(&receipt);
        if new.parent.is_none() {
            roots.push(id);
        }
        all.push(id);
    }
    (all, answered)
}

#[test]
fn every_walk_through_the_pages_meets_each_row_once() {
    let seed = std::env::var("REJOINDER_TEST_SEED").map_or(7, |seed| seed.parse().unwrap());
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let mut dice = Dice(seed);
        let (all, answered) = discuss(&server, &mut dice);
        server.clock.advance(30 * DAY);
        let dana = server.moderator("Dana");
        // Rows that are not in a list stand between those that are.
        let (mut public, mut spam) = (BTreeSet::new(), BTreeSet::new());
        for id in all.iter().copied() {
            if answered.contains(&id) || dice.below(6) > 0 {
                public.insert(id);
            } else {
                let near = format!("tab=published&from={}", id + 1);
                decide(&dana, &near, id, &[("do", "spam")]);
                spam.insert(id);
            }
        }
        assert!(spam.len() > 10, "{}", spam.len());
        server.sweep();

        let reader = server.visitor();
        for (sort, onward, back) in [("oldest", "next", "prev"), ("newest", "prev", "next")] {
            let start = format!("/articles/ferry?sort={sort}");
            let (seen, end) = walk(&reader, &start, onward);
            assert_once(&seen, &public, &format!("{sort}, seed {seed}"));
            let (seen, _) = walk(&reader, &end, back);
            assert_once(&seen, &public, &format!("{sort} backwards, seed {seed}"));
        }
        let (most, _) = walk(&reader, "/articles/ferry?sort=most-replied", "next");
        let unlike: BTreeSet<i64> = most.iter().copied().collect();
        assert!(most.len() == unlike.len() && unlike.is_subset(&public));
        assert!(most.len() > 50, "{most:?}");

        let whole = all.iter().copied().collect();
        for (tab, there) in [("published", &public), ("spam", &spam), ("all", &whole)] {
            for (sort, onward) in [("oldest", "Newer"), ("newest", "Older")] {
                let words = format!("tab={tab}&sort={sort}");
                let mut seen = paging_lists::walk(&dana, &words, onward);
                assert_once(&seen, there, &format!("{words}, seed {seed}"));
                if sort == "newest" {
                    seen.reverse();
                }
                assert!(seen.is_sorted(), "{words}, seed {seed}: {seen:?}");
            }
        }
    });
}
