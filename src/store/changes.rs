//! What a write has changed that readers see: told once it is on disk, before whoever wrote it is answered.

use std::cell::RefCell;
use std::sync::Arc;

/// Something that pages show, and its version now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Article { id: i64, version: i64 },
    Rules { version: i64 },
}

/// Who wants to know. Called by the writer's threads, between commit and answer: it must be quick.
pub type Listener = Arc<dyn Fn(Change) + Send + Sync>;

thread_local! {
    /// What the job that this thread runs has changed; `None` outside of jobs, where nobody listens.
    static HEARD: RefCell<Option<Vec<Change>>> = const { RefCell::new(None) };
}

/// Runs a job and hears what it changes.
pub(super) fn heard<T>(job: impl FnOnce() -> T) -> (T, Vec<Change>) {
    HEARD.set(Some(Vec::new()));
    let outcome = job();
    (outcome, HEARD.take().unwrap_or_default())
}

/// Notes a change of the open transaction.
pub(super) fn note(change: Change) {
    HEARD.with_borrow_mut(|heard| {
        if let Some(heard) = heard {
            heard.push(change);
        }
    });
}
