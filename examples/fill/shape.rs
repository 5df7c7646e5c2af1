//! What a discussion is before a word is said: who answers whom, when, and what becomes of it.

use std::collections::VecDeque;

use rejoinder::moderation::Status;
use rejoinder::store::comments::DEEPEST;
use rejoinder::time::{DAY, HOUR, MINUTE, SECOND};

use super::Plan;
use super::articles::Story;
use super::random::Random;

/// Everything happens within so many milliseconds.
pub const SPAN: i64 = 120 * DAY;
/// Comments of an article that are remembered as answerable.
const RECENT: usize = 256;
/// And those that everybody answers.
const HOT: usize = 8;

/// What becomes of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Waits,
    /// Published by the policy.
    AtOnce,
    Approved,
    Rejected,
    /// Approved, and rejected later.
    Removed,
    Spam,
    /// Withdrawn by its author after it was public, and while it waited.
    Withdrawn,
    TakenBack,
}

impl Course {
    pub fn status(self) -> Status {
        match self {
            Self::Waits => Status::Pending,
            Self::AtOnce | Self::Approved => Status::Approved,
            Self::Rejected | Self::Removed => Status::Rejected,
            Self::Spam => Status::Spam,
            Self::Withdrawn | Self::TakenBack => Status::Withdrawn,
        }
    }

    /// Whether it was public at some time.
    pub fn was_public(self) -> bool {
        matches!(
            self,
            Self::AtOnce | Self::Approved | Self::Removed | Self::Withdrawn
        )
    }

    /// How often its row changed since it was written.
    pub fn changes(self) -> i64 {
        match self {
            Self::Waits | Self::AtOnce => 0,
            Self::Approved | Self::Rejected | Self::Spam | Self::TakenBack => 1,
            Self::Removed | Self::Withdrawn => 2,
        }
    }

    fn drawn(random: &mut Random) -> Self {
        match random.below(1_000) {
            0..100 => Self::AtOnce,
            100..860 => Self::Approved,
            860..910 => Self::Rejected,
            910..930 => Self::Removed,
            930..965 => Self::Spam,
            965..985 => Self::Withdrawn,
            _ => Self::TakenBack,
        }
    }
}

/// A comment without its words. Places are those in the list of all comments.
#[derive(Debug, Clone)]
pub struct Bone {
    pub article: u32,
    pub parent: Option<u32>,
    pub root: Option<u32>,
    pub depth: i16,
    pub course: Course,
    /// The number of a recognised author, from 0 on.
    pub author: Option<u32>,
    pub at: i64,
    /// When it was first decided on or withdrawn, and when again; 0 for never.
    pub first: i64,
    pub second: i64,
    /// Public ones below it.
    pub descendants: i64,
    /// Open ones.
    pub reports: i64,
    /// Its author objects to its rejection.
    pub appeal: bool,
}

impl Bone {
    pub fn published_at(&self) -> Option<i64> {
        match self.course {
            Course::AtOnce => Some(self.at),
            course if course.was_public() => Some(self.first),
            _ => None,
        }
    }

    pub fn decided_at(&self) -> Option<i64> {
        match self.course.changes() {
            0 => None,
            1 => Some(self.first),
            _ => Some(self.second),
        }
    }

    fn is_public_at(&self, moment: i64) -> bool {
        let gone = self.second > 0 && self.second <= moment;
        self.published_at().is_some_and(|at| at < moment) && !gone
    }
}

/// What has happened to the record of an author.
#[derive(Debug, Clone, Copy, Default)]
pub struct Record {
    pub since: i64,
    pub approved: i64,
    pub rejected: i64,
    pub spam: i64,
}

pub struct Shape {
    /// In the order in which they came in.
    pub bones: Vec<Bone>,
    pub authors: Vec<Record>,
    /// Public comments of each article.
    pub public: Vec<i64>,
}

/// Those of an article that can be answered.
#[derive(Default)]
struct Thread {
    recent: VecDeque<u32>,
    hot: Vec<u32>,
}

pub fn shape(plan: &Plan, stories: &[Story]) -> Shape {
    let arrivals = arrivals(plan, stories);
    let waiting = waiting(plan, arrivals.len());
    let mut threads: Vec<Thread> = stories.iter().map(|_| Thread::default()).collect();
    let mut bones: Vec<Bone> = Vec::with_capacity(arrivals.len());
    for (place, (at, article)) in arrivals.into_iter().enumerate() {
        let mut random = Random::of(plan.seed, 4, place as u64);
        let course = match waiting[place] {
            true => Course::Waits,
            false => Course::drawn(&mut random),
        };
        let thread = &mut threads[article as usize];
        let parent = parent(&mut random, thread, &bones, at);
        let mut bone = Bone {
            article,
            parent: None,
            root: None,
            depth: 0,
            course,
            author: author(&mut random, plan.comments),
            at,
            first: 0,
            second: 0,
            descendants: 0,
            reports: 0,
            appeal: false,
        };
        if let Some(parent) = parent {
            // As store::replies has it.
            let above = &bones[parent as usize];
            bone.parent = if above.depth < DEEPEST {
                Some(parent)
            } else {
                above.parent
            };
            bone.root = above.root.or(Some(parent));
            bone.depth = (above.depth + 1).min(DEEPEST);
        }
        decide(&mut random, &mut bone, plan.until.0);
        bones.push(bone);
        if course.was_public() {
            remember(&mut random, thread, place as u32);
        }
    }
    count_below(&mut bones);
    let authors = number_authors(&mut bones);
    let mut public = vec![0; stories.len()];
    for bone in bones.iter().filter(|bone| bone.course.status().is_public()) {
        public[bone.article as usize] += 1;
    }
    Shape {
        bones,
        authors,
        public,
    }
}

