//! The server over HTTP, as readers, moderators and machines meet it.

#[path = "../support/mod.rs"]
mod support;

mod headers;
mod journey;
mod reading;
mod threads;
