//! The way between the pages of a discussion.

use crate::store::comments::Discussion;

/// Links to the other pages of a discussion; each is empty where there is none.
pub(super) struct Pager {
    pub first: String,
    pub older: String,
    pub newer: String,
    pub last: String,
}

impl Pager {
    /// Roots come oldest first, so the page after this one holds the newer ones.
    pub fn new(discussion: &Discussion, path: &str) -> Self {
        let first = format!("{path}#discussion");
        let from = |root: i64| match root {
            0 => first.clone(),
            root => format!("{path}?from={root}#discussion"),
        };
        Self {
            older: discussion.back.map(from).unwrap_or_default(),
            newer: discussion.onward.map(from).unwrap_or_default(),
            last: match discussion.last {
                Some(root) if discussion.onward != Some(root) => from(root),
                _ => String::new(),
            },
            first: match discussion.back {
                Some(root) if root != 0 => first.clone(),
                _ => String::new(),
            },
        }
    }

    pub fn is_empty(&self) -> bool {
        self.older.is_empty() && self.newer.is_empty()
    }
}
