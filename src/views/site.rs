//! What every page of a site shares; built once at start.

use super::dates::Dates;
use super::{Phrases, direction};
use crate::time::{Timestamp, Zone};

/// Addresses of the style sheets, scripts and the icon, such as `/static/app.1a2b3c.css`.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    pub app_css: String,
    /// For the desk, on top of `app_css`.
    pub desk_css: String,
    /// Empty: pages for readers have no script.
    pub article_js: String,
    /// Empty: the desk has no script.
    pub desk_js: String,
    pub icon: String,
}

/// A site's name, language, zone and files.
#[derive(Debug)]
pub struct Site {
    pub name: String,
    /// Of the site's texts, as configured: what `<html lang>` says.
    pub language: String,
    /// Writing direction of that language: `ltr` or `rtl`.
    pub direction: &'static str,
    pub zone: Zone,
    pub phrases: &'static Phrases,
    pub assets: Assets,
    /// Unicode scalar values of a comment.
    pub max_length: usize,
    /// Scheme and host of `public_url`, without a slash at the end; empty where it is not set. Never the host that a request
    /// names: pages are kept by caches and shared.
    pub base: String,
    /// Milliseconds after its publication for which an article takes replies; 0 is for ever.
    pub close_after: i64,
}

impl Site {
    /// `language` is a BCP 47 tag; phrases fall back to English where it is not translated.
    pub fn new(
        name: impl Into<String>,
        language: &str,
        zone: Zone,
        assets: Assets,
        max_length: usize,
    ) -> Self {
        let phrases = Phrases::of(language);
        Self {
            name: name.into(),
            direction: direction::of(language),
            language: Phrases::tag(language).unwrap_or_else(|| phrases.language()),
            zone,
            phrases,
            assets,
            max_length,
            base: String::new(),
            close_after: 0,
        }
    }

    /// When the day of `now` began here.
    pub fn midnight(&self, now: Timestamp) -> Timestamp {
        Dates::new(self, now).midnight()
    }

    /// The language as Open Graph writes it: `pt_BR`.
    pub(super) fn locale(&self) -> String {
        self.language.replace('-', "_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures;

    #[test]
    fn an_untranslated_language_still_names_the_language_of_the_texts() {
        let zone = fixtures::site().zone;
        let site = Site::new("Le Phare", "fr-ca", zone.clone(), Assets::default(), 5000);
        assert_eq!(site.language, "fr-CA");
        assert_eq!(site.phrases.language(), "en");
        let odd = Site::new("Odd", "not a tag\"", zone, Assets::default(), 5000);
        assert_eq!(odd.language, "en");
    }
}
