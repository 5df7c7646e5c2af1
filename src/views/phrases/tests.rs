//! The keys that templates and code say, against the keys of every language.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

const CALLS: [&str; 8] = [
    "say(",
    "say_with(",
    "count(",
    "count_with(",
    "pieces(",
    "around(",
    "around_with(",
    "forms(",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found
}

/// Every key written as the first argument of a call that says a phrase.
fn said() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut sources = files(&root().join("templates"), "html");
    sources.extend(files(&root().join("src/views"), "rs"));
    for path in sources {
        if path.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for call in CALLS {
            for (at, _) in text.match_indices(call) {
                let rest = text[at + call.len()..].trim_start();
                if let Some(key) = rest.strip_prefix('"').and_then(|r| r.split('"').next()) {
                    keys.insert(key.to_owned());
                }
            }
        }
    }
    keys
}

/// Every message of a language's files.
fn written(language: &Path) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for path in files(language, "ftl") {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                let key = line.split(" =").next().unwrap().to_owned();
                assert!(keys.insert(key), "twice: {line}");
            }
        }
    }
    keys
}

#[test]
fn every_phrase_that_is_said_is_written_in_every_language_and_no_other() {
    let said = said();
    assert!(said.len() > 100, "the search found {} keys", said.len());
    let mut languages = 0;
    for entry in std::fs::read_dir(root().join("locales")).unwrap() {
        let language = entry.unwrap().path();
        let written = written(&language);
        let missing: Vec<_> = said.difference(&written).collect();
        let unused: Vec<_> = written.difference(&said).collect();
        assert!(missing.is_empty(), "{language:?} lacks {missing:?}");
        assert!(unused.is_empty(), "{language:?}: nothing says {unused:?}");
        languages += 1;
    }
    assert_eq!(languages, LANGUAGES.len());
}

#[test]
fn counts_are_true_words() {
    let phrases = Phrases::of("en");
    let comments = |n| phrases.count("comment-count", n);
    assert_eq!(comments(0), "No comments yet");
    assert_eq!(comments(1), "1 comment");
    assert_eq!(comments(23), "23 comments");
    assert_eq!(phrases.count("view-count", 1204), "1,204 views");
    assert_eq!(phrases.number(1_234_567), "1,234,567");
    assert_eq!(phrases.number(999), "999");
    assert_eq!(phrases.number(i64::MIN), "-9,223,372,036,854,775,808");
}

#[test]
fn a_script_gets_the_forms_that_differ() {
    assert_eq!(
        Phrases::of("en").forms("new-comments"),
        [
            ("other", "Show {n} new comments".to_owned()),
            ("one", "Show {n} new comment".to_owned())
        ]
    );
}

#[test]
fn a_missing_key_or_value_does_not_panic() {
    let phrases = Phrases::of("en");
    assert_eq!(phrases.say("no-such-key"), "no-such-key");
    assert_eq!(phrases.say("comments-on"), "comments-on");
    assert_eq!(phrases.around("no-such-key", "name").before, "no-such-key");
}

#[test]
fn a_phrase_comes_apart_at_its_slots() {
    let phrases = Phrases::of("en");
    let pieces = phrases.pieces("byline", &["author", "time"], &[]);
    let shape: Vec<_> = pieces.iter().map(|p| (p.slot, p.text.as_str())).collect();
    assert_eq!(
        shape,
        [
            ("", "By "),
            ("author", "author"),
            ("", ", "),
            ("time", "time"),
            ("", "")
        ]
    );
    let to = phrases.around("replies-to", "name");
    assert_eq!(to.fill("Colm"), "Replies to Colm");
}

#[test]
fn languages_fall_back_from_region_to_language_to_english() {
    assert_eq!(Phrases::of("en-GB").language(), "en");
    assert_eq!(Phrases::of("tlh").language(), "en");
    assert_eq!(Phrases::of("").language(), "en");
}
