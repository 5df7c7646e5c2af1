//! The server over HTTP, as readers, moderators and machines meet it.

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod headers;
mod journey;
mod machines;
mod reading;
mod replying;
mod sorting;
mod threads;
