//! The watch over a line: what it waits for, since when, and how long it may.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::rt::time::{Instant, Sleep, sleep};

use super::server::{HEAD_TIME, KEEP_ALIVE, LAST_WORDS};
use crate::telemetry::Metrics;

/// From a head to the first byte of its answer; a form has its own, shorter time to arrive within that.
const ANSWER_TIME: Duration = Duration::from_secs(150);
/// A client that takes nothing of its answer is let go after this time.
const SEND_TIME: Duration = Duration::from_secs(60);
/// A pause on a line when nearly all of them are taken.
const SHORT_PAUSE: Duration = Duration::from_secs(15);
/// Between two requests that were sent at once, or two pieces of a very long head, of all the lines together: so that whoever waits
/// for an answer before asking again is hardly slower beside those who do not, however many they are.
pub const REST: Duration = Duration::from_millis(4);
/// No rest is longer.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// The lines of one server.
#[derive(Debug)]
pub struct Lines {
    /// Holds how many are open.
    metrics: Arc<Metrics>,
    /// As many as there may be.
    most: usize,
    /// Lines that rest.
    resting: AtomicU32,
    /// Lines of which more was read than is answered.
    behind: AtomicU32,
    /// What came in is answered, and nothing else.
    stopping: AtomicBool,
}

impl Lines {
    pub fn new(most: usize, metrics: &Arc<Metrics>) -> Arc<Self> {
        let metrics = Arc::clone(metrics);
        Arc::new(Self {
            metrics,
            most,
            resting: AtomicU32::new(0),
            behind: AtomicU32::new(0),
            stopping: AtomicBool::new(false),
        })
    }

    /// Nobody rests any more: what came in is to be answered before the server is gone.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether requests were read that are not answered.
    pub fn are_behind(&self) -> bool {
        self.behind.load(Ordering::Acquire) > 0
    }

    /// Three quarters are taken: pauses are short until some are free again.
    fn are_scarce(&self) -> bool {
        self.metrics.connections.load(Ordering::Relaxed) > self.most / 4 * 3
    }
}

/// A rest that a line has to take before it goes on: the longer, the more lines do.
#[derive(Debug)]
pub struct Rest {
    sleep: Pin<Box<Sleep>>,
    /// Until it is over.
    among: Option<Resting>,
}

/// One of the lines that rest.
#[derive(Debug)]
struct Resting(Arc<Lines>);

impl Rest {
    fn begin(lines: &Arc<Lines>) -> Self {
        let others = lines.resting.fetch_add(1, Ordering::Relaxed);
        let time = REST.saturating_mul(others.saturating_add(1));
        Self {
            sleep: Box::pin(sleep(time.min(LONGEST_REST))),
            among: Some(Resting(Arc::clone(lines))),
        }
    }

    /// Ready when it is over, and from then on.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.among.is_some() {
            ready!(self.sleep.as_mut().poll(context));
            self.among = None;
        }
        Poll::Ready(())
    }
}

impl Drop for Resting {
    fn drop(&mut self) {
        self.0.resting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the line waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The client's next request.
    Pause,
    /// The rest of a head.
    Head,
    /// Our answer, and the body before it.
    Answer,
    /// That the client takes what is sent.
    Sending,
    /// That the client hears its answer and stops sending.
    Parting,
}

/// Since when the line waits for what.
#[derive(Debug)]
pub struct Watch {
    stage: Cell<Stage>,
    since: Cell<Instant>,
    /// Bytes of the request's body that are still to come.
    body: Cell<u64>,
    /// Nobody listens, and somebody wanted to.
    pub held: Cell<bool>,
    /// More was read than is answered.
    behind: Cell<bool>,
    lines: Arc<Lines>,
}

impl Watch {
    /// Over a line that is open from now on.
    pub fn new(lines: &Arc<Lines>) -> Rc<Self> {
        lines.metrics.connections.fetch_add(1, Ordering::Relaxed);
        Rc::new(Self {
            stage: Cell::new(Stage::Pause),
            since: Cell::new(Instant::now()),
            body: Cell::new(0),
            held: Cell::new(false),
            behind: Cell::new(false),
            lines: Arc::clone(lines),
        })
    }

    /// A rest among those of the other lines, from now on.
    pub fn rest(&self) -> Rest {
        Rest::begin(&self.lines)
    }

    pub fn is_stopping(&self) -> bool {
        self.lines.stopping.load(Ordering::Acquire)
    }

    /// Whether more was read of the line than is answered.
    pub fn has_more(&self, more: bool) {
        match (self.behind.replace(more), more) {
            (false, true) => drop(self.lines.behind.fetch_add(1, Ordering::AcqRel)),
            (true, false) => drop(self.lines.behind.fetch_sub(1, Ordering::AcqRel)),
            _ => {}
        }
    }

    pub fn stage(&self) -> Stage {
        self.stage.get()
    }

    /// Bytes of the body that may still come.
    pub fn body(&self) -> u64 {
        self.body.get()
    }

    /// So many bytes of the body are here.
    pub fn body_came(&self, count: usize) {
        let left = self.body.get();
        if left != u64::MAX {
            self.body.set(left.saturating_sub(count as u64));
        }
    }

    /// All of the body is here, whatever its length.
    pub fn body_is_here(&self) {
        self.body.set(0);
    }

    /// A whole head is here, and its request is about to be answered. It has a body of so many bytes, if it says so;
    /// `u64::MAX` where that is told in the end.
    pub fn head_is_here(&self, body: u64) {
        self.body.set(body);
        self.enter(Stage::Answer);
    }

    pub fn enter(&self, stage: Stage) {
        self.stage.set(stage);
        self.since.set(Instant::now());
    }

    /// When its time is over.
    pub fn due(&self) -> Instant {
        self.since.get()
            + match self.stage.get() {
                Stage::Pause if self.lines.are_scarce() => SHORT_PAUSE,
                Stage::Pause => KEEP_ALIVE + HEAD_TIME,
                Stage::Head => HEAD_TIME,
                Stage::Answer => ANSWER_TIME,
                Stage::Sending => SEND_TIME,
                Stage::Parting => LAST_WORDS,
            }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.has_more(false);
        let open = &self.lines.metrics.connections;
        open.fetch_sub(1, Ordering::Relaxed);
    }
}
