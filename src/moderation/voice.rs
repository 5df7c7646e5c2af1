//! Who speaks in a comment.

use super::review::codes;

/// In whose name a comment is published. The numbers are what the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Reader = 0,
    Moderator = 1,
    /// A moderator whose account an admin has tied to the byline of this article.
    ArticleAuthor = 2,
}

codes!(Voice: Reader, Moderator, ArticleAuthor);

impl Voice {
    /// Whether a signed-in moderator wrote it.
    pub fn is_staff(self) -> bool {
        self != Self::Reader
    }
}
