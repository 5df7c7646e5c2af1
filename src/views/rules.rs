//! The house rules, numbered: every reason anywhere links to `/rules#rule-N`. And those that were in force before.

use askama::Template;

use super::dates::Dates;
use super::frame::Frame;
use super::{Site, render};
use crate::store::house_rules::Version;
use crate::store::rules::Rule;
use crate::time::Timestamp;

/// Earlier versions that the page leads to: the latest ones.
const EARLIER: usize = 100;

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage<'a> {
    page: Frame<'a>,
    rules: &'a [Rule],
    /// When these were in force; empty for those that are.
    was: String,
    /// Since when they are; empty for the first ones.
    since: String,
    /// The latest first.
    earlier: Vec<Earlier>,
}

struct Earlier {
    number: usize,
    words: String,
    /// It is the one on the page.
    shown: bool,
}

/// The rules of a version in their order, and who decides by them.
pub fn page(
    site: &Site,
    now: Timestamp,
    rules: &[Rule],
    versions: &[Version],
    shown: Option<&Version>,
) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let full = |at: Timestamp| dates.full(at).text;
    let past = shown.filter(|version| version.until.is_some());
    let frame = Frame::public(site, &phrases.say("house-rules"));
    let span = |version: &Version| {
        let until = full(version.until?);
        Some((version.since.map(full), until))
    };
    let was = past.and_then(span).map(|(since, until)| match since {
        Some(since) => phrases.say_with("rules-was", &[("since", &since), ("until", &until)]),
        None => phrases.say_with("rules-was-first", &[("until", &until)]),
    });
    let since = versions.last().filter(|_| past.is_none());
    let since = since.and_then(|version| version.since).map(full);
    let earlier = versions.iter().rev().filter_map(|version| {
        let words = match span(version)? {
            (Some(since), until) => {
                phrases.say_with("rules-version", &[("since", &since), ("until", &until)])
            }
            (None, until) => phrases.say_with("rules-version-first", &[("until", &until)]),
        };
        Some(Earlier {
            number: version.number,
            words,
            shown: past.is_some_and(|past| past.number == version.number),
        })
    });
    render(&RulesPage {
        page: Frame {
            times: versions.len() > 1,
            ..match past {
                Some(past) => frame.at(format!("/rules?version={}", past.number)),
                None => frame.at("/rules".to_owned()),
            }
        },
        rules,
        was: was.unwrap_or_default(),
        since: since.map_or_else(String::new, |since| {
            phrases.say_with("rules-since", &[("since", &since)])
        }),
        earlier: earlier.take(EARLIER).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{self, HOSTILE, assert_page, texts};

    #[test]
    fn each_rule_has_its_number_and_its_place() {
        let mut rules = fixtures::rules();
        rules[1].text = HOSTILE.into();
        let html = page(&fixtures::site(), Timestamp(0), &rules, &[], None);
        assert_page(&html);
        assert_eq!(
            texts(&html, "#rule-1"),
            ["Personal attack. Leave the person alone."]
        );
        assert_eq!(fixtures::attributes(&html, "#rule-4", "value"), ["4"]);
        assert!(texts(&html, "#rule-4")[0].ends_with(HOSTILE));
    }
}
