//! The way between the pages of a discussion, and between its orders.

use super::Phrases;
use crate::store::comments::{Discussion, Sort};

/// Links to the other pages of a discussion; each is empty where there is none.
pub(super) struct Pager {
    pub first: String,
    pub older: String,
    pub newer: String,
    pub last: String,
}

impl Pager {
    /// Where the page holds the oldest comments first, the page after it holds newer ones; else older ones.
    pub fn new(discussion: &Discussion, path: &str) -> Self {
        let sort = discussion.sort;
        let to = |from: i64| address(path, sort, from);
        let back = discussion.back.map(to).unwrap_or_default();
        let onward = discussion.onward.map(to).unwrap_or_default();
        let (older, newer) = match sort {
            Sort::Newest => (onward, back),
            Sort::Oldest | Sort::MostReplied => (back, onward),
        };
        Self {
            older,
            newer,
            last: match discussion.last {
                Some(root) if discussion.onward != Some(root) => to(root),
                _ => String::new(),
            },
            first: match discussion.back {
                Some(root) if root != 0 => to(0),
                _ => String::new(),
            },
        }
    }

    pub fn is_empty(&self) -> bool {
        self.older.is_empty() && self.newer.is_empty()
    }
}

fn address(path: &str, sort: Sort, from: i64) -> String {
    let order = match sort {
        Sort::Oldest => String::new(),
        other => format!("sort={}", other.word()),
    };
    let start = match from {
        0 => String::new(),
        from => format!("from={from}"),
    };
    let query = [order, start]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("&");
    if query.is_empty() {
        format!("{path}#discussion")
    } else {
        format!("{path}?{query}#discussion")
    }
}

/// The path that a page of a discussion is best known by. Another order shows the same comments, so it is the discussion's
/// own page. A page further on, oldest first, has comments that no other page has: it keeps its start, which is the first
/// comment it shows, whatever number was asked for.
pub(super) fn canonical(discussion: &Discussion, path: &str) -> String {
    match (discussion.sort, discussion.back, discussion.roots.first()) {
        (Sort::Oldest, Some(_), Some(first)) => format!("{path}?from={}", first.comment.id),
        _ => path.to_owned(),
    }
}

/// A link to the discussion in one of its orders.
pub(super) struct SortLine {
    pub address: String,
    pub words: String,
    pub current: bool,
}

/// The orders a discussion can be read in.
pub(super) fn sorts(phrases: &Phrases, current: Sort, path: &str) -> Vec<SortLine> {
    let words = |sort| match sort {
        Sort::Oldest => phrases.say("sort-oldest"),
        Sort::Newest => phrases.say("sort-newest"),
        Sort::MostReplied => phrases.say("sort-most-replied"),
    };
    Sort::ALL
        .into_iter()
        .map(|sort| SortLine {
            address: address(path, sort, 0),
            words: words(sort),
            current: sort == current,
        })
        .collect()
}
