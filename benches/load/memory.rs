//! The memory of the server after everything, and with a full cache.

use diesel::prelude::*;
use rejoinder::store::schema::articles;

use super::cases::{Run, article, brotli};
use super::database::connect;
use super::site::Site;
use super::table::grouped;

/// Sites of so many comments have more pages than the cache has room for, by default 64 MB.
const FULL: usize = 100_000;
/// Articles that are read until it is full.
const READ: i64 = 4_000;
/// Megabytes.
const GOAL: f64 = 128.0;

impl Run {
    pub fn memory(&mut self) {
        for site in &self.sites {
            let what = format!("MB after the run, {} comments", grouped(site.size));
            let memory = site.ours().memory();
            self.table.at_most(&what, Some(memory), GOAL, " MB");
        }
        for site in self.sites.iter().filter(|site| site.size >= FULL) {
            read_many(site);
            self.notes.push(format!(
                "with as many pages in memory as are kept: {:.0} MB, over {} comments",
                site.ours().memory(),
                grouped(site.size)
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
