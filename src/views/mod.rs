//! What a page shows and every phrase it says: rows in, a whole HTML document out. The only folder that knows Askama.
//!
//! One struct per template, built from rows in one place; phrases stand in `locales/`, markup in `templates/`.

pub mod account;
pub mod article;
pub mod audit;
pub mod audit_export;
mod audit_filter;
pub mod author_page;
pub mod branch;
pub mod bulk;
pub mod conflict;
pub mod dates;
pub mod desk_articles;
pub mod edit;
pub mod error;
pub mod feed;
pub mod front;
pub mod own_account;
pub mod people;
pub mod phrases;
pub mod policy;
pub mod policy_lists;
pub mod problems;
pub mod queue;
pub mod receipt;
pub mod refused;
pub mod reply_form;
pub mod report;
pub mod report_receipt;
pub mod rules;
pub mod saved_replies;
pub mod site;
pub mod sitemap;
pub mod staff_reply;
pub mod today;
pub mod transparency;
pub mod two_factor;

mod chart;
mod closing;
mod decided;
mod direction;
mod evidence;
mod field;
mod filters;
mod frame;
mod held;
pub mod house_rules;
mod identicon;
mod item;
mod nav;
mod pager;
mod picture;
mod reported;
mod thread;
pub mod toast;
mod voice;

#[cfg(test)]
mod fixtures;

pub use phrases::Phrases;
pub use reply_form::ReplyForm;
pub use report::ReportForm;
pub use site::{Assets, Site};

use crate::text::SafeHtml;

/// What `|safe` is applied to in templates, and nothing else: HTML that `text` made.
fn markup(html: &SafeHtml) -> &str {
    html.as_str()
}

fn render(page: &impl askama::Template) -> String {
    page.render().unwrap_or_else(|error| error.to_string())
}

/// A title in the middle of a sentence: "Personal attack" becomes "personal attack".
fn mid_sentence(title: &str) -> String {
    let mut rest = title.chars();
    match rest.next() {
        Some(first) => first.to_lowercase().chain(rest).collect(),
        None => String::new(),
    }
}
