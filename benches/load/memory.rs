//! The memory of the server after everything, with its cache as full as it gets.

use diesel::prelude::*;
use rejoinder::store::schema::articles;

use super::cases::{Run, article, brotli};
use super::database::connect;
use super::site::Site;
use super::table::grouped;

/// Articles that are read until the cache is full, by default 64 MB: a large site has more of them than there is room for, a small one
/// has all of its pages in it then.
const READ: i64 = 4_000;
/// Megabytes.
const GOAL: f64 = 128.0;

impl Run {
    pub fn memory(&mut self) {
        for site in &self.sites {
            let size = grouped(site.size);
            let before = site.ours().memory();
            read_many(site);
            let what = format!("MB after the run, cache included, {size} comments");
            let memory = site.ours().memory();
            self.table.at_most(&what, Some(memory), GOAL, " MB");
            self.notes.push(format!(
                "memory after the run, before the cache was filled: {before:.0} MB, over {size} comments"
            ));
        }
    }
}

/// Reads so many articles, each as it is and packed, that the cache is full several times over.
fn read_many(site: &Site) {
    let slugs: Vec<String> = articles::table
        .filter(articles::removed_at.is_null())
        .order(articles::comment_count.desc())
        .limit(READ)
        .select(articles::slug)
        .load(&mut connect(&site.url))
        .unwrap();
    for slug in slugs {
        for get in [article(&slug), brotli(&slug)] {
            assert_eq!(site.ask(&get.bytes()).status, 200, "{slug}");
        }
    }
}
