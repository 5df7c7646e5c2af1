//! What an edit changed, word by word.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::bidi::balanced;

/// After this long the rest is called changed as a whole.
const TIME: Duration = Duration::from_millis(50);

/// A stretch of text that stays, goes or comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    Same(String),
    Deleted(String),
    Inserted(String),
}

/// The stretches of two texts in order; what goes stands before what comes in its place. In each of them, every direction
/// control is closed.
pub fn difference(old: &str, new: &str) -> Vec<Stretch> {
    let compared = TextDiff::configure()
        .timeout(TIME)
        .diff_unicode_words(old, new);
    let mut stretches: Vec<Stretch> = Vec::new();
    for change in compared.iter_all_changes() {
        let words = change.value();
        match (change.tag(), stretches.last_mut()) {
            (ChangeTag::Equal, Some(Stretch::Same(text)))
            | (ChangeTag::Delete, Some(Stretch::Deleted(text)))
            | (ChangeTag::Insert, Some(Stretch::Inserted(text))) => text.push_str(words),
            (ChangeTag::Equal, _) => stretches.push(Stretch::Same(words.to_owned())),
            (ChangeTag::Delete, _) => stretches.push(Stretch::Deleted(words.to_owned())),
            (ChangeTag::Insert, _) => stretches.push(Stretch::Inserted(words.to_owned())),
        }
    }
    for stretch in &mut stretches {
        let (Stretch::Same(text) | Stretch::Deleted(text) | Stretch::Inserted(text)) = stretch;
        *text = balanced(text).into_owned();
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_that_go_and_come_stand_side_by_side() {
        assert_eq!(
            difference("The £26 fare.\nTwice.", "The £31 fare.\nTwice a week."),
            [
                Stretch::Same("The £".into()),
                Stretch::Deleted("26".into()),
                Stretch::Inserted("31".into()),
                Stretch::Same(" fare.\nTwice".into()),
                Stretch::Inserted(" a week".into()),
                Stretch::Same(".".into()),
            ]
        );
        assert_eq!(difference("", ""), []);
        assert_eq!(
            difference("one two", "one \u{202e}three"),
            [
                Stretch::Same("one".into()),
                Stretch::Deleted(" two".into()),
                Stretch::Inserted(" \u{202e}three\u{202c}".into()),
            ]
        );
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_stretches(old in "\\PC{0,60}", new in "\\PC{0,60}") {
            let (mut before, mut after) = (String::new(), String::new());
            for stretch in difference(&old, &new) {
                match stretch {
                    Stretch::Same(text) => { before.push_str(&text); after.push_str(&text); }
                    Stretch::Deleted(text) => before.push_str(&text),
                    Stretch::Inserted(text) => after.push_str(&text),
                }
            }
            prop_assert_eq!(before, old);
            prop_assert_eq!(after, new);
        }
    }
}
