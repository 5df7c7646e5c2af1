//! Attacks, each test named for what it refuses. `docs/ATTACKS.md` says which guard each one holds and how it was seen red.

mod caching;
mod crossings;
mod crowding;
mod forging;
mod forwarding;
mod garbage;
mod guessing;
mod hosts;
mod leading;
mod malformed;
mod newsroom;
pub mod noise;
mod numbers;
mod packing;
mod pending;
mod planting;
mod routes;
mod sessions;
pub mod spawned;
