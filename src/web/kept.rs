//! What the handlers of kept pages share: what a page shows, as the cache follows it, and why there is none.

use std::sync::Arc;

use super::error::Error;
use crate::pages::{self, Mark, Refusal, Window};
use crate::store::articles::{Article, ArticleLine, Found, Seek};
use crate::store::{self, branches};

pub const HTML: &str = "text/html; charset=utf-8";

/// Whether a slug stands in an address as it is: then no other address can be taken for its own.
pub fn is_plain(slug: &str) -> bool {
    slug.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

pub fn article(article: &Article) -> Mark {
    Mark::Article {
        id: article.id,
        version: article.page_version,
    }
}

pub fn window(seek: Seek, rows: i64) -> Window {
    let (before, after) = match seek {
        Seek::First => (None, None),
        Seek::Before(id) => (Some(id), None),
        Seek::After(id) => (None, Some(id)),
    };
    Window {
        before,
        after,
        rows,
    }
}

/// A list of articles as it was read; `turn` is what the cache had said before.
pub fn list(window: Window, turn: i64, rows: &[ArticleLine]) -> Mark {
    Mark::List {
        window,
        turn,
        fingerprint: pages::fingerprint(rows.iter().map(|row| (row.id, row.page_version))),
    }
}

/// What stands at an article's address, if no article does.
pub fn no_article(found: Option<Found>) -> Refusal {
    match found {
        Some(Found::Moved(slug)) => Refusal::Moved(Arc::from(slug.as_str())),
        Some(Found::Gone) => Refusal::Gone,
        Some(Found::Article(_)) | None => Refusal::Nowhere,
    }
}

/// The same for a branch.
pub fn branch<T>(found: branches::Found<T>) -> Result<T, Refusal> {
    match found {
        branches::Found::Here(found) => Ok(found),
        branches::Found::Gone => Err(Refusal::Gone),
        branches::Found::Nowhere => Err(Refusal::Nowhere),
    }
}

pub fn refusal(error: store::Error) -> Refusal {
    let cause = Arc::from(error.to_string().as_str());
    match Error::from(error) {
        Error::Busy { .. } => Refusal::Unavailable(cause),
        _ => Refusal::Failed(cause),
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            // An address that moved has a page of its own to go to; who does not know it finds nothing.
            Refusal::Nowhere | Refusal::Moved(_) => Self::NotFound,
            Refusal::Gone => Self::Gone,
            Refusal::Unavailable(cause) => Self::Busy {
                cause: cause.to_string(),
                kept: None,
            },
            Refusal::Failed(cause) => Self::Internal(cause.to_string()),
        }
    }
}
