//! HTML that may be printed without escaping.

/// HTML made by `text`: the only type that templates print unescaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// HTML that `text` has just escaped or sanitised.
    pub(super) fn made(html: String) -> SafeHtml {
        SafeHtml(html)
    }

    /// HTML that `text` made earlier, read back from the database.
    pub fn stored(html: String) -> SafeHtml {
        SafeHtml(html)
    }

    /// The HTML itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML, to be stored.
    pub fn into_string(self) -> String {
        self.0
    }
}
