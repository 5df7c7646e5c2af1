//! What decisions leave to be done later: notices and receipts that are due when the undo window is over, and seals of the audit log.
//! A reply is held beside an insert that has its database to itself: it must not share its writer with them.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use rejoinder::store::Db;
use rejoinder::store::schema::{audit_unsealed, outbox};

use super::cases::Run;
use super::database::connect;
use super::table::grouped;

/// Twice the undo window.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(500);

impl Run {
    /// Waits until the servers have done what earlier cases left, and notes what they have not. Where figures mean nothing, it only looks.
    pub fn settle(&mut self) {
        let patience = match self.options.smoke {
            true => Duration::ZERO,
            false => PATIENCE,
        };
        let begun = Instant::now();
        for site in &self.sites {
            let mut db = connect(&site.url);
            let mut left = waiting(&mut db);
            while left > 0 && begun.elapsed() < patience {
                std::thread::sleep(LOOK);
                left = waiting(&mut db);
            }
            if left > 0 {
                self.notes.push(format!(
                    "{left} rows of the outbox and the audit log still waited when replies began, over {} comments",
                    grouped(site.size)
                ));
            }
        }
    }
}

/// Rows that a job of the server has yet to work off, those of decisions that can still be undone among them.
fn waiting(db: &mut Db) -> i64 {
    let unsealed: i64 = audit_unsealed::table.count().get_result(db).unwrap();
    let unsent: i64 = outbox::table
        .filter(outbox::delivered_at.is_null())
        .filter(outbox::cancelled_at.is_null())
        .count()
        .get_result(db)
        .unwrap();
    unsealed + unsent
}
