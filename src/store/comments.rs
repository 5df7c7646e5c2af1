//! Comments as readers see them: the discussion of an article, a page at a time.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::comments;
use super::siblings::{self, Way};
use super::values::storable;
use crate::moderation::{Status, Voice};
use crate::time::Timestamp;

pub use super::siblings::Below;

/// A comment. Its e-mail, its words as typed and its network are read only where they are needed.
#[derive(Debug, Clone, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = comments)]
pub struct Comment {
    pub id: i64,
    pub article_id: i64,
    pub parent_id: Option<i64>,
    pub root_id: Option<i64>,
    /// 0 is a root comment.
    pub depth: i16,
    pub status: Status,
    /// Counts decisions; a form that carries an older one is stale.
    pub version: i64,
    pub author_id: Option<i64>,
    pub staff: Voice,
    pub name: String,
    /// Empty when none was given.
    pub website: String,
    pub body_html: String,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub ground: Option<i16>,
    pub rule_id: Option<i64>,
    pub public_descendants: i64,
}

pub(super) const COLUMNS: &str = "c.id, c.article_id, c.parent_id, c.root_id, c.depth, c.status, c.version, c.author_id, c.staff, \
     c.name, c.website, c.body_html, c.created_at, c.decided_at, c.ground, c.rule_id, c.public_descendants";

/// A comment of the discussion and the replies shown below it.
#[derive(Debug, Clone)]
pub struct Node {
    pub comment: Comment,
    pub replies: Vec<Node>,
    /// Public comments below this one that the page does not show.
    pub more: i64,
}

/// One page of a discussion.
#[derive(Debug, Clone, Default)]
pub struct Discussion {
    pub sort: Sort,
    pub roots: Vec<Node>,
    /// `from` of the page before, in the page's order; 0 is the first page.
    pub back: Option<i64>,
    /// `from` of the page after.
    pub onward: Option<i64>,
    /// `from` of the last page, unless this is it.
    pub last: Option<i64>,
}

/// Root comments on a page.
pub const ROOTS: i64 = 50;
/// Replies shown per parent on levels 1, 2 and 3.
pub(super) const REPLIES: [i64; 3] = [20, 5, 3];
/// Comments on a page in all.
const MOST: usize = 300;
/// Deeper replies attach at this depth.
pub const DEEPEST: i16 = 32;

/// The order of the comments at the top of a page; replies below them stand oldest first always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Oldest,
    Newest,
    /// One page: the threads with most public comments.
    MostReplied,
}

impl Sort {
    pub const ALL: [Self; 3] = [Self::Oldest, Self::Newest, Self::MostReplied];

    /// Its value of `sort=` in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Oldest => "oldest",
            Self::Newest => "newest",
            Self::MostReplied => "most-replied",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.word() == word)
    }
}

/// The page of a discussion, or of a branch of it, that starts at comment `from`; 0 is the first page.
/// Six statements at most, whatever the number of comments.
///
/// # Errors
/// Those of the engine.
pub fn discussion(db: &mut Db, below: Below, sort: Sort, from: i64) -> Result<Discussion> {
    let mut page = Discussion {
        sort,
        ..Discussion::default()
    };
    let roots = match (sort, below) {
        (Sort::MostReplied, Below::Article(article)) => comments::table
            .filter(siblings::shown())
            .filter(comments::article_id.eq(article))
            .filter(comments::parent_id.is_null())
            .order((comments::public_descendants.desc(), comments::id.asc()))
            .limit(ROOTS)
            .select(Comment::as_select())
            .load(db)?,
        _ => {
            let mut roots = rows_from(db, below, sort, from)?;
            if roots.len() > ROOTS as usize {
                page.onward = roots.pop().map(|root| root.id);
                page.last = page_ids(db, below, sort, None)?.last().copied();
            }
            if from > 0 {
                let before = page_ids(db, below, sort, Some(from))?;
                page.back = match before.len() {
                    0 => None,
                    few if few <= ROOTS as usize => Some(0),
                    _ => before.get(ROOTS as usize - 1).copied(),
                };
            }
            roots
        }
    };
    let mut levels = vec![roots];
    let mut shown_so_far = levels.iter().map(Vec::len).sum::<usize>();
    for limit in REPLIES {
        let parents: Vec<i64> = levels
            .last()
            .map(|level| {
                level
                    .iter()
                    .filter(|comment| comment.public_descendants > 0)
                    .map(|comment| comment.id)
                    .collect()
            })
            .unwrap_or_default();
        if parents.is_empty() {
            break;
        }
        let level = share(
            siblings::replies(db, &parents, limit)?,
            MOST - shown_so_far.min(MOST),
        );
        shown_so_far += level.len();
        levels.push(level);
    }
    page.roots = grow(levels);
    Ok(page)
}

