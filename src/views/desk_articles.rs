//! The desk's list of articles: whether each takes replies, which of them wait, and what waits there.

use askama::Template;

use super::closing;
use super::dates::Dates;
use super::frame::Frame;
use super::nav::{NavLine, Place, counted, nav};
use super::queue::Desk;
use super::{Phrases, Site, render};
use crate::moderation::HoldMode;
use crate::store::article_desk::{Change, DeskArticle};
use crate::store::articles::{ArticleLine, Page, Seek};
use crate::store::queue::TabCounts;
use crate::time::Timestamp;

/// A page of the list.
pub struct ArticlesPage {
    pub seek: Seek,
    pub articles: Page<DeskArticle>,
    pub counts: TabCounts,
    /// The site's own hold mode.
    pub site_hold: HoldMode,
    /// The change just made, and the article as it stands.
    pub done: Option<(Change, ArticleLine)>,
}

#[derive(Template)]
#[template(path = "moderation/articles.html")]
struct View<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    title: String,
    toast: Option<String>,
    rows: Vec<Row<'a>>,
    /// Which page it is, for the way back to it.
    before: Option<i64>,
    after: Option<i64>,
    newer: Option<i64>,
    older: Option<i64>,
}

struct Row<'a> {
    line: &'a ArticleLine,
    /// "Harbour, 20 November 2026".
    when: String,
    /// Whether it takes replies, until when, or why not.
    replies: String,
    open: bool,
    waiting: String,
    waiting_on: String,
    comments: String,
    views: String,
    modes: Vec<ModeChoice>,
}

/// A choice of which replies wait.
struct ModeChoice {
    /// Its value in the form.
    word: &'static str,
    says: String,
    chosen: bool,
}

/// The word that forms send for the site's own mode.
pub const AS_THE_SITE: &str = "site";

/// A page of the articles.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, list: &ArticlesPage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = phrases.say("articles");
    let (before, after) = match list.seek {
        Seek::First => (None, None),
        Seek::Before(id) => (Some(id), None),
        Seek::After(id) => (None, Some(id)),
    };
    render(&View {
        page: Frame::desk(site, &title),
        desk,
        nav: nav(phrases, desk, Place::Articles, Some(&list.counts)),
        title,
        toast: list
            .done
            .as_ref()
            .and_then(|(change, line)| did(site, now, *change, line)),
        rows: list
            .articles
            .rows
            .iter()
            .map(|article| row(site, &dates, now, article, list.site_hold))
            .collect(),
        before,
        after,
        newer: list.articles.newer,
        older: list.articles.older,
    })
}

/// What was done, if the article is still so.
fn did(site: &Site, now: Timestamp, change: Change, line: &ArticleLine) -> Option<String> {
    let phrases = site.phrases;
    let article = [("article", line.title.as_str())];
    let open = line.replies.closed(site.close_after, now).is_none();
    match change {
        Change::Open => open.then(|| phrases.say_with("articles-did-open", &article)),
        Change::Close => (!open).then(|| phrases.say_with("articles-did-close", &article)),
        Change::Hold(mode) => (mode == line.hold).then(|| match mode {
            None => phrases.say_with("articles-did-hold-site", &article),
            Some(HoldMode::All) => phrases.say_with("articles-did-hold-all", &article),
            Some(HoldMode::First) => phrases.say_with("articles-did-hold-first", &article),
            Some(HoldMode::None) => phrases.say_with("articles-did-hold-none", &article),
        }),
    }
}

fn row<'a>(
    site: &Site,
    dates: &Dates<'_>,
    now: Timestamp,
    article: &'a DeskArticle,
    site_hold: HoldMode,
) -> Row<'a> {
    let phrases = site.phrases;
    let line = &article.line;
    let date = dates.day(line.published_at).text;
    let closed = line.replies.closed(site.close_after, now);
    Row {
        when: match line.section.as_str() {
            "" => date,
            section => {
                let said = [("section", section), ("date", date.as_str())];
                phrases.say_with("articles-in-section", &said)
            }
        },
        replies: match (closed, line.replies.ends(site.close_after)) {
            (Some(closed), _) => closing::sentence(site, dates, closed),
            (None, None) => phrases.say("articles-open"),
            (None, Some(end)) => {
                let end = dates.day(end).text;
                phrases.say_with("articles-open-until", &[("date", &end)])
            }
        },
        open: closed.is_none(),
        waiting: counted(phrases, article.waiting),
        waiting_on: phrases.say_with("articles-waiting-on", &[("article", &line.title)]),
        comments: phrases.number(line.comment_count),
        views: phrases.number(line.view_count),
        modes: modes(phrases, line.hold, site_hold),
        line,
    }
}

fn modes(phrases: &Phrases, own: Option<HoldMode>, site_hold: HoldMode) -> Vec<ModeChoice> {
    let says = |mode| match mode {
        HoldMode::All => phrases.say("articles-hold-all"),
        HoldMode::First => phrases.say("articles-hold-first"),
        HoldMode::None => phrases.say("articles-hold-none"),
    };
    let mut choices = vec![ModeChoice {
        word: AS_THE_SITE,
        says: phrases.say_with("articles-hold-site", &[("mode", &says(site_hold))]),
        chosen: own.is_none(),
    }];
    choices.extend(HoldMode::ALL.into_iter().map(|mode| ModeChoice {
        word: mode.word(),
        says: says(mode),
        chosen: own == Some(mode),
    }));
    choices
}
