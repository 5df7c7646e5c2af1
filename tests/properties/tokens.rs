//! Tokens and cursors: what is written is read as it was, and nothing else is.

use std::collections::HashSet;

use proptest::prelude::*;
use rejoinder::store::bulks::Picked;
use rejoinder::store::listing::{Age, Listing, Order, Position, Seek, Tab, Why};
use rejoinder::store::token;

use super::hold;

/// Held to the alphabet, the length, and to what chance makes of so many: no two alike, and each bit as often one as zero.
#[track_caller]
fn hold_to_chance(name: &str, length: usize, bits: usize, make: impl Fn() -> String) {
    const MADE: usize = 2_000;
    let mut seen = HashSet::new();
    let mut ones = vec![0_usize; bits];
    for _ in 0..MADE {
        let made = make();
        assert_eq!(made.len(), length, "{name}: {made}");
        let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(made.chars().all(known), "{name}: {made}");
        for (at, ones) in ones.iter_mut().enumerate() {
            let letter = made.as_bytes()[at / 6];
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'-' => 62,
                _ => 63,
            };
            *ones += usize::from(value >> (5 - at % 6) & 1);
        }
        assert!(seen.insert(made), "{name}: the same one twice");
    }
    // Half of them, give or take seven standard deviations: once in 10^11 bits.
    let most = MADE / 2 + 157;
    for (at, ones) in ones.into_iter().enumerate() {
        let likely = (MADE - most..=most).contains(&ones);
        assert!(likely, "{name}: bit {at} was set {ones} times of {MADE}");
    }
}

#[test]
fn receipts_have_144_bits_and_sessions_256_all_of_them_by_chance() {
    let receipt = || token::receipt().unwrap();
    hold_to_chance("receipt", 24, 144, receipt);
    let session = || token::session().unwrap();
    hold_to_chance("session", 43, 256, session);
}

/// The system's generator is asked, and no other: there is no seed that a test or an attacker could set.
#[test]
fn the_systems_generator_is_the_only_one_in_the_house() {
    let lock = include_str!("../../Cargo.toml");
    let (needed, _) = lock.split_once("[dev-dependencies]").unwrap();
    assert!(needed.contains("\ngetrandom = "));
    for other in ["rand", "fastrand", "rand_core", "oorandom", "nanorand"] {
        assert!(!needed.contains(&format!("\n{other} = ")), "{other}");
    }
    let source = include_str!("../../src/store/token.rs");
    assert!(source.contains("getrandom::fill(&mut bytes)"));
}

#[test]
fn a_token_is_known_by_a_hash_that_no_other_has() {
    hold(("[ -~]{0,50}", "[ -~]{0,50}"), |(one, other)| {
        prop_assert_eq!(token::hash(&one) == token::hash(&other), one == other);
        prop_assert_eq!(token::hash(&one).len(), 32);
        Ok(())
    });
}

fn place() -> impl Strategy<Value = Seek> {
    let position = (0..=i64::MAX, 0..=i64::MAX).prop_map(|(id, risk)| Position { id, risk });
    prop_oneof![
        Just(Seek::First),
        position.clone().prop_map(Seek::From),
        position.prop_map(Seek::Until),
    ]
}

/// A list of the desk at any place of it.
fn listing() -> impl Strategy<Value = Listing> {
    let one_of = |count: usize| prop::option::of(0..count);
    let words = (
        0..Tab::ALL.len(),
        one_of(Order::ALL.len()),
        one_of(Why::ALL.len()),
        one_of(Age::ALL.len()),
    );
    let numbers = (
        prop::option::of(0..=i64::MAX),
        prop::option::of(any::<i64>()),
        prop::option::of(prop::collection::vec(any::<u8>(), 1..=32)),
    );
    (words, numbers, any::<bool>(), ".{0,20}", place()).prop_map(
        |((tab, order, why, age), (article, same, network), mine, search, seek)| Listing {
            tab: Tab::ALL[tab],
            order: order.map(|at| Order::ALL[at]),
            why: why.map(|at| Why::ALL[at]),
            age: age.map(|at| Age::ALL[at]),
            article,
            author: article,
            network,
            same,
            mine,
            search,
            seek,
            ..Listing::default()
        },
    )
}

#[test]
fn a_place_in_a_list_is_read_from_its_address_as_it_was_written() {
    hold(listing(), |list| {
        let read = Listing::parse(&list.words());
        let mut expected = list.clone();
        // The risk is a part of the place in the order of risk alone.
        if let Seek::From(place) | Seek::Until(place) = &mut expected.seek
            && list.order() != Order::Risk
        {
            place.risk = 0;
        }
        prop_assert_eq!(read.as_ref(), Some(&expected));
        prop_assert_eq!(read.unwrap().words(), list.words());
        Ok(())
    });
    // Of what nobody wrote, what is read is written as something that is read alike.
    hold(
        "((tab|sort|from|until|same|network|q|why)=[-+.0-9a-f]{0,9}&){0,4}",
        |words| {
            if let Some(list) = Listing::parse(&words) {
                let again = Listing::parse(&list.words()).unwrap();
                prop_assert_eq!(again.words(), list.words());
            }
            Ok(())
        },
    );
}

#[test]
fn a_picked_comment_is_read_as_it_was_written() {
    let number = || 0..=i64::MAX;
    hold(
        (number(), number(), prop::option::of(number())),
        |(comment, version, revision)| {
            let picked = Picked {
                comment,
                version,
                revision,
            };
            prop_assert_eq!(Picked::parse(&picked.word()), Some(picked));
            Ok(())
        },
    );
    hold("[-+.0-9 ]{0,12}", |word| {
        if let Some(picked) = Picked::parse(&word) {
            prop_assert_eq!(Picked::parse(&picked.word()), Some(picked));
        }
        Ok(())
    });
}
