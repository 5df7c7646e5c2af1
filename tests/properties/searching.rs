//! Search: what is stored is found again by what is typed.

use proptest::prelude::*;
use rejoinder::text::{SearchQuery, search_terms};

use super::{assert_linear, corpus, hold};

/// Whether the terms of a text fulfil a query, as FTS5 would say by the query that is sent to it.
fn finds(typed: &str, line: &str) -> Option<bool> {
    let query = SearchQuery::of(typed)?.sqlite();
    let terms: Vec<&str> = line.split(' ').collect();
    Some(query.split(" AND ").all(|part| {
        match part.strip_suffix('*') {
            Some(begin) => terms
                .iter()
                .any(|term| term.starts_with(begin.trim_matches('"'))),
            None => terms.contains(&part.trim_matches('"')),
        }
    }))
}

fn hold_to_rules(text: &str) -> Result<(), TestCaseError> {
    let line = search_terms(text);
    // Terms of terms are found by the same words, however often they are made anew.
    let again = search_terms(&line);
    prop_assert_eq!(search_terms(&again).is_empty(), line.is_empty());
    for word in text.split_whitespace() {
        prop_assert!(
            finds(word, &line).unwrap_or(true),
            "{:?} is not found in {:?}",
            word,
            line
        );
        let begin: String = word.chars().take(2).collect();
        if let Some(found) = finds(&begin, &search_terms(word)) {
            prop_assert!(
                found || word.chars().count() > 2,
                "{:?} of {:?}",
                begin,
                word
            );
        }
    }
    // Case and the form of accents make no difference to what is found.
    let upper = text.to_uppercase();
    for word in upper.split_whitespace().filter(|word| word.is_ascii()) {
        let there = text
            .split_whitespace()
            .any(|known| known.eq_ignore_ascii_case(word));
        prop_assert!(
            !there || finds(word, &line).unwrap_or(true),
            "{:?} in {:?}",
            word,
            line
        );
    }
    Ok(())
}

#[test]
fn a_text_is_found_by_each_of_its_own_words() {
    for text in corpus() {
        hold_to_rules(&text).unwrap();
    }
    hold(
        "([a-eßİéдй]{1,6}|[日本語]{1,4}|[กำ้]{1,3}|[हिन्दी]{1,4}|[ -~]|\u{301}|\u{200d}|😀| ){0,30}",
        |text| hold_to_rules(&text),
    );
    hold(any::<String>(), |text| hold_to_rules(&text));
}

#[test]
fn what_is_typed_reaches_no_engine_as_more_than_terms() {
    let hold_one = |typed: &str| {
        if let Some(query) = SearchQuery::of(typed) {
            for part in query.sqlite().split(" AND ") {
                let term = part.strip_suffix('*').unwrap_or(part);
                let inside = term
                    .strip_prefix('"')
                    .and_then(|term| term.strip_suffix('"'));
                let clean = inside.is_some_and(|term| {
                    !term.is_empty() && !term.contains(['"', '*', '\0', ' ', '(', ')', ':', '^'])
                });
                prop_assert!(clean, "{:?} of {:?}", part, typed);
            }
        }
        Ok(())
    };
    for text in corpus() {
        hold_one(&text).unwrap();
    }
    hold(
        "([a-c]|\"|\\*|'|:|\\^|-|\\(|\\)|&|\\||!|<|AND|OR|NEAR| |\\\\|\0){0,30}",
        |typed| hold_one(&typed),
    );
}

#[test]
fn terms_are_made_in_time_in_proportion_to_the_text() {
    for piece in [
        "a", "a ", "\u{301}", "a\u{301}", "日", "\u{200d}", "ﷺ", "'", "한",
    ] {
        let input = |size: usize| piece.chars().cycle().take(size).collect::<String>();
        assert_linear(piece, input, |text| {
            search_terms(text);
        });
    }
}
