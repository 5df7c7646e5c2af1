//! The audit log: a sentence for each act, by days, and the way back from those that can be undone.

use askama::Template;

use super::dates::{Dates, Moment};
use super::decided;
use super::frame::Frame;
use super::nav::{NavLine, Place, nav};
use super::phrases::Around;
use super::queue::{Desk, Done, confirmation};
use super::{Phrases, Site, render};
use crate::moderation::{About, RevisionStatus, Status};
use crate::store::articles::Page;
use crate::store::audit_log::{CommentNamed, Logged, Original, Who};
use crate::time::Timestamp;

/// One page of the log.
pub struct AuditPage {
    pub entries: Page<Logged>,
    /// The decision just undone from here.
    pub done: Option<Done>,
}

#[derive(Template)]
#[template(path = "moderation/audit.html")]
struct AuditView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    title: String,
    toast: Option<Toast>,
    days: Vec<Day>,
    newer: Option<i64>,
    older: Option<i64>,
    /// The keyset that leads back to this page; empty for the first one.
    before: String,
}

struct Toast {
    words: Around,
    name: String,
}

/// The entries of a day.
struct Day {
    words: String,
    lines: Vec<Line>,
}

struct Line {
    id: i64,
    at: Moment,
    sentence: Vec<Part>,
    note: String,
    undone: Option<Undone>,
    /// It belongs to a bulk.
    bulk: Option<i64>,
    /// The decision that can be undone.
    undo: Option<i64>,
    /// The bulk that can be undone.
    undo_bulk: Option<i64>,
    /// "the entry at 14:13"
    which: String,
}

/// Who undid it, and what stands around the name.
struct Undone {
    before: String,
    name: String,
    after: String,
}

/// A stretch of a sentence.
enum Part {
    Words(String),
    Who(String),
    Name(String),
    Link(Link),
}

struct Link {
    address: String,
    words: String,
}

/// A page of the audit log.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, audit: &AuditPage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = phrases.say("nav-audit");
    let entries = &audit.entries;
    let mut days: Vec<Day> = Vec::new();
    let mut bulks_offered: Vec<i64> = Vec::new();
    for entry in &entries.rows {
        let mut line = Line::new(phrases, &dates, entry);
        if let Some(bulk) = line.undo_bulk {
            if bulks_offered.contains(&bulk) {
                line.undo_bulk = None;
            } else {
                bulks_offered.push(bulk);
            }
        }
        let words = dates.date(entry.at);
        match days.last_mut().filter(|day| day.words == words) {
            Some(day) => day.lines.push(line),
            None => days.push(Day {
                words,
                lines: vec![line],
            }),
        }
    }
    let first = entries.rows.first().filter(|_| entries.newer.is_some());
    render(&AuditView {
        page: Frame::desk(site, &title),
        desk,
        nav: nav(phrases, Place::Audit, None),
        title,
        toast: audit.done.as_ref().map(|done| Toast {
            words: confirmation(phrases, done),
            name: done.name.clone(),
        }),
        days,
        newer: entries.newer,
        older: entries.older,
        before: first.map_or_else(String::new, |entry| entry.id.saturating_add(1).to_string()),
    })
}

impl Line {
    fn new(phrases: &Phrases, dates: &Dates<'_>, entry: &Logged) -> Self {
        let at = dates.after(entry.at, entry.at);
        let decision = entry.decision.as_ref();
        let undone = decision.and_then(|decision| decision.undone.as_ref());
        // What was undone with a bulk is not undone again.
        let open_bulk = entry.bulk.filter(|bulk| !bulk.undone);
        Self {
            id: entry.id,
            sentence: Sentence { phrases, entry }.parts(),
            note: note(entry),
            undone: undone.map(|(name, when)| {
                let when = dates.after(*when, entry.at).text;
                let around =
                    phrases.around_with("audit-undone-by", "who", &[("when", when.as_str())]);
                Undone {
                    before: around.before,
                    name: named(phrases, name),
                    after: around.after,
                }
            }),
            bulk: entry.bulk.map(|bulk| bulk.id),
            undo: decision
                .filter(|decision| decision.can_be_undone)
                .map(|decision| decision.id),
            undo_bulk: open_bulk
                .filter(|_| decision.is_some_and(|decision| decision.original.is_none()))
                .map(|bulk| bulk.id),
            which: phrases.say_with("audit-the-entry", &[("clock", &at.text)]),
            at,
        }
    }
}

