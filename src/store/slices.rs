//! The rhythm of bulk work beside readers' posts: short slices of writing, and a pause after each.

use std::time::Duration;

/// A slice takes no longer than this.
pub const SLICE: Duration = Duration::from_millis(50);
/// The shortest pause.
const PAUSE: Duration = Duration::from_millis(20);

/// How long to pause after a slice that took so long.
pub fn pause_after(worked: Duration) -> Duration {
    worked.max(PAUSE)
}
