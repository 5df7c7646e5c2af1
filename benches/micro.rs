//! What a reply pays for the lists of the policy: `cargo bench --bench micro`. Times are medians of one check, with those of an
//! empty list beside them, from one run.

use std::time::{Duration, Instant};

use rejoinder::moderation::listed::{Action, EntryKind, ListEntry, Scope};
use rejoinder::store::policy::InForce;
use rejoinder::store::policy_check::{Checker, Written};
use rejoinder::text;
use rejoinder::time::Timestamp;

const ENTRIES: usize = 10_000;
const ROUNDS: usize = 301;

/// Words that look like words: syllables by number.
fn word(number: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ka", "lo", "mi", "ter", "un", "sa", "ve", "dor", "pi", "ne"];
    let digits = format!("{number:05}");
    let digits = digits.bytes().map(|digit| usize::from(digit - b'0'));
    digits.map(|digit| SYLLABLES[digit]).collect()
}

fn entries(count: usize) -> Vec<ListEntry> {
    let entry = |number: usize| {
        let (kind, pattern) = match number % 10 {
            0 => (EntryKind::Domain, format!("{}.example", word(number))),
            1 => (
                EntryKind::Network,
                format!("10.{}.{}.0/24", number / 256 % 256, number % 256),
            ),
            2 => (EntryKind::Email, format!("{}.example", word(number))),
            3 => (EntryKind::Words, format!("{}*", word(number))),
            4 => (
                EntryKind::Words,
                format!("{} {}", word(number), word(number + 1)),
            ),
            _ => (EntryKind::Words, word(number)),
        };
        ListEntry {
            kind,
            pattern,
            action: Action::Hold,
            scope: Scope::EVERYWHERE,
            until: None,
        }
    };
    (0..count).map(entry).collect()
}

fn reply(characters: usize) -> Written {
    let mut body = String::new();
    let mut number = 7;
    while body.len() < characters {
        body.push_str(&word(number));
        body.push(' ');
        number += 7_919;
    }
    body.push_str("https://nobody.example/at/all");
    Written {
        name: "Somebody".to_owned(),
        email: "somebody@nobody.example".to_owned(),
        website: "https://nobody.example".to_owned(),
        address: "192.0.2.7".parse().ok(),
        ..Written::of_text(&text::comment(&body))
    }
}

fn median(checker: &Checker, written: &Written) -> Duration {
    let mut taken: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(checker.check(std::hint::black_box(written), Timestamp(0)));
            begun.elapsed()
        })
        .collect();
    taken.sort_unstable();
    taken[ROUNDS / 2]
}

fn main() {
    let empty = Checker::new(InForce::default(), Vec::new());
    let begun = Instant::now();
    let full = Checker::new(InForce::default(), entries(ENTRIES));
    println!("{ENTRIES} entries made ready in {:?}", begun.elapsed());
    println!("{:<34}{:>14}{:>14}", "median of a check", "10,000", "none");
    for characters in [200, 1_000, 5_000] {
        let written = reply(characters);
        let (ours, none) = (median(&full, &written), median(&empty, &written));
        let name = format!("a reply of {characters} characters");
        println!("{name:<34}{ours:>14.1?}{none:>14.1?}");
    }
}
