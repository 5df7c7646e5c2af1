//! The server over HTTP, as readers, moderators and machines meet it.

#[path = "../support/mod.rs"]
mod support;

mod answering_reports;
mod appealing;
mod articles_desk;
mod atom;
mod bad_input;
mod busy;
mod closing;
mod editing;
mod feeds;
mod headers;
mod health;
mod hold_modes;
mod hostile;
mod hostile_authors;
mod hostile_reports;
mod journey;
mod machines;
mod microdata;
mod mimicking;
mod moderating;
mod parents;
mod protection;
mod reading;
mod receipts;
mod recognising;
mod replying;
mod report_outcomes;
mod report_refusals;
mod reported;
mod reporting;
mod secrecy;
mod sharing;
mod signing_in;
mod sorting;
mod staff_replies;
mod staff_texts;
mod threads;
mod times;
mod trusting;
mod undoing;
mod waiting;
mod withdrawing;
mod xml;