/// When comments come in, and to which article: many soon after it came out, fewer and fewer later.
fn arrivals(plan: &Plan, stories: &[Story]) -> Vec<(i64, u32)> {
    let mut arrivals = Vec::with_capacity(plan.comments);
    let last = plan.until.0 - MINUTE;
    for (number, story) in stories.iter().enumerate() {
        let mut random = Random::of(plan.seed, 3, number as u64);
        let rest = (last - story.published_at - MINUTE) as f64;
        // The discussion under the first one goes on all the time.
        let haste = if number == 0 && plan.one_article.is_some() {
            1.0
        } else {
            3.0
        };
        for _ in 0..story.comments {
            let after = MINUTE + (random.unit().powf(haste) * rest) as i64;
            arrivals.push((story.published_at + after, number as u32));
        }
    }
    arrivals.sort_unstable();
    arrivals
}

/// Of the latest ones, more than every second waits.
fn waiting(plan: &Plan, count: usize) -> Vec<bool> {
    let mut waiting = vec![false; count];
    let mut left = plan.pending.min(count);
    let mut random = Random::of(plan.seed, 5, 0);
    for place in (0..count).rev() {
        if left == 0 {
            break;
        }
        if left > place || random.chance(0.6) {
            waiting[place] = true;
            left -= 1;
        }
    }
    waiting
}

fn parent(random: &mut Random, thread: &Thread, bones: &[Bone], at: i64) -> Option<u32> {
    if !random.chance(0.62) {
        return None;
    }
    for _ in 0..6 {
        let hot = random.chance(0.35) && !thread.hot.is_empty();
        let place = match thread.recent.len() {
            0 => return None,
            _ if hot => thread.hot[random.zipf(thread.hot.len())],
            // The latest are answered most.
            known => thread.recent[known - 1 - random.zipf(known)],
        };
        if bones[place as usize].is_public_at(at) {
            return Some(place);
        }
    }
    None
}

fn remember(random: &mut Random, thread: &mut Thread, place: u32) {
    if thread.recent.len() == RECENT {
        thread.recent.pop_front();
    }
    thread.recent.push_back(place);
    if thread.hot.len() < HOT {
        thread.hot.push(place);
    } else if random.chance(0.002) {
        let gone = 1 + random.below(HOT - 1);
        thread.hot[gone] = place;
    }
}

/// Two of five are recognised; a few of them write very much.
fn author(random: &mut Random, comments: usize) -> Option<u32> {
    let authors = comments / 20 + 1;
    random
        .chance(0.4)
        .then(|| (random.unit().powf(2.5) * authors as f64) as u32)
}

fn decide(random: &mut Random, bone: &mut Bone, until: i64) {
    let wait = random.long_tailed(8.0 * MINUTE as f64, 1.2) as i64;
    let later = random.long_tailed(6.0 * HOUR as f64, 1.2) as i64;
    if bone.course.changes() > 0 {
        bone.first = (bone.at + wait.clamp(20 * SECOND, 2 * DAY)).min(until - 20 * SECOND);
    }
    if bone.course.changes() > 1 {
        bone.second = (bone.first + later.max(SECOND)).min(until - SECOND);
    }
    if bone.course.status().is_public() && random.chance(0.004) {
        bone.reports = 1 + i64::from(random.chance(0.2));
    }
    let rejected = bone.course == Course::Rejected && bone.first > until - 90 * DAY;
    bone.appeal = rejected && random.chance(0.02);
}

fn count_below(bones: &mut [Bone]) {
    for place in 0..bones.len() {
        if !bones[place].course.status().is_public() {
            continue;
        }
        let mut above = bones[place].parent;
        while let Some(ancestor) = above {
            let ancestor = &mut bones[ancestor as usize];
            ancestor.descendants += 1;
            above = ancestor.parent;
        }
    }
}

/// Authors get their numbers by their first comment, and their records by all of them.
fn number_authors(bones: &mut [Bone]) -> Vec<Record> {
    let mut numbers = std::collections::HashMap::new();
    let mut records: Vec<Record> = Vec::new();
    for bone in bones {
        let Some(drawn) = bone.author else { continue };
        let number = *numbers.entry(drawn).or_insert_with(|| {
            records.push(Record {
                since: bone.at,
                ..Record::default()
            });
            records.len() as u32 - 1
        });
        bone.author = Some(number);
        let record = &mut records[number as usize];
        match bone.course.status() {
            Status::Approved => record.approved += 1,
            Status::Rejected => record.rejected += 1,
            Status::Spam => record.spam += 1,
            Status::Pending | Status::Withdrawn => {}
        }
    }
    records
}
