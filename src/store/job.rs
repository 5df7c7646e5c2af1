//! What the writer writes: a closure that can be run again, with what it made.

use diesel::prelude::*;
use tokio::sync::oneshot;

use super::changes::{self, Change};
use super::connection::Db;
use super::error::{Error, Result};

pub(super) trait Job: Send {
    /// Runs in the open transaction, or in a savepoint of it, and keeps its result.
    fn run(&mut self, db: &mut Db, footing: Footing);
    fn failed(&self) -> Option<&Error>;
    /// What readers see otherwise, once it is committed.
    fn changes(&self) -> &[Change];
    /// Answers the caller: the kept result when `fate` is `Ok`, else the fate.
    fn answer(self: Box<Self>, fate: Result<()>);
}

/// What is taken back when a job fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Footing {
    /// All that the transaction has written.
    Shared,
    /// What the job has written: it has a savepoint of its own. That costs two statements more, and SQLite's search index is
    /// written out at the end of each, rather than once.
    Own,
}

/// A closure and whoever waits for what it makes.
pub(super) struct Task<T, F> {
    work: F,
    result: Option<Result<T>>,
    changes: Vec<Change>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Task<T, F> {
    pub fn new(work: F, reply: oneshot::Sender<Result<T>>) -> Self {
        Self {
            work,
            result: None,
            changes: Vec::new(),
            reply,
        }
    }
}

impl<T: Send, F: Fn(&mut Db) -> Result<T> + Send> Job for Task<T, F> {
    fn run(&mut self, db: &mut Db, footing: Footing) {
        let (result, changes) = changes::heard(|| match footing {
            Footing::Shared => (self.work)(db),
            Footing::Own => db.transaction(|db| (self.work)(db)),
        });
        self.changes = if result.is_ok() { changes } else { Vec::new() };
        self.result = Some(result);
    }

    fn failed(&self) -> Option<&Error> {
        self.result
            .as_ref()
            .and_then(|result| result.as_ref().err())
    }

    fn changes(&self) -> &[Change] {
        &self.changes
    }

    fn answer(self: Box<Self>, fate: Result<()>) {
        let answer = match fate {
            Ok(()) => self.result.unwrap_or(Err(Error::Lost)),
            Err(error) => Err(error),
        };
        // A caller that has gone away needs no answer.
        drop(self.reply.send(answer));
    }
}
