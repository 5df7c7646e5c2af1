//! Every phrase of the interface, by key, in one language: the Fluent files under `locales/`.

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};

use super::dates::Calendar;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Templates isolate names with <bdi>; marks inside a phrase would stand in titles and attributes.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ENGLISH: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(LOCALES.fallback().clone()));

static LANGUAGES: LazyLock<Vec<Phrases>> =
    LazyLock::new(|| LOCALES.locales().cloned().map(Phrases::new).collect());

/// Parts a phrase into its words and its slots. No phrase contains it.
const MARK: char = '\u{1}';

/// The phrases of one language.
#[derive(Debug)]
pub struct Phrases {
    language: LanguageIdentifier,
    separator: String,
    pub(super) calendar: Calendar,
}

/// A piece of a phrase that markup is set into: words, or the place of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Empty for words.
    pub slot: &'static str,
    pub text: String,
}

/// A phrase with one slot, as what stands before it and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    pub before: String,
    pub after: String,
}

impl Phrases {
    fn new(language: LanguageIdentifier) -> Self {
        let mut phrases = Self {
            language,
            separator: String::new(),
            calendar: Calendar::default(),
        };
        phrases.separator = phrases.say("number-separator");
        phrases.calendar = Calendar::new(&phrases);
        phrases
    }

    /// The phrases for a BCP 47 tag: of exactly that language, else of its base language, else English.
    pub fn of(tag: &str) -> &'static Self {
        let Ok(wanted) = tag.parse::<LanguageIdentifier>() else {
            return &ENGLISH;
        };
        let has = |same: fn(&LanguageIdentifier, &LanguageIdentifier) -> bool| {
            LANGUAGES.iter().find(|l| same(&l.language, &wanted))
        };
        has(|ours, wanted| ours == wanted)
            .or_else(|| has(|ours, wanted| ours.language == wanted.language))
            .unwrap_or(&ENGLISH)
    }

    /// A BCP 47 tag as it is best written; `None` when it is none.
    pub fn tag(tag: &str) -> Option<String> {
        let parsed: LanguageIdentifier = tag.parse().ok()?;
        Some(parsed.to_string())
    }

    pub fn language(&self) -> String {
        self.language.to_string()
    }

    /// A phrase without variables. A key that no language has is said as it is.
    pub fn say(&self, key: &str) -> String {
        self.find(key, &HashMap::new())
    }

    /// A phrase with text for its variables.
    pub fn say_with(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        self.find(key, &texts(values))
    }

    /// A phrase that counts: `$n` picks the plural, `$count` reads "1,204".
    pub fn count(&self, key: &str, n: i64) -> String {
        self.count_with(key, n, &[])
    }

    /// `count` with text for further variables.
    pub fn count_with(&self, key: &str, n: i64, values: &[(&'static str, &str)]) -> String {
        let grouped = self.number(n);
        let mut all = texts(values);
        all.insert("n", FluentValue::from(n));
        all.insert("count", FluentValue::from(grouped.as_str()));
        self.find(key, &all)
    }

    /// A phrase that counts, for a script to count with: `{n}` in place of the number, by the plural forms of Unicode CLDR.
    /// Each form is that of a number that has it in the languages that tell them apart; those that read like `other` are left out.
    pub fn forms(&self, key: &str) -> Vec<(&'static str, String)> {
        const NUMBERS: [(&str, i64); 6] = [
            ("other", 100),
            ("zero", 10),
            ("one", 1),
            ("two", 2),
            ("few", 3),
            ("many", 11),
        ];
        let mut forms: Vec<(&'static str, String)> = Vec::new();
        for (form, n) in NUMBERS {
            let mut values = texts(&[("count", "{n}")]);
            values.insert("n", FluentValue::from(n));
            let phrase = self.find(key, &values);
            if forms.first().is_none_or(|(_, other)| *other != phrase) {
                forms.push((form, phrase));
            }
        }
        forms
    }

    /// A phrase whose variables named in `slots` are filled in by a template, with text for the rest.
    pub fn pieces(
        &self,
        key: &str,
        slots: &[&'static str],
        values: &[(&'static str, &str)],
    ) -> Vec<Piece> {
        let marked: Vec<String> = slots.iter().map(|s| format!("{MARK}{s}{MARK}")).collect();
        let mut all = texts(values);
        for (slot, place) in slots.iter().zip(&marked) {
            all.insert(slot, FluentValue::from(place.as_str()));
        }
        let phrase = self.find(key, &all);
        let piece = |(at, part): (usize, &str)| Piece {
            slot: match at % 2 {
                0 => "",
                _ => slots.iter().find(|slot| **slot == part).unwrap_or(&""),
            },
            text: part.to_owned(),
        };
        phrase.split(MARK).enumerate().map(piece).collect()
    }

    /// A phrase with one slot, to be said many times.
    pub fn around(&self, key: &str, slot: &'static str) -> Around {
        self.around_with(key, slot, &[])
    }

    /// `around` with text for further variables.
    pub fn around_with(
        &self,
        key: &str,
        slot: &'static str,
        values: &[(&'static str, &str)],
    ) -> Around {
        let mark = MARK.to_string();
        let mut all = texts(values);
        all.insert(slot, FluentValue::from(mark.as_str()));
        let phrase = self.find(key, &all);
        let (before, after) = phrase.split_once(MARK).unwrap_or((&phrase, ""));
        Around {
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }

    /// A time to wait: "40 seconds".
    pub fn seconds(&self, seconds: u64) -> String {
        self.count("span-seconds", i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// A whole number with its digits grouped: "1,204".
    pub fn number(&self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let mut grouped = String::with_capacity(digits.len() * 2);
        if n < 0 {
            grouped.push('-');
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push_str(&self.separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    fn find(&self, key: &str, values: &HashMap<&str, FluentValue<'_>>) -> String {
        [&self.language, LOCALES.fallback()]
            .into_iter()
            .find_map(|language| {
                LOCALES
                    .lookup_single_language(language, key, Some(values))
                    .ok()
            })
            .unwrap_or_else(|| key.to_owned())
    }
}

impl Around {
    /// The phrase with a value in its slot.
    pub fn fill(&self, value: &str) -> String {
        [&self.before, value, &self.after].concat()
    }
}

fn texts<'a>(values: &[(&'static str, &'a str)]) -> HashMap<&'static str, FluentValue<'a>> {
    let text = |&(name, value): &(&'static str, &'a str)| (name, FluentValue::from(value));
    values.iter().map(text).collect()
}

#[cfg(test)]
mod tests;
