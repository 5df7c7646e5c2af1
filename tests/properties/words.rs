//! Lists of words, against a plain reading of the same rule.

use proptest::prelude::*;
use rejoinder::text::{BadPattern, WordList, check_pattern, comment, host_of, hosts, plain};

use super::{assert_linear, corpus, hold};

/// Whether a pattern stands in a text of plain words, read the slow way: words compared one by one.
fn stands_in(pattern: &str, text: &str) -> bool {
    let (open, rest) = pattern
        .strip_prefix('*')
        .map_or((false, pattern), |rest| (true, rest));
    let (goes_on, rest) = rest
        .strip_suffix('*')
        .map_or((false, rest), |rest| (true, rest));
    let sought: Vec<&str> = rest.split(' ').collect();
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.windows(sought.len()).any(|run| {
        let last = sought.len() - 1;
        run.iter()
            .zip(&sought)
            .enumerate()
            .all(
                |(at, (word, part))| match (at == 0 && open, at == last && goes_on) {
                    (true, true) => word.contains(part),
                    (true, false) => word.ends_with(part),
                    (false, true) => word.starts_with(part),
                    (false, false) => word == part,
                },
            )
    })
}

#[test]
fn a_list_finds_what_a_plain_reading_finds() {
    // Few letters, so that words often meet; at least two to a word, since single letters in a row are read as one word too.
    let word = "[xyz]{2,5}";
    let pattern = (
        prop::collection::vec(word, 1..4),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(words, open, goes_on)| {
            let star = |there| if there { "*" } else { "" };
            format!("{}{}{}", star(open), words.join(" "), star(goes_on))
        });
    let patterns = prop::collection::vec(pattern, 1..8);
    let text = prop::collection::vec(word, 0..14).prop_map(|words| words.join(" "));
    hold((patterns, text), |(patterns, text)| {
        let list = WordList::new(
            patterns
                .iter()
                .enumerate()
                .map(|(number, pattern)| (number, pattern.as_str())),
        );
        let found: Vec<usize> = list.find(&text).iter().map(|found| found.number).collect();
        for (number, pattern) in patterns.iter().enumerate() {
            let known = check_pattern(pattern).is_ok();
            let expected = known && stands_in(pattern, &text);
            prop_assert_eq!(
                found.contains(&number),
                expected,
                "{:?} in {:?}",
                pattern,
                text
            );
        }
        Ok(())
    });
}

#[test]
fn any_pattern_and_any_text_go_together_and_places_are_places() {
    let hold_one = |pattern: &str, text: &str| {
        let list = WordList::new([(3, pattern)]);
        let found = list.find(text);
        prop_assert!(found.len() <= 1);
        for one in found {
            prop_assert!(check_pattern(pattern).is_ok());
            prop_assert!(
                one.number == 3 && one.from < one.to && text.get(one.from..one.to).is_some(),
                "{:?} in {:?}: {:?}",
                pattern,
                text,
                one
            );
        }
        Ok(())
    };
    for text in corpus() {
        hold_one(&text, &text).unwrap();
        hold_one("script", &text).unwrap();
    }
    let piece = prop::sample::select(vec![
        "a", "b", "ab", "A", "á", "а", "日", "本", "ß", "İ", "ｆ", "1", "0", ".", "-", " ", "\n",
        "*", "\u{301}", "\u{200b}", "\u{202e}", "\0", "😀", "ﷺ", "c a s", "'",
    ]);
    let text = || prop::collection::vec(piece.clone(), 0..24).prop_map(|pieces| pieces.concat());
    hold((text(), text()), |(pattern, text)| {
        hold_one(&pattern, &text)
    });
    hold((any::<String>(), any::<String>()), |(pattern, text)| {
        hold_one(&pattern, &text)
    });
}

#[test]
fn a_word_that_may_be_looked_for_is_found_in_itself() {
    hold("[a-zéßдй日0-9 .'-]{0,30}", |pattern| {
        match check_pattern(&pattern) {
            Ok(()) => prop_assert_eq!(
                WordList::new([(1, pattern.as_str())]).find(&pattern).len(),
                1,
                "{:?}",
                pattern
            ),
            Err(problem) => prop_assert_eq!(problem, BadPattern::NothingToFind),
        }
        Ok(())
    });
}

#[test]
fn the_longest_lists_are_searched_in_time_in_proportion_to_the_text() {
    let mut patterns: Vec<String> = (3..24).map(|n| format!("*{}*", "a".repeat(n))).collect();
    patterns.extend((2..24).map(|n| "a ".repeat(n).trim().to_owned()));
    patterns.extend((0..1_000).map(|n| format!("*aaaa{n}")));
    let list = WordList::new(
        patterns
            .iter()
            .enumerate()
            .map(|(number, pattern)| (number, pattern.as_str())),
    );
    for piece in ["a", "a ", "a.", "a-", "aaaa1 ", "\u{301}a", "日"] {
        let input = |size: usize| piece.chars().cycle().take(size).collect::<String>();
        assert_linear(piece, input, |text| {
            list.find(text);
        });
    }
}

#[test]
fn any_text_and_any_address_has_hosts_that_are_hosts() {
    let hold_one = |text: &str| {
        let html = comment(text);
        let words = plain(html.as_str());
        for host in hosts(&html, &words).into_iter().chain(host_of(text)) {
            prop_assert!(
                !host.is_empty() && !host.contains(['/', ' ', '@', '\n']),
                "{:?} in {:?}",
                host,
                text
            );
        }
        Ok(())
    };
    for text in corpus() {
        hold_one(&text).unwrap();
    }
    hold(
        "(https?://|//|www\\.|@|[a-c.:/@\\[\\]% -]|日){0,14}",
        |text| hold_one(&text),
    );
}
