//! What `layout.html` needs from every page, and the phrases that templates say.

use super::{Site, phrases::Piece};

/// The name of this software, which titles the desk.
pub(super) const PRODUCT: &str = "Rejoinder";

/// The document around a page.
pub(super) struct Frame<'a> {
    pub site: &'a Site,
    /// Of the document: the page and the site.
    pub title: String,
    /// Kept out of search engines.
    pub private: bool,
    /// Address of the page's script; empty for none.
    pub script: &'a str,
}

impl<'a> Frame<'a> {
    /// A page for readers.
    pub fn public(site: &'a Site, page: &str) -> Self {
        Self::titled(site, page, &site.name)
    }

    /// A page behind the login, or at its door.
    pub fn desk(site: &'a Site, page: &str) -> Self {
        Self {
            private: true,
            ..Self::titled(site, page, PRODUCT)
        }
    }

    fn titled(site: &'a Site, page: &str, whole: &str) -> Self {
        let names = [("page", page), ("site", whole)];
        Self {
            site,
            title: site.phrases.say_with("page-title", &names),
            private: false,
            script: "",
        }
    }

    /// The same page, saying in its title that the form on it has errors.
    pub fn with_errors(mut self, page: &str, whole: &str) -> Self {
        let names = [("page", page), ("site", whole)];
        self.title = self.site.phrases.say_with("page-title-error", &names);
        self
    }

    pub fn say(&self, key: &str) -> String {
        self.site.phrases.say(key)
    }

    /// "rule 4".
    pub fn rule(&self, number: &i16) -> String {
        let number = number.to_string();
        let number = [("number", number.as_str())];
        self.site.phrases.say_with("rule-number", &number)
    }

    /// A phrase with slots that markup fills.
    pub fn pieces(&self, key: &str, slots: &[&'static str]) -> Vec<Piece> {
        self.site.phrases.pieces(key, slots, &[])
    }

    /// "The Eastmere Ledger. Discussion kept by Rejoinder".
    pub fn colophon(&self) -> String {
        let name = [("site", self.site.name.as_str())];
        self.site.phrases.say_with("kept-by", &name)
    }
}
