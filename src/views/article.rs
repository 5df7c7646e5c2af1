//! An article, its discussion and the reply form.

use askama::Template;

use super::closing;
use super::dates::{Dates, Moment};
use super::frame::Frame;
use super::pager::{self, Pager, SortLine, sorts};
use super::phrases::Piece;
use super::reply_form::{Form, ReplyForm};
use super::thread::{Face, Thread};
use super::{Site, render};
use crate::moderation::Voice;
use crate::store::articles::Article;
use crate::store::comments::Discussion;
use crate::store::rules::Rule;
use crate::text::SafeHtml;
use crate::time::Timestamp;

#[derive(Template)]
#[template(path = "articles/article.html")]
struct ArticlePage<'a> {
    page: Frame<'a>,
    article: &'a Article,
    path: String,
    body: SafeHtml,
    byline: Vec<Piece>,
    published: Moment,
    updated: Option<(Vec<Piece>, Moment)>,
    comments: String,
    views: String,
    comment_number: String,
    thread: Thread<'a>,
    pager: Pager,
    sorts: Vec<SortLine>,
    /// What the script says of new comments, by plural form.
    fresh: Vec<(&'static str, String)>,
    form: Option<Form<'a>>,
    /// Why there is no form.
    closed: String,
}

/// The page of an article. `discussion` holds what this page of it shows, `reply` what the form is filled with.
pub fn page(
    site: &Site,
    now: Timestamp,
    article: &Article,
    discussion: &Discussion,
    rules: &[Rule],
    reply: &ReplyForm,
) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let path = format!("/articles/{}", article.slug);
    let here = if reply.was_posted() {
        path.as_str()
    } else {
        ""
    };
    let closed = article.replies.closed(site.close_after, now);
    let title = &article.title;
    let mut frame = Frame::public(site, title).at(pager::canonical(discussion, &path));
    frame.kind = "article";
    frame.times = true;
    if reply.has_errors() {
        frame = frame.with_errors(title, &site.name);
    }
    frame.script = &site.assets.article_js;
    let updated = article.updated_at.map(|at| {
        let words = phrases.pieces("updated", &["time"], &[]);
        (words, dates.after(at, article.published_at))
    });
    render(&ArticlePage {
        byline: if article.byline.is_empty() {
            Vec::new()
        } else {
            phrases.pieces("byline", &["author", "time"], &[])
        },
        published: dates.full(article.published_at),
        updated,
        comments: phrases.count("comment-count", article.comment_count),
        views: phrases.count("view-count", article.view_count),
        comment_number: phrases.number(article.comment_count),
        body: SafeHtml::stored(article.body_html.clone()),
        pager: Pager::new(discussion, &path),
        fresh: phrases.forms("new-comments"),
        sorts: sorts(phrases, discussion.sort, &path),
        form: closed
            .is_none()
            .then(|| Form::new(site, &article.slug, rules, reply)),
        closed: closed.map_or_else(String::new, |closed| {
            closing::sentence(site, &dates, closed)
        }),
        thread: Thread::new(
            site,
            dates,
            &discussion.roots,
            rules,
            closed.is_none(),
            here.to_owned(),
        ),
        page: frame,
        article,
        path,
    })
}

#[cfg(test)]
mod tests;
