//! Bulk work beside a running server: short slices, and a pause after each, so that readers' posts slip between.

use std::time::Instant;

use crate::store::slices::{is_over, pause_after};

/// Keeps the rhythm; does nothing when no server is running.
pub struct Slices {
    beside_a_server: bool,
    begun: Instant,
}

impl Slices {
    pub fn new(beside_a_server: bool) -> Self {
        Self {
            beside_a_server,
            begun: Instant::now(),
        }
    }

    /// To be called between two transactions.
    pub fn breathe(&mut self) {
        let worked = self.begun.elapsed();
        if self.beside_a_server && is_over(worked) {
            std::thread::sleep(pause_after(worked));
            self.begun = Instant::now();
        }
    }
}
