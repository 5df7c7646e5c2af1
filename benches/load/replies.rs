//! Replies and decisions as requests.

use diesel::prelude::*;
use rejoinder::moderation::Status;
use rejoinder::store::schema::comments;

use super::database::connect;
use super::request::post;
use super::site::Site;
use super::words::{self, Drawn};

/// Writes the request of a reply that is told from all others by its number. Readers come from everywhere: a proxy in front says
/// from where.
pub fn write(request: &mut Vec<u8>, slug: &str, number: u64) {
    let mut drawn = Drawn(number);
    let [a, b, c, d] = [220, 256, 256, 254].map(|end| 1 + drawn.below(end - 1));
    let headers = format!("x-forwarded-for: {a}.{b}.{c}.{d}\r\n");
    // Far from the numbers of the texts that are there.
    let body = words::comment((1 << 40) + number);
    let fields = [
        ("name", &*words::name(drawn.next())),
        ("email", ""),
        ("website", ""),
        ("body", &body),
        ("do", "send"),
    ];
    let path = format!("/articles/{slug}/replies");
    post(request, &path, &headers, &fields);
}

/// Comments on which decisions are made in turn.
pub struct Deciding {
    /// With the version that the next decision on it must name.
    comments: Vec<(i64, i64)>,
    made: usize,
    cookie: String,
    csrf: String,
}

/// As many comments on every site: what it costs to decide on one depends on how often that was done before.
const COMMENTS: i64 = 100;

impl Deciding {
    /// Takes comments from the whole length of the queue.
    pub fn new(site: &Site, most: usize) -> Self {
        let waiting: Vec<(i64, i64)> = comments::table
            .filter(comments::status.eq(Status::Pending.code()))
            .filter(comments::revision_id.is_null())
            .order(comments::id)
            .select((comments::id, comments::version))
            .load(&mut connect(&site.url))
            .unwrap();
        let many = most.min(COMMENTS as usize).min(waiting.len());
        let comments = (0..many)
            .map(|number| waiting[number * waiting.len() / many])
            .collect();
        Self {
            comments,
            made: 0,
            cookie: site.cookie.clone(),
            csrf: site.csrf.clone(),
        }
    }

    /// A comment's turn comes again after so many decisions: with connections far fewer than these, the one before has been made.
    pub fn len(&self) -> usize {
        self.comments.len()
    }

    /// Writes the next decision: a comment is published, and in its next turn called spam.
    pub fn next(&mut self, request: &mut Vec<u8>) {
        let turn = self.made / self.comments.len();
        let at = self.made % self.comments.len();
        self.made += 1;
        let (id, version) = &mut self.comments[at];
        let verdict = if turn.is_multiple_of(2) {
            "approve"
        } else {
            "spam"
        };
        let fields = [
            ("csrf", self.csrf.as_str()),
            ("version", &version.to_string()),
            ("view", ""),
            ("do", verdict),
            ("note", ""),
        ];
        let path = format!("/moderation/comments/{id}/decide");
        let headers = format!("cookie: {}\r\n", self.cookie);
        post(request, &path, &headers, &fields);
        *version += 1;
    }
}
