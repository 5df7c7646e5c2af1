//! What people of a newsroom do to it, what they are told of it, and the verdict: that the database holds what they were told.
#![allow(dead_code, reason = "each suite uses a part of it")]

pub mod appeals;
pub mod bulks;
pub mod clients;
pub mod desk;
pub mod forms;
pub mod generator;
pub mod journal;
pub mod judgements;
pub mod people;
pub mod requests;
pub mod rows;
pub mod verdict;
