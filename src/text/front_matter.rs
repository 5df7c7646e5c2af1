//! Front matter: `key: value` lines between `---` lines at the top of a Markdown or HTML file.
//! The simple part of YAML: plain and quoted values, lists for `aliases`, comment lines.

use jiff::tz::TimeZone;

use super::article_file::ArticleFileError;
use super::publication_date;
use super::slug::is_slug;

const KEYS: [&str; 9] = [
    "title",
    "slug",
    "aliases",
    "section",
    "summary",
    "byline",
    "published",
    "updated",
    "comments",
];
/// What other systems call our keys.
const OTHER_NAMES: [(&str, &str); 7] = [
    ("author", "byline"),
    ("category", "section"),
    ("date", "published"),
    ("description", "summary"),
    ("headline", "title"),
    ("modified", "updated"),
    ("permalink", "slug"),
];

/// What the front matter says; empty or `None` where it says nothing.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    pub(super) title: String,
    pub(super) slug: String,
    pub(super) aliases: Vec<String>,
    pub(super) section: String,
    pub(super) summary: String,
    pub(super) byline: String,
    pub(super) published_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    pub(super) open: Option<bool>,
}

/// Splits a file (lines ended by LF) into its front matter and what follows it.
pub(super) fn split<'a>(
    file: &'a str,
    zone: &TimeZone,
) -> Result<(FrontMatter, &'a str), ArticleFileError> {
    let mut matter = FrontMatter::default();
    let (first, mut rest) = next_line(file);
    if first.trim_end() != "---" {
        return Ok((matter, file));
    }
    let mut seen: Vec<String> = Vec::new();
    let mut in_aliases = false;
    for number in 2.. {
        if rest.is_empty() {
            break;
        }
        let (line, after) = next_line(rest);
        rest = after;
        if matches!(line.trim_end(), "---" | "...") {
            return Ok((matter, rest));
        }
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(item) = line.strip_prefix("- ").filter(|_| in_aliases) {
            matter.add_alias(item, number)?;
            continue;
        }
        let (key, value) = line
            .split_once(':')
            .ok_or(ArticleFileError::NotAKey { line: number })?;
        let key = key.trim().to_ascii_lowercase();
        if seen.contains(&key) {
            return Err(ArticleFileError::RepeatedKey { key, line: number });
        }
        in_aliases = key == "aliases";
        matter.set(&key, value.trim(), number, zone)?;
        seen.push(key);
    }
    Err(ArticleFileError::NotClosed)
}

fn next_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

impl FrontMatter {
    fn set(
        &mut self,
        key: &str,
        value: &str,
        line: usize,
        zone: &TimeZone,
    ) -> Result<(), ArticleFileError> {
        match key {
            "title" => self.title = unquote(value),
            "slug" => self.slug = slug(unquote(value), line)?,
            "aliases" => {
                let list = value
                    .strip_prefix('[')
                    .and_then(|list| list.strip_suffix(']'));
                for item in list.unwrap_or(value).split(',') {
                    self.add_alias(item, line)?;
                }
            }
            "section" => self.section = unquote(value),
            "summary" => self.summary = unquote(value),
            "byline" => self.byline = unquote(value),
            "published" => self.published_at = date(&unquote(value), line, zone)?,
            "updated" => self.updated_at = date(&unquote(value), line, zone)?,
            "comments" => self.open = open(unquote(value), line)?,
            _ => {
                return Err(ArticleFileError::UnknownKey {
                    key: key.to_owned(),
                    line,
                    nearest: nearest(key),
                });
            }
        }
        Ok(())
    }

    fn add_alias(&mut self, item: &str, line: usize) -> Result<(), ArticleFileError> {
        let alias = slug(unquote(item.trim()), line)?;
        if !alias.is_empty() && !self.aliases.contains(&alias) {
            self.aliases.push(alias);
        }
        Ok(())
    }
}

/// The value inside its quotes. A value that only starts with a quote is taken as it stands: 'Tis the season.
fn unquote(value: &str) -> String {
    let inside = |quote: char| {
        value
            .strip_prefix(quote)
            .and_then(|value| value.strip_suffix(quote))
    };
    if let Some(single) = inside('\'') {
        return single.replace("''", "'");
    }
    let Some(double) = inside('"') else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(double.len());
    let mut letters = double.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 't') => text.push(' '),
                Some(escaped @ ('"' | '\\' | '/')) => text.push(escaped),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            _ => text.push(letter),
        }
    }
    text
}

