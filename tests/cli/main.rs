//! The commands, run as the built program in folders of their own.

mod accounts;
mod articles;
mod backing_up;
mod checking;
mod configuration;
mod damaged;
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
mod transparency;