/// What was written with a decision. The text of other acts is a name, and stands in their sentence.
fn note(entry: &Logged) -> String {
    match entry.decision {
        Some(_) => entry.text.clone(),
        None => String::new(),
    }
}

fn named(phrases: &Phrases, moderator: &str) -> String {
    if moderator.is_empty() {
        return phrases.say("audit-moderator-gone");
    }
    moderator.to_owned()
}

/// An entry on its way into words.
struct Sentence<'a> {
    phrases: &'a Phrases,
    entry: &'a Logged,
}

impl Sentence<'_> {
    fn parts(&self) -> Vec<Part> {
        let ground = self.ground();
        let ground = ground.as_deref();
        match self.entry.act.as_str() {
            "signed-in" => self.say("audit-signed-in", &[]),
            "signed-out" => self.say("audit-signed-out", &[]),
            "approved" => self.say("audit-approved", &[]),
            "rejected" => match ground {
                Some(ground) => self.say("audit-rejected-ground", &[("ground", ground)]),
                None => self.say("audit-rejected", &[]),
            },
            "spam" => self.say("audit-spam", &[]),
            "revision-accepted" => self.say("audit-edit-accepted", &[]),
            "revision-refused" => match ground {
                Some(ground) => self.say("audit-edit-refused-ground", &[("ground", ground)]),
                None => self.say("audit-edit-refused", &[]),
            },
            "reports-kept" => self.say("audit-reports-kept", &[]),
            "appeal-reversed" => self.say("audit-appeal-reversed", &[]),
            "appeal-upheld" => self.say("audit-appeal-upheld", &[]),
            "withdrawn" => self.say("audit-withdrawn", &[]),
            "undone" => match self.undone() {
                Some(what) => self.say("audit-undone-of", &[("what", &what)]),
                None => self.say("audit-undone", &[]),
            },
            "moderator-added" => self.say("audit-moderator-added", &[]),
            "password-set" => self.say("audit-password-set", &[]),
            "moderator-disabled" => self.say("audit-moderator-disabled", &[]),
            "moderator-enabled" => self.say("audit-moderator-enabled", &[]),
            "article-added" => self.say("audit-article-added", &[]),
            "article-updated" => self.say("audit-article-updated", &[]),
            "article-opened" => self.say("audit-article-opened", &[]),
            "article-closed" => self.say("audit-article-closed", &[]),
            "article-removed" => self.say("audit-article-removed", &[]),
            other => {
                let act = [("act", other)];
                match (&self.entry.comment, &self.entry.article) {
                    (Some(_), _) => self.say("audit-other-comment", &act),
                    (None, Some(_)) => self.say("audit-other-article", &act),
                    (None, None) => self.say("audit-other", &act),
                }
            }
        }
    }

    /// A phrase with its slots filled.
    fn say(&self, key: &str, values: &[(&'static str, &str)]) -> Vec<Part> {
        const SLOTS: [&str; 5] = ["who", "subject", "article", "name", "other"];
        let mut parts = Vec::new();
        for piece in self.phrases.pieces(key, &SLOTS, values) {
            match piece.slot {
                "who" => parts.push(Part::Who(self.who())),
                "subject" => self.subject(&mut parts),
                "article" => parts.push(self.article()),
                "name" => parts.push(Part::Name(self.account())),
                "other" => {
                    let original = self.original().map_or("", |of| of.moderator.as_str());
                    parts.push(Part::Name(named(self.phrases, original)));
                }
                _ => parts.push(Part::Words(piece.text)),
            }
        }
        parts
    }

    fn who(&self) -> String {
        match &self.entry.who {
            Who::Moderator(name) => named(self.phrases, name),
            Who::CommandLine => self.phrases.say("audit-command-line"),
            Who::Author => self.phrases.say("audit-its-author"),
            Who::Policy => self.phrases.say("hold-policy"),
            Who::Unknown => self.phrases.say("audit-unknown-who"),
        }
    }

    /// The account that an act of the command line was about.
    fn account(&self) -> String {
        if self.entry.text.is_empty() {
            return self.phrases.say("audit-no-name");
        }
        self.entry.text.clone()
    }

    /// "comment 2198 by Osman Rahimi on Night ferry to stay"
    fn subject(&self, parts: &mut Vec<Part>) {
        let Some(comment) = &self.entry.comment else {
            return;
        };
        let slots = ["comment", "article"];
        for piece in self.phrases.pieces("audit-subject", &slots, &[]) {
            match piece.slot {
                "comment" => self.comment(comment, parts),
                "article" => parts.push(self.article()),
                _ => parts.push(Part::Words(piece.text)),
            }
        }
    }

    /// With its author's name, while there is one.
    fn comment(&self, comment: &CommentNamed, parts: &mut Vec<Part>) {
        if comment.name.is_empty() {
            return parts.push(self.number(comment));
        }
        let slots = ["comment", "name"];
        for piece in self.phrases.pieces("audit-comment-by", &slots, &[]) {
            parts.push(match piece.slot {
                "comment" => self.number(comment),
                "name" => Part::Name(comment.name.clone()),
                _ => Part::Words(piece.text),
            });
        }
    }

    /// Only a public comment has an address.
    fn number(&self, comment: &CommentNamed) -> Part {
        let number = comment.id.to_string();
        let number = [("number", number.as_str())];
        let words = self.phrases.say_with("audit-comment", &number);
        if !comment.public {
            return Part::Words(words);
        }
        Part::Link(Link {
            address: format!("/comments/{}", comment.id),
            words,
        })
    }

    fn article(&self) -> Part {
        match &self.entry.article {
            Some(article) if article.removed => Part::Name(article.title.clone()),
            Some(article) => Part::Link(Link {
                address: format!("/articles/{}", article.slug),
                words: article.title.clone(),
            }),
            None => {
                let slug = self.entry.facts.get("slug");
                let slug = slug.and_then(serde_json::Value::as_str);
                Part::Name(slug.unwrap_or_default().to_owned())
            }
        }
    }

    /// "personal attack (rule 1)"
    fn ground(&self) -> Option<String> {
        let decision = self.entry.decision.as_ref()?;
        let title = decision.rule.as_ref().map_or("", |rule| &rule.title);
        Some(decided::ground(self.phrases, decision.ground?, title))
    }

    fn original(&self) -> Option<&Original> {
        self.entry.decision.as_ref()?.original.as_ref()
    }

    /// What an undo took back: "rejection".
    fn undone(&self) -> Option<String> {
        let of = self.original()?;
        let accepted = of.outcome == Some(RevisionStatus::Accepted.code());
        Some(match of.about {
            About::Revision if accepted => self.phrases.say("audit-what-edit-accepted"),
            About::Revision => self.phrases.say("audit-what-edit-refused"),
            About::Reports => self.phrases.say("audit-what-reports"),
            About::Appeal => self.phrases.say("audit-what-appeal"),
            About::Status => match of.to {
                Status::Approved => self.phrases.say("audit-what-approval"),
                Status::Spam => self.phrases.say("audit-what-spam"),
                Status::Rejected => self.phrases.say("audit-what-rejection"),
                Status::Pending | Status::Withdrawn => self.phrases.say("audit-what-return"),
            },
        })
    }
}
