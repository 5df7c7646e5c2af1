//! What can break around the program, broken on purpose: the disk, locks, PostgreSQL, the clock, bugs that panic. Nothing that was
//! acknowledged is lost, nothing typed is lost, and nobody has to do anything for it to go on.

mod support;

#[path = "histories/acts/mod.rs"]
mod acts;
#[path = "faults/clock.rs"]
mod clock;
#[path = "faults/cluster.rs"]
mod cluster;
#[path = "faults/crowd.rs"]
mod crowd;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/failover.rs"]
mod failover;
#[path = "faults/hanging.rs"]
mod hanging;
#[path = "faults/load.rs"]
mod load;
#[path = "faults/locked.rs"]
mod locked;
#[path = "faults/panics.rs"]
mod panics;
#[path = "faults/restart.rs"]
mod restart;
#[path = "faults/unread.rs"]
mod unread;