fn slug(value: String, line: usize) -> Result<String, ArticleFileError> {
    if value.is_empty() || is_slug(&value) {
        return Ok(value);
    }
    Err(ArticleFileError::BadSlug { slug: value, line })
}

fn date(value: &str, line: usize, zone: &TimeZone) -> Result<Option<i64>, ArticleFileError> {
    if value.is_empty() {
        return Ok(None);
    }
    let moment = publication_date::parse(value, zone);
    moment.map(Some).ok_or_else(|| ArticleFileError::BadDate {
        date: value.to_owned(),
        line,
    })
}

fn open(value: String, line: usize) -> Result<Option<bool>, ArticleFileError> {
    match value.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "open" => Ok(Some(true)),
        "closed" => Ok(Some(false)),
        _ => Err(ArticleFileError::BadComments { value, line }),
    }
}

/// The key that was probably meant.
fn nearest(key: &str) -> &'static str {
    let same = OTHER_NAMES
        .iter()
        .find(|(other, _)| *other == key)
        .map(|(_, ours)| *ours);
    let alike = KEYS
        .into_iter()
        .min_by_key(|known| strsim::damerau_levenshtein(known, key));
    same.or(alike).unwrap_or("title")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str) -> (FrontMatter, &str) {
        split(file, &TimeZone::UTC).expect("front matter")
    }

    fn error(lines: &str) -> String {
        let file = format!("---\n{lines}\n---\nText");
        split(&file, &TimeZone::UTC)
            .expect_err("an error")
            .to_string()
    }

    #[test]
    fn every_key_is_read() {
        let (matter, rest) = read(
            "---\n# For the front page\ntitle: The wall: a history #1\nslug: the-wall\nSection: Local\n\n\
             summary: \"She said \\\"no\\\"\"\nbyline: 'Ada O''Neil'\npublished: 2026-05-12 18:12\n\
             updated: \"2026-05-12T19:12:00Z\"\ncomments: closed\n---\nText\n---\n",
        );
        assert_eq!(matter.title, "The wall: a history #1");
        assert_eq!(
            (matter.slug.as_str(), matter.section.as_str()),
            ("the-wall", "Local")
        );
        assert_eq!(
            (matter.summary.as_str(), matter.byline.as_str()),
            ("She said \"no\"", "Ada O'Neil")
        );
        assert_eq!(matter.published_at, Some(1_778_609_520_000));
        assert_eq!(matter.updated_at, Some(1_778_613_120_000));
        assert_eq!(matter.open, Some(false));
        assert_eq!(rest, "Text\n---\n");
    }

    #[test]
    fn aliases_are_a_list_in_any_of_three_ways() {
        for list in [
            "aliases: [one, \"two\"]",
            "aliases: one, two,one",
            "aliases:\n- one\n  - 'two'",
        ] {
            let file = format!("---\n{list}\n---\n");
            assert_eq!(read(&file).0.aliases, ["one", "two"], "{list}");
        }
    }

    #[test]
    fn a_file_without_front_matter_is_left_alone() {
        for file in ["Text", "", "--\n", "\n---\ntitle: x\n---\n", "----\n"] {
            assert_eq!(read(file).1, file);
        }
    }

    #[test]
    fn a_value_that_starts_with_a_quote_is_kept_as_typed() {
        let (matter, _) =
            read("---\ntitle: 'Tis the season\nsummary: \"Yes\" and no\nsection:\n---");
        assert_eq!(
            (matter.title.as_str(), matter.summary.as_str()),
            ("'Tis the season", "\"Yes\" and no")
        );
        assert_eq!(matter.section, "");
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        assert_eq!(
            error("title: x\ntitel: y"),
            "has the unknown key \"titel\" on line 3; the nearest known key is \"title\""
        );
        assert!(error("author: x").contains("\"byline\""));
        assert!(error("date: x").contains("\"published\""));
        assert!(error("published: soon").contains("\"soon\" on line 2"));
        assert!(error("slug: Not a slug").contains("\"Not a slug\" on line 2"));
        assert!(error("aliases: [ok, Not ok]").contains("\"Not ok\" on line 2"));
        assert!(error("comments: maybe").contains("\"maybe\" on line 2"));
        assert!(error("just words").contains("line 2"));
        assert!(error("title: a\ntitle: b").contains("\"title\" a second time on line 3"));
        assert!(error("title: a\n- b").contains("line 3"));
    }

    #[test]
    fn front_matter_must_be_closed() {
        let error = split("---\ntitle: x\n", &TimeZone::UTC).expect_err("an error");
        assert_eq!(error, ArticleFileError::NotClosed);
        assert!(split("---", &TimeZone::UTC).is_err());
    }
}
