//! Months and days of a zone's calendar, as stretches of time.

use jiff::civil::Date;

use super::{Timestamp, Zone};

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

/// A stretch of time, without the moment that ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Month {
    /// "2026-04"; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str, count| {
            part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let parsed = Self {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
        };
        parsed.first().map(|_| parsed)
    }

    /// The month so many months later; negative is earlier. `None` beyond the calendar.
    pub fn plus(self, months: i32) -> Option<Self> {
        let count = i32::from(self.year) * 12 + i32::from(self.month) - 1 + months;
        let moved = Self {
            year: i16::try_from(count.div_euclid(12)).ok()?,
            month: i8::try_from(count.rem_euclid(12) + 1).ok()?,
        };
        moved.first().map(|_| moved)
    }

    fn first(self) -> Option<Date> {
        Date::new(self.year, self.month, 1).ok()
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Zone {
    /// The month of a moment.
    pub fn month_of(&self, moment: Timestamp) -> Month {
        let parts = self.parts(moment);
        Month {
            year: parts.year,
            month: parts.month,
        }
    }

    /// From the first midnight of a month to that of the next; `None` at the end of the calendar.
    pub fn month(&self, month: Month) -> Option<Period> {
        Some(Period {
            from: self.midnight(month.first()?)?,
            until: self.midnight(month.plus(1)?.first()?)?,
        })
    }

    /// The day of such a date: `2026-05-12`; `None` when it is no date.
    pub fn day(&self, date: &str) -> Option<Period> {
        let day: Date = date.parse().ok()?;
        Some(Period {
            from: self.midnight(day)?,
            until: self.midnight(day.tomorrow().ok()?)?,
        })
    }

    /// The day of a moment.
    pub fn day_of(&self, moment: Timestamp) -> Option<Period> {
        self.day(&self.date(moment))
    }

    /// The first moment of a day, which need not be at midnight where clocks are set forward then.
    fn midnight(&self, day: Date) -> Option<Timestamp> {
        let first = self.rules().to_timestamp(day.at(0, 0, 0, 0)).ok()?;
        Some(Timestamp(first.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DAY, HOUR};

    #[test]
    fn a_month_is_four_digits_and_two() {
        let april = Month {
            year: 2026,
            month: 4,
        };
        assert_eq!(Month::parse("2026-04"), Some(april));
        assert_eq!(april.to_string(), "2026-04");
        for wrong in [
            "",
            "2026",
            "2026-4",
            "2026-13",
            "2026-00",
            "26-04",
            "+026-04",
            "2026-04-01",
            "2026-٠٤",
        ] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn months_are_counted_over_the_turn_of_the_year_and_end_with_the_calendar() {
        let month = |text| Month::parse(text).unwrap();
        assert_eq!(month("2026-12").plus(1), Some(month("2027-01")));
        assert_eq!(month("2026-01").plus(-11), Some(month("2025-02")));
        assert_eq!(month("9999-12").plus(1), None);
    }

    #[test]
    fn a_month_in_which_clocks_change_is_an_hour_shorter_or_longer() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let length = |text| {
            let period = zone.month(Month::parse(text).unwrap()).unwrap();
            period.until.since(period.from)
        };
        assert_eq!(length("2026-03"), 31 * DAY - HOUR);
        assert_eq!(length("2026-10"), 31 * DAY + HOUR);
        assert_eq!(length("2026-02"), 28 * DAY);
        let day = zone.day("2026-03-29").unwrap();
        assert_eq!(day.until.since(day.from), 23 * HOUR);
        assert_eq!(zone.day_of(day.from), Some(day));
        assert_eq!(zone.day("2026-02-30"), None);
    }
}
