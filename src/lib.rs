//! Rejoinder, a comment moderation server.
//!
//! A reply goes down: `web` → `store`, by the rules of `moderation`; a page comes back up: `store` → `views` → `web`, and is
//! kept in `pages`.
#![forbid(unsafe_code)]
// What runs does not panic: tests may, and are not compiled here.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

pub mod time;

pub mod moderation;
pub mod text;

pub mod store;

pub mod pages;
pub mod views;

pub mod web;

pub mod jobs;

pub mod app;
pub mod cli;
pub mod config;
pub mod passwords;
pub mod second_factor;
pub mod telemetry;

/// Cases of a property of this crate: 256, or `REJOINDER_TEST_CASES`. Those that failed once are kept in `proptest-regressions/`.
#[cfg(test)]
fn cases() -> proptest::prelude::ProptestConfig {
    let asked = std::env::var("REJOINDER_TEST_CASES");
    let asked = asked.ok().and_then(|cases| cases.parse().ok());
    proptest::prelude::ProptestConfig {
        cases: asked.unwrap_or(256),
        ..Default::default()
    }
}
