//! The commands, run as the built program in folders of their own.

mod accounts;
mod articles;
mod configuration;
mod people;
mod program;
mod seeding;
mod serving;
mod transparency;
