//! Random histories of comments, written as the rows that they leave.

use diesel::connection::SimpleConnection;
use rejoinder::store::Db;
use rejoinder::time::{DAY, HOUR, MINUTE, Month, Zone};

use super::support::rows;

/// The last moment of which anything is told.
pub const END: i64 = 1_798_700_000_000;

/// Small and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    /// So many times in a hundred.
    fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

/// The rows of a table, written by the hundreds.
struct Table {
    head: &'static str,
    rows: Vec<String>,
}

impl Table {
    fn new(head: &'static str) -> Self {
        Self {
            head,
            rows: Vec::new(),
        }
    }

    fn write(&mut self, db: &mut Db, least: usize) {
        if self.rows.len() > least {
            let rows = self.rows.join(",");
            db.batch_execute(&format!("INSERT INTO {} VALUES {rows}", self.head))
                .unwrap();
            self.rows.clear();
        }
    }
}

const COMMENTS: &str = "comments (id, article_id, depth, status, staff, name, email, website, body, body_html, html_version, \
    receipt, hold, risk, created_at, published_at, decided_at, ground, rule_id, version, purged_at)";
const DECISIONS: &str = "decisions (id, comment_id, moderator_id, at, from_status, to_status, ground, rule_id, note, undoes, \
    comment_version, about, outcome, appeal_id, waited)";
const REPORTS: &str = "reports (id, comment_id, receipt, ground, explanation, contact_name, contact_email, child_abuse, \
    good_faith, body_html, created_at, status, decided_at)";
const APPEALS: &str = "appeals (id, comment_id, decision_id, status, text, created_at, decided_at)";

/// One comment on its way.
struct Told {
    id: i64,
    now: i64,
    created: i64,
    status: i64,
    version: i64,
    published: Option<i64>,
    ground: Option<i64>,
    rule: Option<i64>,
}

fn sql(value: Option<i64>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| value.to_string())
}

struct Site {
    random: Random,
    decisions: Table,
    decision: i64,
}

impl Site {
    /// A decision; its id.
    fn decide(
        &mut self,
        told: &mut Told,
        to: i64,
        moderator: Option<i64>,
        about: (i64, Option<i64>, Option<i64>),
    ) -> i64 {
        self.decision += 1;
        told.version += 1;
        let (ground, rule) = match to {
            2 if told.status != 2 => match self.random.below(40) {
                0 => (None, None),
                n if n < 4 => (Some(2), Some(6)),
                n => (Some(1), Some([1, 2, 3, 4, 5, 100, 101][n as usize % 7])),
            },
            3 if told.status != 3 => (Some(3), None),
            2 | 3 => (told.ground, told.rule),
            _ => (None, None),
        };
        let waited = (told.status == 0).then(|| told.now - told.created);
        let (about, outcome, appeal) = about;
        self.decisions.rows.push(format!(
            "({}, {}, {}, {}, {}, {to}, {}, {}, '', NULL, {}, {about}, {}, {}, {})",
            self.decision,
            told.id,
            sql(moderator),
            told.now,
            told.status,
            sql(ground),
            sql(rule),
            told.version,
            sql(outcome),
            sql(appeal),
            sql(waited),
        ));
        told.status = to;
        (told.ground, told.rule) = (ground, rule);
        if to == 1 && told.published.is_none() {
            told.published = Some(told.now);
        }
        self.decision
    }

    /// Takes a decision back, to the state before.
    fn undo(&mut self, told: &mut Told, decision: i64, before: (i64, Option<i64>, Option<i64>)) {
        self.decision += 1;
        told.version += 1;
        told.now += 1 + self.random.below(MINUTE);
        self.decisions.rows.push(format!(
            "({}, {}, 1, {}, {}, {}, NULL, NULL, '', {decision}, {}, 0, NULL, NULL, NULL)",
            self.decision, told.id, told.now, told.status, before.0, told.version,
        ));
        (told.status, told.ground, told.rule) = before;
        if told.status == 0 {
            told.published = None;
        }
    }
}

