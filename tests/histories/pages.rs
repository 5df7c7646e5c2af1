//! What readers get, held against the rows: pages, feeds and counts have what is public, all of it and nothing else.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use rejoinder::moderation::Status;
use rejoinder::store::schema::{articles, comments};
use rejoinder::store::{Db, feeds};

use super::acts::journal::words;
use super::acts::people::{ARTICLES, slug};
use super::support::Client;

/// Of these articles; at a moment at which nothing is written.
pub fn faults(db: &mut Db, base: &str, numbers: &[usize]) -> Vec<String> {
    let mut faults = Vec::new();
    let reader = Client::new(base);
    for number in numbers {
        article(db, &reader, *number, &mut faults);
    }
    faults
}

/// Of all articles, and the front page.
pub fn all_faults(db: &mut Db, base: &str) -> Vec<String> {
    let numbers: Vec<usize> = (0..ARTICLES).collect();
    let mut faults = faults(db, base, &numbers);
    front(db, &Client::new(base), &mut faults);
    faults
}

fn article(db: &mut Db, reader: &Client, number: usize, faults: &mut Vec<String>) {
    let slug = slug(number);
    let (id, count): (i64, i64) = articles::table
        .filter(articles::slug.eq(&slug))
        .select((articles::id, articles::comment_count))
        .first(db)
        .unwrap();
    // What was published last comes first, as in a feed.
    let public: Vec<(i64, String)> = comments::table
        .filter(comments::article_id.eq(id))
        .filter(comments::status.eq(Status::Approved.code()))
        .order((comments::published_at.desc(), comments::id.desc()))
        .select((comments::id, comments::body))
        .load(db)
        .unwrap();
    let newest: HashSet<String> = public
        .iter()
        .take(usize::try_from(feeds::COMMENTS).unwrap())
        .map(|(_, body)| words(body).remove(0))
        .collect();
    if i64::try_from(public.len()).unwrap() != count {
        faults.push(format!("{slug} counts {count} of {}", public.len()));
    }
    // A reply that was published, and never answered, may have been sent again and be there twice.
    let public: HashMap<String, i64> = public
        .iter()
        .map(|(id, body)| (words(body).remove(0), *id))
        .collect();
    let mut shown = walk(reader, &slug, faults);
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
    let feed = reader.get(&format!("/articles/{slug}/feed.atom"));
    let fed: HashSet<String> = words(&feed.body).into_iter().collect();
    for word in fed.symmetric_difference(&newest) {
        let there = fed.contains(word);
        faults.push(format!("in the feed of {slug}: {there}, {word}"));
    }
    let told = reader.get(&format!("/api/counts?slug={slug}")).body;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    if told[&slug]["comments"].as_i64() != Some(count) {
        faults.push(format!("{slug} has {count}, told is {told}"));
    }
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

/// The counts beside the titles on the front page.
fn front(db: &mut Db, reader: &Client, faults: &mut Vec<String>) {
    let counted: HashMap<String, i64> = articles::table
        .select((articles::slug, articles::comment_count))
        .load(db)
        .unwrap()
        .into_iter()
        .collect();
    let page = reader.get("/");
    let links = page.attributes("article.head h2 a", "href");
    let counts = page.texts("article.head .counts");
    if links.len() != counted.len() || counts.len() != counted.len() {
        faults.push(format!("the front page has {links:?} and {counts:?}"));
    }
    for (link, said) in links.iter().zip(&counts) {
        let count = link
            .strip_prefix("/articles/")
            .and_then(|slug| counted.get(slug));
        let number: String = said.split(' ').next().unwrap().replace(',', "");
        let number = if number == "No" { "0" } else { &number };
        if number.parse().ok().as_ref() != count {
            faults.push(format!("the front page says {said} of {link}: {count:?}"));
        }
    }
}
