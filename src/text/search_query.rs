//! What somebody typed into the search field, in the words of either engine.

use super::search_terms::{Term, TermKind, terms};

/// Terms that are looked for; further ones are left out.
const MOST: usize = 12;

/// What is looked for: comments that hold every term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    wanted: Vec<Wanted>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    term: Term,
    /// Whether the beginning of a term is enough.
    begins: bool,
}

impl SearchQuery {
    /// What was typed, through the function that made the terms of comments. Of the last word the beginning is enough, unless
    /// it is a single letter; of a single Chinese or Thai character, always. `None` when there is nothing to look for.
    pub fn of(typed: &str) -> Option<Self> {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut last = None;
        for term in terms(typed).filter(|term| term.kind != TermKind::Last) {
            last = wanted.iter().position(|known| known.term == term);
            if last.is_some() {
                continue;
            }
            if wanted.len() == MOST {
                break;
            }
            let begins = term.kind == TermKind::Single;
            last = Some(wanted.len());
            wanted.push(Wanted { term, begins });
        }
        // A word that was typed before as well is wanted whole.
        if let Some(last) = last.filter(|last| last + 1 == wanted.len())
            && let Some(wanted) = wanted.get_mut(last)
            && wanted.term.text.chars().nth(1).is_some()
        {
            wanted.begins = true;
        }
        (!wanted.is_empty()).then_some(Self { wanted })
    }

    /// For FTS5: `"late" AND "fer"*`. A term holds nothing that means something there.
    pub fn sqlite(&self) -> String {
        self.written(" AND ", |term, begins| {
            format!("\"{term}\"{}", if begins { "*" } else { "" })
        })
    }

    /// A `tsquery`: `'late' & 'fer':*`. A term holds nothing that means something there.
    pub fn postgres(&self) -> String {
        self.written(" & ", |term, begins| {
            format!("'{term}'{}", if begins { ":*" } else { "" })
        })
    }

    fn written(&self, and: &str, one: impl Fn(&str, bool) -> String) -> String {
        let all = self.wanted.iter();
        all.map(|wanted| one(&wanted.term.text, wanted.begins))
            .collect::<Vec<_>>()
            .join(and)
    }

    /// Whether a word is one of those looked for.
    pub(super) fn wants_word(&self, word: &str) -> bool {
        self.wants(TermKind::Word, word)
    }

    /// Whether two characters side by side are.
    pub(super) fn wants_pair(&self, pair: &str) -> bool {
        self.wants(TermKind::Pair, pair)
    }

    /// Whether a character is looked for by itself.
    pub(super) fn wants_character(&self, character: &str) -> bool {
        self.wants(TermKind::Single, character)
    }

    fn wants(&self, kind: TermKind, text: &str) -> bool {
        let mut same = self.wanted.iter().filter(|wanted| wanted.term.kind == kind);
        same.any(|Wanted { term, begins }| {
            text == term.text || (*begins && text.starts_with(&term.text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn both(typed: &str) -> (String, String) {
        let query = SearchQuery::of(typed).unwrap();
        (query.sqlite(), query.postgres())
    }

    #[test]
    fn every_word_is_wanted_and_the_last_may_go_on() {
        let (sqlite, postgres) = both("  The LATE fer");
        assert_eq!(sqlite, r#""the" AND "late" AND "fer"*"#);
        assert_eq!(postgres, "'the' & 'late' & 'fer':*");
        assert_eq!(both("don't").0, r#""don" AND "t""#);
        assert_eq!(both("late ferry late").0, r#""late" AND "ferry""#);
        assert_eq!(both("ferry ferry").0, r#""ferry"*"#);
    }

    #[test]
    fn characters_are_wanted_in_pairs_and_a_single_one_wherever_it_stands() {
        assert_eq!(both("日本語").0, r#""日本" AND "本語"*"#);
        assert_eq!(both("王 ferry").0, r#""王"* AND "ferry"*"#);
        assert_eq!(both("王").1, "'王':*");
    }

    #[test]
    fn nothing_to_look_for_is_no_query() {
        for nothing in ["", " ", "\"*:^ -()'\\", "😀", "\u{301}"] {
            assert_eq!(SearchQuery::of(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_query_stays_short() {
        let many: String = (0..10_000).map(|number| format!("w{number} ")).collect();
        let (sqlite, _) = both(&many);
        assert_eq!(sqlite.matches('"').count(), 2 * MOST);
        assert!(
            !sqlite.contains('*'),
            "the last one typed is not among them"
        );
        assert!(both(&"a".repeat(100_000)).1.len() < 4000);
    }

    proptest! {
        #[test]
        fn a_text_is_found_by_each_of_its_words(
            text in "[a-cßİéдй日本語กำ้हिन्दी한ᄒ\u{1161}'\u{200d}\u{301}😀. ]{0,40}"
        ) {
            let line = crate::text::search_terms(&text);
            let terms: Vec<&str> = line.split(' ').collect();
            for typed in text.split_whitespace().chain([text.as_str()]) {
                for Wanted { term, begins } in SearchQuery::of(typed).map_or(Vec::new(), |query| query.wanted) {
                    let found = terms.iter().any(|known| {
                        *known == term.text || (begins && known.starts_with(&term.text))
                    });
                    prop_assert!(found, "{:?} of {:?} in {:?}", term, typed, line);
                }
            }
        }

        #[test]
        fn nothing_typed_reaches_an_engine_as_more_than_a_term(typed in any::<String>()) {
            if let Some(query) = SearchQuery::of(&typed) {
                let postgres = query.postgres();
                for part in postgres.split(" & ") {
                    let term = part.strip_prefix('\'').unwrap();
                    let term = term.strip_suffix(":*").unwrap_or(term).strip_suffix('\'').unwrap();
                    prop_assert!(!term.contains(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric()));
                    prop_assert!(!term.is_empty());
                }
            }
        }
    }
}
