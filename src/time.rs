//! Moments and the zone they are shown in. Phrases around them belong to `views`.

mod months;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::TimeZone;

pub use months::{Month, Period};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }

    /// This moment moved by so many milliseconds; negative is earlier.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this moment, never below zero.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }

    fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl From<i64> for Timestamp {
    fn from(milliseconds: i64) -> Self {
        Self(milliseconds)
    }
}

/// The clock the server goes by: the system's, set forward or back by tests.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        Timestamp::now().plus(self.ahead.load(Ordering::Relaxed))
    }

    /// Sets the clock further ahead by so many milliseconds.
    pub fn advance(&self, milliseconds: i64) {
        self.ahead.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

/// A calendar reading of a moment in some zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    pub year: i16,
    pub month: i8,
    pub day: i8,
    pub hour: i8,
    pub minute: i8,
}

/// A time zone by its IANA name.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// `None` when no such zone is known.
    pub fn named(name: &str) -> Option<Self> {
        let zone = TimeZone::get(name).ok()?;
        Some(Self {
            name: name.to_owned(),
            zone,
        })
    }

    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            zone: TimeZone::UTC,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn rules(&self) -> &TimeZone {
        &self.zone
    }

    pub fn parts(&self, moment: Timestamp) -> Parts {
        let local = self.zone.to_datetime(moment.instant());
        Parts {
            year: local.year(),
            month: local.month(),
            day: local.day(),
            hour: local.hour(),
            minute: local.minute(),
        }
    }

    /// The date of a moment, as a field for dates has it: `2026-05-12`.
    pub fn date(&self, moment: Timestamp) -> String {
        let local = self.zone.to_datetime(moment.instant());
        format!(
            "{:04}-{:02}-{:02}",
            local.year(),
            local.month(),
            local.day()
        )
    }

    /// The first moment of the day of such a date; `None` when it is no date.
    pub fn start_of_day(&self, date: &str) -> Option<Timestamp> {
        let day: jiff::civil::Date = date.parse().ok()?;
        let start = self.zone.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
        Some(Timestamp(start.as_millisecond()))
    }

    /// The last moment of the day of such a date; `None` when it is no date.
    pub fn end_of_day(&self, date: &str) -> Option<Timestamp> {
        let day: jiff::civil::Date = date.parse().ok()?;
        let midnight = day.tomorrow().ok()?.at(0, 0, 0, 0);
        let end = self.zone.to_timestamp(midnight).ok()?;
        Some(Timestamp(end.as_millisecond() - 1))
    }

    /// RFC 3339 to the second, with the offset in force: `2026-05-12T19:12:00+01:00`.
    pub fn iso(&self, moment: Timestamp) -> String {
        let offset = self.zone.to_offset(moment.instant());
        let local = offset.to_datetime(moment.instant());
        let minutes = offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second(),
            minutes.abs() / 60,
            minutes.abs() % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_the_zone_with_its_offset() {
        let zone = Zone::named("Europe/London").unwrap();
        let summer = Timestamp(1_778_609_520_000);
        assert_eq!(zone.iso(summer), "2026-05-12T19:12:00+01:00");
        assert_eq!(zone.parts(summer).hour, 19);
        assert!(Zone::named("Europe/Nowhere").is_none());
    }

    #[test]
    fn a_moment_beyond_the_calendar_does_not_panic() {
        assert!(Zone::utc().iso(Timestamp(i64::MAX)).starts_with("1970"));
    }
}
