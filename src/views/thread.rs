//! A discussion as a flat list of comments, since templates cannot recurse: each row says which lists open before it and
//! close after it. Phrases that repeat are looked up once, for a page has up to 300 comments.

use super::dates::Dates;
use super::identicon;
use super::phrases::{Around, Piece};
use super::{Site, mid_sentence};
use crate::moderation::{Status, Voice};
use crate::store::comments::{Comment, Node};
use crate::store::rules::Rule;
use crate::text::SafeHtml;

/// The rows, and the words that all of them say.
pub(super) struct Thread<'a> {
    pub rows: Vec<Row<'a>>,
    pub reply: String,
    pub to: Around,
    pub report: String,
    pub of: Around,
    pub moderator: String,
    pub article_author: String,
    /// What a reply link starts with: empty where the page itself takes `?reply_to=`.
    pub here: String,
}

/// One comment, or the place that a removed one keeps.
pub(super) struct Row<'a> {
    pub id: i64,
    /// The first answer to a comment: a nested list opens before it.
    pub opens: bool,
    pub face: Face<'a>,
    /// What ends with this row, innermost first.
    pub closes: Vec<Close>,
}

pub(super) enum Face<'a> {
    Said(Said<'a>),
    Gone(Gone),
}

pub(super) struct Said<'a> {
    pub name: &'a str,
    /// Empty unless it is an http or https address.
    pub website: &'a str,
    pub voice: Voice,
    pub icon: String,
    pub iso: String,
    pub when: String,
    pub body: SafeHtml,
    /// Whether it can be answered here.
    pub open: bool,
}

/// A tombstone.
pub(super) struct Gone {
    pub label: String,
    pub sentence: Vec<Piece>,
    /// The rule it names in its slot `rule`.
    pub rule: Option<(i16, String)>,
}

/// The end of one comment's place in the list.
pub(super) struct Close {
    pub more: Option<More>,
    /// Its list ends too.
    pub ends_list: bool,
}

/// Where the replies are that this page leaves out.
pub(super) struct More {
    pub id: i64,
    pub words: String,
    /// Whose replies, said to screen readers after the words; empty below a tombstone.
    pub context: String,
}

/// What rows are made with.
struct Made<'a, 'r> {
    site: &'a Site,
    dates: Dates<'a>,
    rules: &'r [Rule],
    open: bool,
    context: Around,
}

impl<'a> Thread<'a> {
    /// `open`: the article takes replies. `here`: see the field.
    pub fn new(
        site: &'a Site,
        dates: Dates<'a>,
        roots: &'a [Node],
        rules: &[Rule],
        open: bool,
        here: String,
    ) -> Self {
        let phrases = site.phrases;
        let context = phrases.around("show-more-context", "name");
        let made = Made {
            site,
            dates,
            rules,
            open,
            context,
        };
        let mut rows = Vec::new();
        for root in roots {
            made.flatten(root, false, false, &mut rows);
        }
        Self {
            rows,
            reply: phrases.say("reply"),
            to: phrases.around("reply-to", "name"),
            report: phrases.say("report"),
            of: phrases.around("report-of", "name"),
            moderator: phrases.say("moderator"),
            article_author: phrases.say("author-of-article"),
            here,
        }
    }
}

impl<'a> Made<'a, '_> {
    /// Adds a comment and, below it, its replies. Depth is bounded by what a page shows.
    fn flatten(&self, node: &'a Node, opens: bool, ends_list: bool, rows: &mut Vec<Row<'a>>) {
        rows.push(Row {
            id: node.comment.id,
            opens,
            face: self.face(&node.comment),
            closes: Vec::new(),
        });
        let last = node.replies.len().saturating_sub(1);
        for (at, reply) in node.replies.iter().enumerate() {
            self.flatten(reply, at == 0, at == last, rows);
        }
        if let Some(row) = rows.last_mut() {
            let more = self.more(node);
            row.closes.push(Close { more, ends_list });
        }
    }

    fn face(&self, comment: &'a Comment) -> Face<'a> {
        if comment.status != Status::Approved {
            return Face::Gone(self.gone(comment));
        }
        let when = self.dates.moment(comment.created_at);
        Face::Said(Said {
            name: &comment.name,
            website: web_address(&comment.website),
            voice: comment.staff,
            icon: identicon::of(comment),
            iso: when.iso,
            when: when.text,
            body: SafeHtml::stored(comment.body_html.clone()),
            open: self.open,
        })
    }

    fn gone(&self, comment: &Comment) -> Gone {
        let phrases = self.site.phrases;
        let date = comment.decided_at.map(|at| self.dates.moment(at).text);
        let rule = match comment.status {
            Status::Rejected => comment
                .rule_id
                .and_then(|id| self.rules.iter().find(|r| r.id == id)),
            _ => None,
        };
        let (label, sentence) = match (comment.status, date) {
            (Status::Pending, _) => (
                phrases.say("gone-reading-label"),
                phrases.pieces("gone-reading", &[], &[]),
            ),
            (Status::Withdrawn, _) => (
                phrases.say("gone-withdrawn-label"),
                phrases.pieces("gone-withdrawn", &[], &[]),
            ),
            (status, date) => (
                phrases.say("gone-label"),
                match (date, rule) {
                    (None, _) => phrases.pieces("gone-undated", &[], &[]),
                    (Some(date), _) if status == Status::Spam => {
                        phrases.pieces("gone-as-spam", &[], &[("date", &date)])
                    }
                    (Some(date), None) => phrases.pieces("gone-on-date", &[], &[("date", &date)]),
                    (Some(date), Some(rule)) => phrases.pieces(
                        "gone-for-rule",
                        &["rule"],
                        &[("date", &date), ("reason", &mid_sentence(&rule.title))],
                    ),
                },
            ),
        };
        let named = |rule: &Rule| {
            let number = rule.number.to_string();
            (
                rule.number,
                phrases.say_with("rule-number", &[("number", &number)]),
            )
        };
        Gone {
            label,
            sentence,
            rule: rule.map(named),
        }
    }

    /// The link below a comment of whose direct replies some, with all below them, are not shown.
    fn more(&self, node: &Node) -> Option<More> {
        if node.more <= 0 {
            return None;
        }
        let words = if node.replies.is_empty() {
            self.site.phrases.count("continue-thread", node.more)
        } else {
            self.site.phrases.count("show-more", node.more)
        };
        let context = match node.comment.status {
            Status::Approved => self.context.fill(&node.comment.name),
            _ => String::new(),
        };
        Some(More {
            id: node.comment.id,
            words,
            context,
        })
    }
}

/// An address that may be linked: http or https, else nothing.
pub(super) fn web_address(website: &str) -> &str {
    let scheme = website.split_once("://").map_or("", |(scheme, _)| scheme);
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        website
    } else {
        ""
    }
}
