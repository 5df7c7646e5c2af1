//! Rejoinder, a comment moderation server.
#![forbid(unsafe_code)]

pub mod time;
pub mod moderation;
pub mod store;
