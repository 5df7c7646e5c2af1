//! A branch of a discussion on a page of its own.

use askama::Template;

use super::dates::Dates;
use super::frame::Frame;
use super::pager::{self, Pager};
use super::thread::{Face, Thread};
use super::{Site, render};
use crate::moderation::{Status, Voice};
use crate::store::branches::Branch;
use crate::store::comments::Node;
use crate::store::rules::Rule;
use crate::time::Timestamp;

#[derive(Template)]
#[template(path = "articles/branch.html")]
struct BranchPage<'a> {
    page: Frame<'a>,
    title: String,
    article: String,
    article_title: &'a str,
    comments: String,
    thread: Thread<'a>,
    pager: Pager,
}

/// The page of a branch: the comment at its head, and a page of the replies to it.
pub fn page(site: &Site, now: Timestamp, branch: &Branch, rules: &[Rule]) -> String {
    let phrases = site.phrases;
    let title = match branch.head.status {
        Status::Approved => phrases.say_with("replies-to", &[("name", &branch.head.name)]),
        _ => phrases.say("replies-to-gone"),
    };
    let article = format!("/articles/{}", branch.article_slug);
    let path = format!("/threads/{}", branch.head.id);
    let tree = [Node {
        comment: branch.head.clone(),
        replies: branch.replies.roots.clone(),
        more: 0,
    }];
    let mut frame = Frame::public(site, &title).at(pager::canonical(&branch.replies, &path));
    frame.kind = "article";
    frame.times = true;
    frame.script = &site.assets.article_js;
    render(&BranchPage {
        page: frame,
        comments: phrases.count("comment-count", public(branch)),
        thread: Thread::new(
            site,
            Dates::new(site, now),
            &tree,
            rules,
            branch.openness.closed(site.close_after, now).is_none(),
            article.clone(),
        ),
        pager: Pager::new(&branch.replies, &path),
        article_title: &branch.article_title,
        title,
        article,
    })
}

fn public(branch: &Branch) -> i64 {
    branch.head.public_descendants + i64::from(branch.head.status.is_public())
}
