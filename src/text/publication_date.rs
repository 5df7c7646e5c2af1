//! Dates as they are written in front matter.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The moment a date names, in milliseconds since 1970 UTC. RFC 3339 carries its offset;
/// `2026-05-12 19:12`, `2026-05-12T19:12` and `2026-05-12` (midnight) are read in `zone`.
pub(super) fn parse(date: &str, zone: &TimeZone) -> Option<i64> {
    let moment = match date.parse::<Timestamp>() {
        Ok(moment) => moment,
        Err(_) => parse_civil(date, zone)?,
    };
    Some(moment.as_millisecond())
}

fn parse_civil(date: &str, zone: &TimeZone) -> Option<Timestamp> {
    let shaped = date
        .chars()
        .all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | ':' | ' ' | 'T' | '.'));
    if !shaped {
        return None;
    }
    zone.to_timestamp(date.parse::<DateTime>().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn london() -> TimeZone {
        TimeZone::get("Europe/London").expect("the zone")
    }

    #[test]
    fn a_date_with_an_offset_needs_no_zone() {
        for date in [
            "2026-05-12T19:12:00+01:00",
            "2026-05-12T18:12:00Z",
            "2026-05-12 18:12:00.000Z",
        ] {
            assert_eq!(
                parse(date, &TimeZone::UTC),
                Some(1_778_609_520_000),
                "{date}"
            );
        }
    }

    #[test]
    fn a_date_without_an_offset_is_read_in_the_zone() {
        for date in [
            "2026-05-12 19:12",
            "2026-05-12T19:12",
            "2026-05-12T19:12:00",
        ] {
            assert_eq!(parse(date, &london()), Some(1_778_609_520_000), "{date}");
        }
        assert_eq!(parse("2026-05-12", &TimeZone::UTC), Some(1_778_544_000_000));
        assert_eq!(parse("2026-05-12", &london()), Some(1_778_540_400_000));
    }

    #[test]
    fn an_hour_that_the_clocks_skip_is_a_moment_too() {
        assert!(parse("2026-03-29 01:30", &london()).is_some());
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for date in [
            "",
            "soon",
            "2026-13-01",
            "2026-02-30",
            "12/05/2026",
            "2026-05-12 25:00",
            "2026-05-12T19:12[Europe/Paris]",
            "19:12",
        ] {
            assert_eq!(parse(date, &TimeZone::UTC), None, "{date}");
        }
    }
}
