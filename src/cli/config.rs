//! `rejoinder config`

use std::process::ExitCode;

use clap::Args;

use super::Common;
use crate::config;

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// Print nothing but what is wrong, and fail if anything is
    #[arg(long)]
    check: bool,
}

pub fn run(options: &Options) -> ExitCode {
    let loaded = config::load(&options.common.flags());
    if !options.check {
        for setting in &loaded.settings {
            println!(
                "{} = {}  # {}",
                setting.key,
                toml::Value::String(setting.value.clone()),
                setting.source
            );
        }
    }
    match loaded.config {
        Ok(_) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors.0 {
                eprintln!("rejoinder: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
