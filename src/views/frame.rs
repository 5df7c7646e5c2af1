//! What `layout.html` needs from every page, and the phrases that templates say.

use super::{Site, phrases::Piece};

/// The name of this software, which titles the desk.
pub(super) const PRODUCT: &str = "Rejoinder";

/// The document around a page.
pub(super) struct Frame<'a> {
    pub site: &'a Site,
    /// Of the document: the page and the site.
    pub title: String,
    /// Of the page alone.
    pub heading: String,
    /// The path by which a page that others may link to is best known; empty for any other page.
    pub canonical: String,
    /// What the page is to those who share it: its Open Graph type.
    pub kind: &'static str,
    /// It shows times of day, and so says of which zone.
    pub times: bool,
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
            heading: page.to_owned(),
            canonical: String::new(),
            kind: "website",
            times: false,
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

    /// The same page, best known by this path.
    pub fn at(mut self, path: String) -> Self {
        self.canonical = path;
        self
    }

    /// "Times are in Europe/Berlin."
    pub fn times_in(&self) -> String {
        let zone = self.site.zone.name().replace('_', " ");
        self.site.phrases.say_with("times-in", &[("zone", &zone)])
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

    /// "Remove rule 4".
    pub fn remove_rule(&self, number: &str) -> String {
        let number = [("number", number)];
        self.site.phrases.say_with("house-remove", &number)
    }

    /// "Select the comment by Ama".
    pub fn select(&self, name: &str) -> String {
        self.site
            .phrases
            .say_with("select-comment", &[("name", name)])
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
