//! The rows of a comment: its words, made and rendered as the product does it, beside what its shape says.

use rejoinder::moderation::policy::{Settings, Standing};
use rejoinder::moderation::{HoldMode, HoldReason, Voice, forgetting, policy};
use rejoinder::store::rules::Rule;
use rejoinder::store::search::Terms;
use rejoinder::text;
use rejoinder::time::DAY;

use super::Plan;
use super::names::{self, Person};
use super::random::Random;
use super::scripts::SCRIPTS;
use super::shape::{Bone, Course};
use super::tables::{self, CommentRow, NetworkRow, ReportRow, TermRow};
use super::{history, words};

/// Networks older than this are gone: some days before the product would let go of them, so that it has nothing to do at first.
const NETWORKS_KEPT: i64 = 12 * DAY;
/// As the texts of spam.
const SPAM_KEPT: i64 = 28 * DAY;

/// Rows that belong together.
#[derive(Default)]
pub struct Rows {
    pub comments: Vec<CommentRow>,
    pub terms: Vec<TermRow>,
    pub networks: Vec<NetworkRow>,
    pub reports: Vec<ReportRow>,
}

/// What every comment needs to know.
pub struct Ground<'a> {
    pub plan: &'a Plan,
    pub bones: &'a [Bone],
    pub rules: &'a [Rule],
    pub articles: &'a [i64],
    pub first_comment: i64,
    pub first_author: i64,
}

impl Ground<'_> {
    /// The rows of the comments of these places.
    pub fn rows(&self, places: std::ops::Range<usize>) -> Rows {
        let mut rows = Rows::default();
        for place in places {
            self.comment(place as u32, &mut rows);
        }
        rows
    }

    fn comment(&self, place: u32, rows: &mut Rows) {
        let bone = &self.bones[place as usize];
        let mut random = Random::of(self.plan.seed, 30, u64::from(place));
        let person = match bone.author {
            Some(number) => names::author(self.plan.seed, u64::from(number)),
            None => names::stranger(self.plan.seed, &mut random),
        };
        let id = self.first_comment + i64::from(place);
        let until = self.plan.until.0;
        let network = (bone.at > until - NETWORKS_KEPT).then(|| person.network.clone());
        let purged = bone.course == Course::Spam && bone.first < until - SPAM_KEPT;
        let withdrawn = matches!(bone.course, Course::Withdrawn | Course::TakenBack);
        let body = self.body(&mut random, bone, &person);
        let reasons = reasons(&mut random, bone, &body);
        let risk =
            HoldReason::risk(&reasons) + bone.reports * rejoinder::moderation::report::WEIGHT;
        let hold = serde_json::to_string(&reasons).unwrap_or_default();
        let rule = match bone.course {
            Course::Rejected | Course::Removed => history::rule(self.plan, self.rules, place),
            _ => None,
        };
        let mut row = CommentRow {
            id,
            article_id: self.articles[bone.article as usize],
            parent_id: bone
                .parent
                .map(|place| self.first_comment + i64::from(place)),
            root_id: bone.root.map(|place| self.first_comment + i64::from(place)),
            depth: bone.depth,
            status: bone.course.status().code(),
            version: 1 + bone.course.changes(),
            author_id: bone
                .author
                .map(|number| self.first_author + i64::from(number)),
            staff: Voice::Reader.code(),
            html_version: text::HTML_VERSION,
            receipt: tables::code(self.plan.seed, 31, id),
            digest: (bone.course.changes() == 0 && network.is_some())
                .then(|| random.bytes::<32>().to_vec()),
            network: network.clone(),
            created_at: bone.at,
            published_at: bone.published_at(),
            decided_at: bone.decided_at(),
            ground: match bone.course {
                Course::Spam => Some(rejoinder::moderation::Ground::Spam.code()),
                _ => rule.map(|rule| rule.ground().code()),
            },
            rule_id: rule.map(|rule| rule.id),
            public_descendants: bone.descendants,
            open_reports: bone.reports,
            ..CommentRow::default()
        };
        if withdrawn {
            row.hold = "[]".to_owned();
        } else if purged {
            row.hold = forgetting::without_words(&hold);
            row.risk = risk;
            row.purged_at = Some(bone.first + SPAM_KEPT);
        } else {
            let terms = Terms::of(&person.name, &body);
            row.hold = hold;
            row.risk = risk;
            row.body_html = text::comment(&body).as_str().to_owned();
            row.name_key = text::mimic_key(&person.name);
            row.email_key = person.email.to_lowercase();
            row.name = person.name;
            row.email = person.email;
            row.website = person.website;
            row.body = body;
            rows.terms.push(TermRow {
                comment_id: id,
                terms: terms.terms,
                text_key: terms.text_key,
            });
        }
        if network.is_some() && !purged {
            rows.networks.push(NetworkRow {
                comment_id: id,
                shortened: person.shortened,
            });
        }
        self.reports(&mut random, bone, &row, rows);
        rows.comments.push(row);
    }

    fn body(&self, random: &mut Random, bone: &Bone, person: &Person) -> String {
        let spam = bone.course == Course::Spam;
        let many = random.chance(if spam { 0.6 } else { 0.01 }) && bone.course != Course::AtOnce;
        let wanted = words::Wanted {
            links: if many { 3 + random.below(4) } else { 0 },
            may_link: true,
            // Answers are shorter than what they answer.
            median: if bone.depth == 0 { 19.0 } else { 13.0 },
        };
        let body = words::comment(random, person.script, wanted);
        text::normalise(&body)
    }

    fn reports(&self, random: &mut Random, bone: &Bone, row: &CommentRow, rows: &mut Rows) {
        let published = bone.published_at().unwrap_or(bone.at);
        for number in 0..bone.reports {
            let rule = &self.rules[random.below(self.rules.len())];
            let length = 4 + random.below(25);
            let at = published + (random.unit() * (self.plan.until.0 - published) as f64) as i64;
            rows.reports.push(ReportRow {
                comment_id: row.id,
                receipt: tables::code(self.plan.seed, 32, row.id * 4 + number),
                ground: rule.ground().code(),
                rule_id: Some(rule.id),
                explanation: words::plain(random, &SCRIPTS[0], length),
                contact_name: String::new(),
                contact_email: String::new(),
                child_abuse: false,
                good_faith: true,
                body_html: row.body_html.clone(),
                created_at: at,
                status: 0,
            });
        }
    }
}

/// Why it was held, or that nothing held it.
fn reasons(random: &mut Random, bone: &Bone, body: &str) -> Vec<HoldReason> {
    if bone.course == Course::AtOnce {
        return Vec::new();
    }
    let settings = Settings::default();
    let hasty = random.chance(0.02).then(|| HoldReason::TooFast {
        seconds: random.below(10) as u32,
        limit: settings.fast_seconds,
    });
    let found = hasty.into_iter().collect();
    let links = text::link_count(body);
    policy::weigh(&settings, HoldMode::All, Standing::New, found, links)
}
