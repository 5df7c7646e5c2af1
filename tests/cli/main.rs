//! The commands, run as the built program in folders of their own.

mod articles;
mod configuration;
mod people;
mod persons;
mod program;
mod seeding;
mod serving;