/// So many comments, over five months of this zone.
pub fn fill(db: &mut Db, zone: &Zone, count: i64) {
    let no = if db.is_sqlite() { "0" } else { "FALSE" };
    let article = rows::article(db, "ferry");
    // Decisions name appeals, and appeals decisions: references are not looked at while rows come in.
    db.batch_execute(if db.is_sqlite() {
        "PRAGMA foreign_keys = OFF"
    } else {
        "SET session_replication_role = replica"
    })
    .unwrap();
    for name in ["Dana", "Eve", "Ada"] {
        rows::moderator(db, name);
    }
    // Rules as they were: one that had another title, one that had other words alone.
    db.batch_execute(
        "INSERT INTO rules (id, number, kind, title, text, since, until) SELECT 100, number, kind, 'Beside the point', text, 0, 1 \
         FROM rules WHERE number = 4 AND until IS NULL; \
         INSERT INTO rules (id, number, kind, title, text, since, until) SELECT 101, number, kind, title, 'Other words.', 0, 2 \
         FROM rules WHERE number = 4 AND until IS NULL; BEGIN",
    )
    .unwrap();
    let start = zone.month(Month::parse("2026-08").unwrap()).unwrap().from.0;
    let mut site = Site {
        random: Random(0x9E37_79B9_7F4A_7C15),
        decisions: Table::new(DECISIONS),
        decision: 0,
    };
    let (mut comments, mut reports, mut appeals) = (
        Table::new(COMMENTS),
        Table::new(REPORTS),
        Table::new(APPEALS),
    );
    let (mut report, mut appeal) = (0, 0);
    for id in 1..=count {
        let created = start + site.random.below(END - 40 * DAY - start);
        let mut told = Told {
            id,
            now: created,
            created,
            status: 0,
            version: 0,
            published: None,
            ground: None,
            rule: None,
        };
        let staff = i64::from(site.random.chance(2));
        if staff == 1 || site.random.chance(10) {
            told.status = 1;
            told.published = Some(created);
        } else if site.random.chance(93) {
            let quick = [5 * MINUTE, 4 * HOUR, 3 * DAY][site.random.below(3) as usize];
            told.now += site.random.below(quick);
            let to = [1, 1, 1, 2, 3][site.random.below(5) as usize];
            let software = site.random.chance(3);
            let by = (!software).then(|| 1 + site.random.below(3));
            let first = site.decide(&mut told, to, by, (0, None, None));
            if site.random.chance(6) {
                site.undo(&mut told, first, (0, None, None));
                if site.random.chance(70) {
                    told.now += site.random.below(DAY);
                    let to = 1 + site.random.below(3);
                    site.decide(&mut told, to, Some(2), (0, None, None));
                }
            }
        }
        let mut reported = Vec::new();
        if told.status == 1 {
            if site.random.chance(5) {
                told.now += site.random.below(HOUR);
                site.decide(&mut told, 1, Some(1), (1, Some(1), None));
            }
            for _ in 0..site.random.below(25).saturating_sub(21) {
                report += 1;
                reported.push((report, told.now + site.random.below(20 * DAY), 0));
            }
            if !reported.is_empty() && site.random.chance(70) {
                told.now += 20 * DAY;
                let kept = site.random.chance(50);
                let to = if kept { 1 } else { 2 };
                let before = (1, None, None);
                let about = if kept { 2 } else { 0 };
                let answer = site.decide(&mut told, to, Some(3), (about, None, None));
                if site.random.chance(20) {
                    site.undo(&mut told, answer, before);
                } else {
                    let status = if kept { 2 } else { 1 };
                    reported
                        .iter_mut()
                        .for_each(|(_, _, known)| *known = status);
                }
            }
        }
        let mut appealed = None;
        if matches!(told.status, 2 | 3) && site.random.chance(20) {
            appeal += 1;
            told.now += site.random.below(5 * DAY);
            let sent = told.now;
            let (mut status, mut decided) = (0, None);
            if site.random.chance(80) {
                told.now += site.random.below(2 * DAY);
                let before = (told.status, told.ground, told.rule);
                let reversed = site.random.chance(40);
                let to = if reversed { 1 } else { told.status };
                let outcome = if reversed { 1 } else { 2 };
                let answer = site.decide(&mut told, to, Some(2), (3, Some(outcome), Some(appeal)));
                (status, decided) = (outcome, Some(told.now));
                if site.random.chance(15) {
                    site.undo(&mut told, answer, before);
                    (status, decided) = (0, None);
                }
            }
            appealed = Some((appeal, site.decision, status, sent, decided));
        }
        if site.random.chance(4) && staff == 0 {
            told.now += site.random.below(DAY);
            told.status = 4;
            (told.ground, told.rule) = (None, None);
            for (_, _, status) in reported.iter_mut().filter(|(_, _, status)| *status == 0) {
                *status = 3;
            }
            if let Some((_, _, status, _, decided)) = &mut appealed
                && *status == 0
            {
                (*status, *decided) = (2, Some(told.now));
            }
        }
        let purged = matches!(told.status, 2 | 3) && site.random.chance(30);
        let gone = purged || told.status == 4;
        let (name, text) = if gone { ("", "") } else { ("Ama", "Words.") };
        comments.rows.push(format!(
            "({id}, {article}, 0, {}, {staff}, '{name}', '', '', '{text}', '{text}', 1, 'receipt-{id}', '[]', 0, {created}, {}, \
             {}, {}, {}, {}, {})",
            told.status,
            sql(told.published),
            told.now,
            sql(told.ground),
            sql(told.rule),
            told.version,
            sql(purged.then_some(END)),
        ));
        for (report, at, status) in reported {
            reports.rows.push(format!(
                "({report}, {id}, 'report-{report}', 3, '', '', '', {no}, {no}, '', {at}, {status}, NULL)"
            ));
        }
        if let Some((appeal, decision, status, at, decided)) = appealed {
            appeals.rows.push(format!(
                "({appeal}, {id}, {decision}, {status}, '', {at}, {})",
                sql(decided)
            ));
        }
        if id % 400 == 0 || id == count {
            comments.write(db, 0);
            site.decisions.write(db, 0);
            appeals.write(db, 0);
            reports.write(db, 0);
        }
    }
    db.batch_execute("COMMIT").unwrap();
    let figures = if db.is_sqlite() {
        "PRAGMA foreign_keys = ON; ANALYZE"
    } else {
        "SET session_replication_role = origin; ANALYZE"
    };
    db.batch_execute(figures).unwrap();
}
