//! The front page: the newest articles.

use askama::Template;

use super::dates::{Dates, Moment};
use super::frame::Frame;
use super::phrases::Piece;
use super::{Site, render};
use crate::store::articles::ArticleLine;
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

/// The newest articles. `newer` and `older` are the articles that the neighbouring pages end before and start after.
pub fn page(
    site: &Site,
    now: Timestamp,
    articles: &[ArticleLine],
    newer: Option<i64>,
    older: Option<i64>,
) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let line = |article| line(site, &dates, article);
    render(&FrontPage {
        page: Frame::public(site, &phrases.say("latest")),
        lines: articles.iter().map(line).collect(),
        how_to_seed: phrases.pieces("how-to-seed", &["command"], &[]),
        newer,
        older,
    })
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

    #[test]
    fn an_article_shows_its_byline_and_counts() {
        let html = page(&site(), AT, &[line(1)], None, Some(7));
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
        let html = page(&site(), AT, &[quiet], Some(3), None);
        assert_eq!(texts(&html, ".counts"), ["No comments yet · 1 view"]);
        assert_eq!(texts(&html, ".byline"), ["12 May"]);
        assert_eq!(texts(&html, ".pager a[href='/?after=3']"), ["Newer"]);
    }

    #[test]
    fn an_empty_site_says_how_to_fill_it() {
        let html = page(&site(), AT, &[], None, None);
        assert_page(&html);
        let said = texts(&html, "main p").join(" ");
        assert!(said.starts_with("Nothing is published yet."), "{said}");
        assert!(said.contains("rejoinder seed PATH"), "{said}");
    }
}
