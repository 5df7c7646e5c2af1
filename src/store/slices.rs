//! The rhythm of bulk work beside readers' posts: short slices of writing, and a pause after each.

use std::time::Duration;

/// A slice takes no longer than this.
const SLICE: Duration = Duration::from_millis(50);
/// The shortest pause.
const PAUSE: Duration = Duration::from_millis(20);

/// Whether a slice that has worked for so long ends here. At half, since nobody knows how long the next piece takes.
pub fn is_over(worked: Duration) -> bool {
    worked >= SLICE / 2
}

/// How long to pause after a slice that took so long.
pub fn pause_after(worked: Duration) -> Duration {
    worked.max(PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_is_followed_by_a_pause_as_long_and_no_shorter_than_twenty_milliseconds() {
        let of = Duration::from_millis;
        assert!(!is_over(of(24)) && is_over(of(25)));
        assert_eq!(pause_after(of(3)), of(20));
        assert_eq!(pause_after(of(45)), of(45));
    }
}
