//! HTTP: parse, act, answer. The one folder that knows actix.

mod account;
mod appeals;
mod articles;
pub mod assets;
mod audit;
mod authors;
mod bulks;
mod claims;
mod client;
mod comments;
mod desk_articles;
mod device;
mod edits;
mod error;
mod feeds;
mod form;
mod headers;
mod health;
mod house_rules;
mod moderation;
mod notes;
mod origin;
mod queue;
mod receipts;
mod replies;
mod reports;
mod response;
mod routes;
mod rules;
mod saved_replies;
pub mod server;
mod session;
mod sitemap;
mod staff_replies;
mod telemetry;

pub use error::Error;
