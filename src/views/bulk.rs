//! What a bulk would do, before it is done.

use askama::Template;

use super::frame::Frame;
use super::nav::{NavLine, Place, nav};
use super::queue::Desk;
use super::{Site, decided, render};
use crate::moderation::{Decision, Ground};
use crate::store::bulks::{Picked, Preview};
use crate::store::listing::Listing;
use crate::store::queue::TabCounts;
use crate::store::rules::Rule;

/// Everything in a list, and what is to become of it.
pub struct Plan {
    pub list: Listing,
    pub decision: Decision,
    /// Of a rejection.
    pub rule: Option<Rule>,
    pub preview: Preview,
    pub counts: TabCounts,
}

#[derive(Template)]
#[template(path = "moderation/bulk_preview.html")]
struct BulkView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    view: String,
    back: String,
    title: String,
    sentences: Vec<String>,
    verb: &'static str,
    ground: String,
    /// Every comment as it was seen.
    picked: String,
    button: String,
}

/// The page before a bulk.
pub fn page(site: &Site, desk: &Desk, plan: &Plan) -> String {
    let phrases = site.phrases;
    let preview = &plan.preview;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let all = count(preview.picked.len());
    let (title, button) = match plan.decision {
        Decision::Approve => (
            phrases.count("bulk-title-approve", all),
            phrases.count("bulk-do-approve", all),
        ),
        Decision::Reject => (
            phrases.count("bulk-title-reject", all),
            phrases.count("bulk-do-reject", all),
        ),
        Decision::Spam => (
            phrases.count("bulk-title-spam", all),
            phrases.count("bulk-do-spam", all),
        ),
        Decision::Keep => (
            phrases.count("bulk-title-keep", all),
            phrases.count("bulk-do-keep", all),
        ),
    };
    let mut sentences = Vec::new();
    if all > 0 {
        sentences.push(phrases.count("bulk-articles", count(preview.articles)));
    }
    if let Some(rule) = &plan.rule {
        let ground = decided::ground(phrases, Ground::Rule(rule.number), &rule.title);
        sentences.push(phrases.say_with("bulk-reason", &[("ground", &ground)]));
    }
    if preview.claimed > 0 {
        sentences.push(phrases.count("bulk-claimed", count(preview.claimed)));
    }
    if preview.same > 0 {
        sentences.push(phrases.count("bulk-same", count(preview.same)));
    }
    if preview.more {
        sentences.push(phrases.count("bulk-more", all));
    }
    let words: Vec<String> = preview
        .picked
        .iter()
        .map(|one| Picked::word(*one))
        .collect();
    render(&BulkView {
        page: Frame::desk(site, &title),
        desk,
        nav: nav(phrases, desk, Place::Tab(plan.list.tab), Some(&plan.counts)),
        view: plan.list.words(),
        back: plan.list.address(),
        title,
        sentences,
        verb: plan.decision.word(),
        ground: plan
            .rule
            .as_ref()
            .map_or_else(String::new, |rule| rule.number.to_string()),
        picked: words.join(" "),
        button,
    })
}
