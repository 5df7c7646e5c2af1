//! The front page: the newest articles.

use askama::Template;

use super::dates::{Dates, Moment};
use super::frame::Frame;
use super::phrases::Piece;
use super::{Site, render};
use crate::store::articles::{ArticleLine, Page, Seek};
use crate::time::Timestamp;

#[derive(Template)]
#[template(path = "articles/front.html")]
struct FrontPage<'a> {
    page: Frame<'a>,
    lines: Vec<Line<'a>>,
    how_to_seed: Vec<Piece>,
    newer: Option<i64>,
    older: Option<i64>,
}

struct Line<'a> {
    article: &'a ArticleLine,
    byline: Vec<Piece>,
    published: Moment,
    comments: String,
    views: String,
}

/// A page of the newest articles: the one that `seek` asked for.
pub fn page(site: &Site, now: Timestamp, seek: Seek, articles: &Page<ArticleLine>) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let line = |article| line(site, &dates, article);
    render(&FrontPage {
        page: Frame::public(site, &phrases.say("latest")).at(canonical(seek, articles)),
        lines: articles.rows.iter().map(line).collect(),
        how_to_seed: phrases.pieces("how-to-seed", &["command"], &[]),
        newer: articles.newer,
        older: articles.older,
    })
}

/// The path of this page; that of the first one when there is nothing newer, however it was asked for.
fn canonical(seek: Seek, articles: &Page<ArticleLine>) -> String {
    match (seek, articles.newer) {
        (Seek::Before(id), Some(_)) => format!("/?before={id}"),
        (Seek::After(id), Some(_)) => format!("/?after={id}"),
        _ => "/".to_owned(),
    }
}

fn line<'a>(site: &Site, dates: &Dates<'_>, article: &'a ArticleLine) -> Line<'a> {
    let phrases = site.phrases;
    Line {
        byline: if article.byline.is_empty() {
            Vec::new()
        } else {
            phrases.pieces("byline", &["author", "time"], &[])
        },
        published: dates.day(article.published_at),
        comments: phrases.count("comment-count", article.comment_count),
        views: phrases.count("view-count", article.view_count),
        article,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{AT, assert_page, line, site, texts};

    fn shown(rows: Vec<ArticleLine>, newer: Option<i64>, older: Option<i64>) -> String {
        let articles = Page { rows, newer, older };
        page(&site(), AT, Seek::First, &articles)
    }

    #[test]
    fn an_article_shows_its_byline_and_counts() {
        let html = shown(vec![line(1)], None, Some(7));
        assert_page(&html);
        assert_eq!(texts(&html, "title"), ["Latest · The Eastmere Ledger"]);
        assert_eq!(
            texts(&html, "h2 a[href='/articles/ferry']"),
            ["Night <ferry>"]
        );
        assert_eq!(texts(&html, ".counts"), ["23 comments · 1,204 views"]);
        assert_eq!(texts(&html, ".byline"), ["By Ines <b>Calloway</b>, 12 May"]);
        assert_eq!(texts(&html, ".pager a[href='/?before=7']"), ["Older"]);
        assert!(texts(&html, ".pager a[href^='/?after']").is_empty());
    }

    #[test]
    fn an_article_without_comments_or_byline_says_no_empty_words() {
        let mut quiet = line(1);
        quiet.comment_count = 0;
        quiet.view_count = 1;
        quiet.byline.clear();
        let html = shown(vec![quiet], Some(3), None);
        assert_eq!(texts(&html, ".counts"), ["No comments yet · 1 view"]);
        assert_eq!(texts(&html, ".byline"), ["12 May"]);
        assert_eq!(texts(&html, ".pager a[href='/?after=3']"), ["Newer"]);
    }

    #[test]
    fn an_empty_site_says_how_to_fill_it() {
        let html = shown(Vec::new(), None, None);
        assert_page(&html);
        let said = texts(&html, "main p").join(" ");
        assert!(said.starts_with("Nothing is published yet."), "{said}");
        assert!(said.contains("rejoinder seed PATH"), "{said}");
    }
}
