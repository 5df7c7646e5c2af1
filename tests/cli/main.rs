//! The commands, run as the built program in folders of their own.

mod accounts;
mod articles;
mod backing_up;
mod checking;
mod configuration;
mod damaged;
mod killing;
mod metrics;
mod people;
mod persons;
mod places;
mod policy;
mod program;
mod restoring;
mod rules;
mod seeding;
mod serving;
#[path = "../histories/trace.rs"]
#[allow(dead_code, reason = "each suite uses a part of it")]
mod trace;
mod transparency;
