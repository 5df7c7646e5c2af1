//! The pages that readers get, held against the rows: they show what is public, all of it and nothing else.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use rejoinder::moderation::Status;
use rejoinder::store::Db;
use rejoinder::store::schema::{articles, comments};

use super::journal::words;
use super::support::Client;

pub fn faults(db: &mut Db, base: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let reader = Client::new(base);
    let all: Vec<(i64, String, i64)> = articles::table
        .order(articles::id)
        .select((articles::id, articles::slug, articles::comment_count))
        .load(db)
        .unwrap();
    for (article, slug, count) in all {
        let public: Vec<(i64, String)> = comments::table
            .filter(comments::article_id.eq(article))
            .filter(comments::status.eq(Status::Approved.code()))
            .select((comments::id, comments::body))
            .load(db)
            .unwrap();
        let public: HashMap<String, i64> = public
            .iter()
            .map(|(id, body)| (words(body).remove(0), *id))
            .collect();
        if i64::try_from(public.len()).unwrap() != count {
            faults.push(format!("{slug} counts {count} of {}", public.len()));
        }
        let mut shown = walk(&reader, &slug, &mut faults);
        // What stands too deep or too far down for the page has an address of its own.
        for (word, id) in &public {
            if !shown.contains(word) {
                let there = reader.get(&format!("/comments/{id}"));
                let page = reader.get(there.location().split('#').next().unwrap());
                shown.extend(words(&page.body));
            }
        }
        for word in public.keys().filter(|word| !shown.contains(*word)) {
            faults.push(format!("public and not shown on {slug}: {word}"));
        }
        for word in shown.iter().filter(|word| !public.contains_key(*word)) {
            faults.push(format!("shown on {slug} and not public: {word}"));
        }
    }
    faults
}

/// The words on all pages of an article.
fn walk(reader: &Client, slug: &str, faults: &mut Vec<String>) -> HashSet<String> {
    let mut shown = HashSet::new();
    let mut seen = HashSet::new();
    let mut next = vec![format!("/articles/{slug}")];
    while let Some(path) = next.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = reader.get(&path);
        if page.status != 200 {
            faults.push(format!("{path} answers {}", page.status));
        }
        shown.extend(words(&page.body));
        next.extend(
            page.attributes(".pager a", "href")
                .into_iter()
                .map(|link| link.split('#').next().unwrap().to_owned()),
        );
    }
    shown
}