/// The comments of the page that starts at `from`, and one more if there is one.
fn rows_from(db: &mut Db, below: Below, sort: Sort, from: i64) -> Result<Vec<Comment>> {
    let way = match (sort, from) {
        (Sort::Newest, 0) => Way::Back(i64::MAX),
        (Sort::Newest, from) => Way::Back(from),
        (_, from) => Way::Onward(from),
    };
    siblings::rows(db, below, way, ROOTS + 1)
}

/// Going backwards from `from`, or from the very end: as many ids as a page has, and one more before `from`.
fn page_ids(db: &mut Db, below: Below, sort: Sort, from: Option<i64>) -> Result<Vec<i64>> {
    let (way, limit) = match (sort, from) {
        (Sort::Newest, None) => (Way::Onward(0), ROOTS),
        (_, None) => (Way::Back(i64::MAX), ROOTS),
        (Sort::Newest, Some(from)) => (Way::Onward(from.saturating_add(1)), ROOTS + 1),
        (_, Some(from)) => (Way::Back(from.saturating_sub(1)), ROOTS + 1),
    };
    siblings::ids(db, below, way, limit)
}

/// At most `most` of these replies, an equal share for every parent.
fn share(replies: Vec<Comment>, most: usize) -> Vec<Comment> {
    if replies.len() <= most {
        return replies;
    }
    let mut seen: HashMap<Option<i64>, usize> = HashMap::new();
    let mut ranked: Vec<(usize, Comment)> = replies
        .into_iter()
        .map(|reply| {
            let rank = seen.entry(reply.parent_id).or_default();
            *rank += 1;
            (*rank, reply)
        })
        .collect();
    ranked.sort_by_key(|(rank, reply)| (*rank, reply.id));
    ranked.truncate(most);
    ranked.sort_by_key(|(_, reply)| (reply.parent_id, reply.id));
    ranked.into_iter().map(|(_, reply)| reply).collect()
}

/// Levels of comments, roots first, into trees.
fn grow(mut levels: Vec<Vec<Comment>>) -> Vec<Node> {
    let mut below: HashMap<Option<i64>, Vec<Node>> = HashMap::new();
    while let Some(level) = levels.pop() {
        let is_root = levels.is_empty();
        let mut nodes: HashMap<Option<i64>, Vec<Node>> = HashMap::new();
        for comment in level {
            let replies = below.remove(&Some(comment.id)).unwrap_or_default();
            let visible: i64 = replies.iter().map(public_within).sum();
            let parent = if is_root { None } else { comment.parent_id };
            nodes.entry(parent).or_default().push(Node {
                more: (comment.public_descendants - visible).max(0),
                comment,
                replies,
            });
        }
        below = nodes;
    }
    below.remove(&None).unwrap_or_default()
}

/// Public comments of this branch that stand on the page, and those it already says are missing.
fn public_within(node: &Node) -> i64 {
    i64::from(node.comment.status.is_public()) + node.comment.public_descendants
}

/// The parent of a reply, as it is quoted.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = comments)]
pub struct Parent {
    pub id: i64,
    pub name: String,
    pub body_html: String,
}

/// A public comment of this article, to be answered.
///
/// # Errors
/// Those of the engine.
pub fn answerable(db: &mut Db, article: i64, id: i64) -> Result<Option<Parent>> {
    Ok(comments::table
        .find(id)
        .filter(comments::article_id.eq(article))
        .filter(comments::status.eq(Status::Approved.code()))
        .select(Parent::as_select())
        .first(db)
        .optional()?)
}

/// The comment behind a receipt.
///
/// # Errors
/// Those of the engine.
pub fn of_receipt(db: &mut Db, receipt: &str) -> Result<Option<i64>> {
    if !storable(receipt) {
        return Ok(None);
    }
    Ok(comments::table
        .filter(comments::receipt.eq(receipt))
        .select(comments::id)
        .first(db)
        .optional()?)
}
