//! The commands, run as the built program in folders of their own.

mod accounts;
mod articles;
mod checking;
mod configuration;
mod metrics;
mod people;
mod persons;
mod policy;
mod program;
mod rules;
mod seeding;
mod serving;
mod transparency;
