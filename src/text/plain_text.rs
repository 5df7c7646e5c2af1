//! Articles in plain text, among them text saved from a newspaper's web page.

/// What a plain text file holds.
pub(super) struct PlainText<'a> {
    pub(super) title: &'a str,
    /// What the page's view counter said.
    pub(super) views: i64,
    /// What is left: the paragraphs.
    pub(super) text: &'a str,
}

/// Splits a file (lines ended by LF): the first non-empty line is the title; one or two numbers right
/// under it are the page's counters of comments and views; a last line "Leave a Reply" is dropped.
/// `None` when there is no title.
pub(super) fn split(file: &str) -> Option<PlainText<'_>> {
    let (title, mut text) = first_line(file)?;
    let mut views = 0;
    for _ in 0..2 {
        let Some((number, rest)) =
            first_line(text).and_then(|(line, rest)| Some((counter(line)?, rest)))
        else {
            break;
        };
        views = number;
        text = rest;
    }
    Some(PlainText {
        title,
        views,
        text: without_form_heading(text),
    })
}

/// The first non-empty line, trimmed, and what follows it.
fn first_line(text: &str) -> Option<(&str, &str)> {
    let start = text.len() - text.trim_start().len();
    let (line, rest) = text
        .get(start..)?
        .split_once('\n')
        .unwrap_or((text.get(start..)?, ""));
    (!line.is_empty()).then(|| (line.trim(), rest))
}

/// The number on a line of digits alone, perhaps in groups of three.
fn counter(line: &str) -> Option<i64> {
    let separators = [',', '.', '\u{a0}', '\u{2009}', '\u{202f}'];
    let separator = line.chars().find(|letter| separators.contains(letter));
    let Some(separator) = separator else {
        return digits(line);
    };
    let (first, groups) = line.split_once(separator)?;
    let grouped =
        (1..=3).contains(&first.len()) && groups.split(separator).all(|group| group.len() == 3);
    grouped.then(|| digits(&line.replace(separator, "")))?
}

fn digits(text: &str) -> Option<i64> {
    let all = text.bytes().all(|byte| byte.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

fn without_form_heading(text: &str) -> &str {
    let (before, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text));
    if last.trim().eq_ignore_ascii_case("leave a reply") {
        before
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(file: &str) -> (&str, i64, &str) {
        let split = split(file).expect("a title");
        (split.title, split.views, split.text.trim())
    }

    #[test]
    fn the_first_line_is_the_title() {
        assert_eq!(
            parts("\n \n  The “Wall”…  \n\nText."),
            ("The “Wall”…", 0, "Text.")
        );
        assert!(split(" \n\n").is_none());
        assert!(split("").is_none());
    }

    #[test]
    fn of_two_counters_the_second_counts_views() {
        assert_eq!(parts("Title\n23\n1,204\n\nText."), ("Title", 1204, "Text."));
        assert_eq!(
            parts("Title\n\n23\n\n1.234.567\n\nText."),
            ("Title", 1_234_567, "Text.")
        );
        assert_eq!(
            parts("Title\n0\n12\u{202f}345\nText."),
            ("Title", 12345, "Text.")
        );
    }

    #[test]
    fn a_single_counter_counts_views() {
        assert_eq!(
            parts("Title\n1\u{a0}204\n\nText."),
            ("Title", 1204, "Text.")
        );
    }

    #[test]
    fn other_numbers_are_prose() {
        assert_eq!(parts("Title\n3\n4\n5\nText."), ("Title", 4, "5\nText."));
        for line in [
            "3.5",
            "12,34",
            "1,2345",
            "1,234.567",
            ",123",
            "2 000",
            "No. 5",
            "99999999999999999999",
            "٣",
        ] {
            let file = format!("Title\n{line}\nText.");
            let kept = format!("{line}\nText.");
            assert_eq!(parts(&file), ("Title", 0, kept.as_str()));
        }
    }

    #[test]
    fn the_heading_of_the_form_is_dropped_from_the_end_only() {
        assert_eq!(
            parts("Title\nText.\n\n  LEAVE a reply \n\n"),
            ("Title", 0, "Text.")
        );
        assert_eq!(
            parts("Title\nLeave a Reply\nText."),
            ("Title", 0, "Leave a Reply\nText.")
        );
        assert_eq!(parts("Title\nLeave a Reply"), ("Title", 0, ""));
        assert_eq!(parts("Leave a Reply\nText"), ("Leave a Reply", 0, "Text"));
    }
}
