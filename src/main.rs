//! Parses the command line, runs the command, prints why it failed.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::process::ExitCode;

use clap::Parser;
use rejoinder::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("rejoinder: {error:#}");
            ExitCode::FAILURE
        }
    }
}
