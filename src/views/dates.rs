//! How moments read: "12 May, 19:12" to readers, "6 min ago" on the desk.

use super::{Phrases, Site, phrases::Piece};
use crate::time::{DAY, HOUR, MINUTE, Parts, Timestamp, Zone};

/// The words of a language's dates, looked up once: a page may show hundreds.
#[derive(Debug, Default)]
pub struct Calendar {
    months: Vec<String>,
    clock: Vec<Piece>,
    day: Vec<Piece>,
    day_year: Vec<Piece>,
    moment: Vec<Piece>,
}

impl Calendar {
    pub(super) fn new(phrases: &Phrases) -> Self {
        Self {
            months: (1..=12).map(|n| phrases.count("month", n)).collect(),
            clock: phrases.pieces("clock", &["hour", "minute"], &[]),
            day: phrases.pieces("day", &["day", "month"], &[]),
            day_year: phrases.pieces("day-year", &["day", "month", "year"], &[]),
            moment: phrases.pieces("moment", &["day", "clock"], &[]),
        }
    }
}

/// A moment for `<time datetime>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// To the minute, in UTC: `2026-05-12T18:12Z`.
    pub iso: String,
    pub text: String,
}

/// The dates of one page, in the site's zone, as seen at one moment.
pub struct Dates<'a> {
    phrases: &'static Phrases,
    zone: &'a Zone,
    utc: Zone,
    now: Timestamp,
    today: Parts,
}

impl<'a> Dates<'a> {
    pub fn new(site: &'a Site, now: Timestamp) -> Self {
        Self {
            phrases: site.phrases,
            zone: &site.zone,
            utc: Zone::utc(),
            now,
            today: site.zone.parts(now),
        }
    }

    /// "12 May, 19:12"; with the year unless it is this one.
    pub fn moment(&self, at: Timestamp) -> Moment {
        let parts = self.zone.parts(at);
        self.marked(
            at,
            self.joined(&parts, self.day_text(&parts, self.this_year(&parts))),
        )
    }

    /// "12 May 2026, 18:40".
    pub fn full(&self, at: Timestamp) -> Moment {
        let parts = self.zone.parts(at);
        self.marked(at, self.joined(&parts, self.day_text(&parts, false)))
    }

    /// "12 May"; with the year unless it is this one.
    pub fn day(&self, at: Timestamp) -> Moment {
        let parts = self.zone.parts(at);
        self.marked(at, self.day_text(&parts, self.this_year(&parts)))
    }

    /// "12 May 2026".
    pub fn date(&self, at: Timestamp) -> String {
        self.day_text(&self.zone.parts(at), false)
    }

    /// "21:05" on the day of `earlier`, else in full.
    pub fn after(&self, at: Timestamp, earlier: Timestamp) -> Moment {
        let parts = self.zone.parts(at);
        if same_day(&parts, &self.zone.parts(earlier)) {
            return self.marked(at, self.clock_text(&parts));
        }
        self.full(at)
    }

    /// "6 min ago".
    pub fn age(&self, at: Timestamp) -> Moment {
        let passed = self.now.since(at);
        let text = if passed < MINUTE {
            self.phrases.say("age-now")
        } else if passed < HOUR {
            self.phrases.count("age-minutes", passed / MINUTE)
        } else if passed < DAY {
            self.phrases.count("age-hours", passed / HOUR)
        } else {
            self.phrases.count("age-days", passed / DAY)
        };
        self.marked(at, text)
    }

    /// How long it has been: "54 minutes".
    pub fn span(&self, since: Timestamp) -> String {
        self.length(self.now.since(since))
    }

    /// A length of time in milliseconds: "54 minutes".
    pub fn length(&self, passed: i64) -> String {
        if passed < HOUR {
            self.phrases.count("span-minutes", passed / MINUTE)
        } else if passed < DAY {
            self.phrases.count("span-hours", passed / HOUR)
        } else {
            self.phrases.count("span-days", passed / DAY)
        }
    }

    /// "14:11".
    pub fn clock(&self, at: Timestamp) -> String {
        self.clock_text(&self.zone.parts(at))
    }

    /// The beginning of the day of `now`.
    pub fn midnight(&self) -> Timestamp {
        let parts = &self.today;
        let passed = i64::from(parts.hour) * HOUR + i64::from(parts.minute) * MINUTE;
        Timestamp(self.now.0 - passed - self.now.0.rem_euclid(MINUTE))
    }

    /// "at 14:13" today, else "on 12 May, 14:13".
    pub fn sentence(&self, at: Timestamp) -> String {
        let parts = self.zone.parts(at);
        if same_day(&parts, &self.today) {
            let clock = self.clock_text(&parts);
            return self.phrases.say_with("at-clock", &[("clock", &clock)]);
        }
        let moment = self.moment(at).text;
        self.phrases.say_with("on-moment", &[("moment", &moment)])
    }

    pub fn year(&self, at: Timestamp) -> i16 {
        self.zone.parts(at).year
    }

    fn this_year(&self, parts: &Parts) -> bool {
        parts.year == self.today.year
    }

    fn marked(&self, at: Timestamp, text: String) -> Moment {
        // Seconds and an offset say nothing here and cost bytes in every comment.
        let mut iso = self.utc.iso(at);
        iso.truncate("2026-05-12T18:12".len());
        iso.push('Z');
        Moment { iso, text }
    }

    fn day_text(&self, parts: &Parts, short: bool) -> String {
        let calendar = &self.phrases.calendar;
        let month = usize::try_from(parts.month - 1)
            .ok()
            .and_then(|at| calendar.months.get(at))
            .map_or("", String::as_str);
        let day = parts.day.to_string();
        if short {
            return fill(&calendar.day, &[("day", &day), ("month", month)]);
        }
        let year = parts.year.to_string();
        fill(
            &calendar.day_year,
            &[("day", &day), ("month", month), ("year", &year)],
        )
    }

    fn clock_text(&self, parts: &Parts) -> String {
        let (hour, minute) = (format!("{:02}", parts.hour), format!("{:02}", parts.minute));
        fill(
            &self.phrases.calendar.clock,
            &[("hour", &hour), ("minute", &minute)],
        )
    }

    fn joined(&self, parts: &Parts, day: String) -> String {
        let clock = self.clock_text(parts);
        fill(
            &self.phrases.calendar.moment,
            &[("day", &day), ("clock", &clock)],
        )
    }
}

fn same_day(one: &Parts, other: &Parts) -> bool {
    (one.year, one.month, one.day) == (other.year, other.month, other.day)
}

fn fill(pattern: &[Piece], values: &[(&str, &str)]) -> String {
    let word = |piece: &Piece| match values.iter().find(|(slot, _)| *slot == piece.slot) {
        Some((_, value)) => (*value).to_owned(),
        None => piece.text.clone(),
    };
    pattern.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{AT, site};

    fn later(minutes: i64) -> Timestamp {
        Timestamp(AT.0 + minutes * MINUTE)
    }

    #[test]
    fn a_year_is_said_only_when_it_is_not_this_one() {
        let site = site();
        let dates = Dates::new(&site, later(10));
        assert_eq!(dates.moment(AT).text, "12 May, 19:12");
        assert_eq!(dates.full(AT).text, "12 May 2026, 19:12");
        assert_eq!(dates.day(AT).text, "12 May");
        let before = Timestamp(AT.0 - 365 * DAY);
        assert_eq!(dates.moment(before).text, "12 May 2025, 19:12");
        assert_eq!(dates.day(before).text, "12 May 2025");
        assert_eq!(dates.moment(AT).iso, "2026-05-12T18:12Z");
    }

    #[test]
    fn an_age_grows_from_minutes_to_days() {
        let site = site();
        let age = |minutes| Dates::new(&site, later(minutes)).age(AT).text;
        assert_eq!(age(-5), "just now");
        assert_eq!(age(0), "just now");
        assert_eq!(age(6), "6 min ago");
        assert_eq!(age(60), "1 h ago");
        assert_eq!(age(23 * 60 + 59), "23 h ago");
        assert_eq!(age(24 * 60), "1 day ago");
        assert_eq!(age(48 * 60), "2 days ago");
        let span = |minutes| Dates::new(&site, later(minutes)).span(AT);
        assert_eq!(span(54), "54 minutes");
        assert_eq!(span(61), "1 hour");
        assert_eq!(span(72 * 60), "3 days");
    }

    #[test]
    fn a_sentence_names_the_day_unless_it_is_today() {
        let site = site();
        let sentence = |minutes| Dates::new(&site, later(minutes)).sentence(AT);
        assert_eq!(sentence(5), "at 19:12");
        assert_eq!(sentence(24 * 60), "on 12 May, 19:12");
        let dates = Dates::new(&site, later(5));
        assert_eq!(dates.after(later(2), AT).text, "19:14");
        assert_eq!(dates.after(later(24 * 60), AT).text, "13 May 2026, 19:12");
    }
}
