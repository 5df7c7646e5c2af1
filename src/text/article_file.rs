//! One article read from the bytes of a file: Markdown, HTML or plain text.

use std::ops::Range;
use std::path::Path;

use jiff::tz::TimeZone;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::excerpt::fold;
use super::front_matter::{self, FrontMatter};
use super::one_line::unix_lines;
use super::safe_html::SafeHtml;
use super::slug::{is_slug, slugify};
use super::{html_page, markdown, paragraphs, plain_text, sanitize};

/// What a file says of an article; empty or `None` where it says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleFile {
    pub slug: String,
    /// The slug stands in the front matter, and was not made of the file's name or the title.
    pub slug_given: bool,
    pub aliases: Vec<String>,
    pub section: String,
    pub title: String,
    pub summary: String,
    pub byline: String,
    /// Milliseconds since 1970 UTC.
    pub published_at: Option<i64>,
    /// Milliseconds since 1970 UTC.
    pub updated_at: Option<i64>,
    /// Whether the article takes replies.
    pub open: Option<bool>,
    /// Views to start from.
    pub view_count: i64,
    pub body: SafeHtml,
}

/// How an article file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Html,
    Text,
}

impl Format {
    /// The format that a file's extension names; `None` if it is no article.
    pub fn of(path: &Path) -> Option<Format> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "md" | "markdown" => Some(Format::Markdown),
            "html" | "htm" => Some(Format::Html),
            "txt" => Some(Format::Text),
            _ => None,
        }
    }
}

/// Why a file cannot be an article. Each reads on from the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArticleFileError {
    #[error("is not UTF-8 text (first bad byte at {at})")]
    NotUtf8 { at: usize },
    #[error("has a NUL character at byte {at}, which no text has")]
    Nul { at: usize },
    #[error("has no title")]
    NoTitle,
    #[error("has a title but no text")]
    NoText,
    #[error("has front matter that is not closed by a line \"---\"")]
    NotClosed,
    #[error("has front matter that is not \"key: value\" on line {line}")]
    NotAKey { line: usize },
    #[error("has the unknown key \"{key}\" on line {line}; the nearest known key is \"{nearest}\"")]
    UnknownKey {
        key: String,
        line: usize,
        nearest: &'static str,
    },
    #[error("has the key \"{key}\" a second time on line {line}")]
    RepeatedKey { key: String, line: usize },
    #[error(
        "has the date \"{date}\" on line {line}; write it like 2026-05-12, 2026-05-12 19:12 or 2026-05-12T19:12:00+01:00"
    )]
    BadDate { date: String, line: usize },
    #[error(
        "has the slug \"{slug}\" on line {line}; a slug is up to 100 of a-z, 0-9 and dashes, with no dash at either end"
    )]
    BadSlug { slug: String, line: usize },
    #[error("has comments \"{value}\" on line {line}; it can be open or closed")]
    BadComments { value: String, line: usize },
}

/// Reads an article. `file_stem` is the file's name without its extension, `zone` that of dates
/// written without one.
pub fn read(
    bytes: &[u8],
    format: Format,
    file_stem: &str,
    zone: &TimeZone,
) -> Result<ArticleFile, ArticleFileError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ArticleFileError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    if let Some(at) = text.find('\0') {
        return Err(ArticleFileError::Nul { at });
    }
    let text = unix_lines(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut file = match format {
        Format::Markdown => read_markdown(&text, zone)?,
        Format::Html => read_html(&text, zone)?,
        Format::Text => read_text(&text)?,
    };
    if file.slug.is_empty() {
        file.slug = if is_slug(file_stem) {
            file_stem.to_owned()
        } else {
            slugify(&file.title)
        };
    }
    file.aliases.retain(|alias| *alias != file.slug);
    Ok(file)
}

fn read_markdown(text: &str, zone: &TimeZone) -> Result<ArticleFile, ArticleFileError> {
    let (mut matter, rest) = front_matter::split(text, zone)?;
    let mut body = rest.to_owned();
    if let Some((title, range)) = first_heading(rest) {
        let leads = rest
            .get(..range.start)
            .is_some_and(|before| before.trim().is_empty());
        if matter.title.is_empty() || (leads && fold(&matter.title) == title) {
            body.replace_range(range, "\n\n");
            matter.title = title;
        }
    }
    from_matter(matter, markdown::article(&body))
}

/// The first heading of level one outside quotes and lists, and where it is.
fn first_heading(source: &str) -> Option<(String, Range<usize>)> {
    let mut open = 0_usize;
    let mut found: Option<Range<usize>> = None;
    let mut title = String::new();
    for (event, range) in Parser::new(source).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) if open == 0 => found = Some(range),
            Event::End(TagEnd::Heading(_)) if found.is_some() => break,
            Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => open += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => open = open.saturating_sub(1),
            Event::Text(text) | Event::Code(text) if found.is_some() => title.push_str(&text),
            Event::SoftBreak | Event::HardBreak if found.is_some() => title.push(' '),
            _ => {}
        }
    }
    Some((fold(&title), found?))
}

fn read_html(text: &str, zone: &TimeZone) -> Result<ArticleFile, ArticleFileError> {
    let (mut matter, rest) = front_matter::split(text, zone)?;
    let page = html_page::read(rest, &matter.title);
    matter.title = page.title;
    if matter.summary.is_empty() {
        matter.summary = page.summary;
    }
    if matter.byline.is_empty() {
        matter.byline = page.byline;
    }
    from_matter(matter, sanitize::article_html(&page.body))
}

fn read_text(text: &str) -> Result<ArticleFile, ArticleFileError> {
    let split = plain_text::split(text).ok_or(ArticleFileError::NoTitle)?;
    let body = paragraphs::paragraphs(split.text);
    if body.as_str().is_empty() {
        return Err(ArticleFileError::NoText);
    }
    let matter = FrontMatter {
        title: split.title.to_owned(),
        ..FrontMatter::default()
    };
    let file = from_matter(matter, body)?;
    Ok(ArticleFile {
        view_count: split.views,
        ..file
    })
}

fn from_matter(matter: FrontMatter, body: SafeHtml) -> Result<ArticleFile, ArticleFileError> {
    if matter.title.trim().is_empty() {
        return Err(ArticleFileError::NoTitle);
    }
    Ok(ArticleFile {
        slug_given: !matter.slug.is_empty(),
        slug: matter.slug,
        aliases: matter.aliases,
        section: matter.section,
        title: matter.title,
        summary: matter.summary,
        byline: matter.byline,
        published_at: matter.published_at,
        updated_at: matter.updated_at,
        open: matter.open,
        view_count: 0,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(format: Format, stem: &str, text: &str) -> Result<ArticleFile, ArticleFileError> {
        read(text.as_bytes(), format, stem, &TimeZone::UTC)
    }

    fn markdown_file(text: &str) -> ArticleFile {
        read_as(Format::Markdown, "the-file", text).expect("an article")
    }

    #[test]
    fn the_extension_names_the_format() {
        for (path, format) in [
            ("a.md", Some(Format::Markdown)),
            ("b/a.MARKDOWN", Some(Format::Markdown)),
            ("a.htm", Some(Format::Html)),
            ("a.Html", Some(Format::Html)),
            ("a.txt", Some(Format::Text)),
            ("a.png", None),
            ("README", None),
            (".md", None),
        ] {
            assert_eq!(Format::of(Path::new(path)), format, "{path}");
        }
    }

    #[test]
    fn markdown_with_front_matter_is_read() {
        let file = markdown_file(
            "\u{feff}---\r\ntitle: The Wall\r\nslug: wall\r\naliases: [old-wall, wall]\r\ncomments: open\r\n---\r\n\r\n# The Wall\r\n\r\nOne *two*.\r\n",
        );
        assert_eq!(
            (file.title.as_str(), file.slug.as_str()),
            ("The Wall", "wall")
        );
        assert!(file.slug_given);
        assert_eq!(file.aliases, ["old-wall"]);
        assert_eq!(file.open, Some(true));
        assert_eq!(file.body.as_str().trim(), "<p>One <em>two</em>.</p>");
    }

    #[test]
    fn markdown_without_a_title_takes_its_first_heading() {
        let file = markdown_file("Before\n# The `Wall` &amp; *us*\nAfter\n\n# Second\n");
        assert_eq!(file.title, "The Wall & us");
        assert_eq!(file.slug, "the-file");
        assert!(!file.slug_given);
        assert_eq!(
            file.body.as_str().trim(),
            "<p>Before</p>\n<p>After</p>\n<h2>Second</h2>"
        );
        assert_eq!(markdown_file("The Wall\n===\nText").title, "The Wall");
    }

    #[test]
    fn markdown_may_have_no_text_but_not_no_title() {
        assert_eq!(markdown_file("# Title").body.as_str().trim(), "");
        for text in [
            "",
            "Text",
            "## Second",
            "> # Quoted",
            "---\ntitle:\n---\nText",
        ] {
            assert_eq!(
                read_as(Format::Markdown, "a", text),
                Err(ArticleFileError::NoTitle),
                "{text}"
            );
        }
    }

    #[test]
    fn a_file_name_that_is_no_slug_gives_way_to_the_title() {
        let file =
            read_as(Format::Text, "Saved page (1)", "Über Mauern\n\nText").expect("an article");
        assert_eq!(file.slug, "uber-mauern");
    }

    #[test]
    fn html_is_read() {
        let file = read_as(
            Format::Html,
            "page",
            "---\nsection: Local\n---\n<title>The Wall</title><meta name=author content=Ada><article><h1>The Wall</h1><p onclick=x>One<script>2</script></p></article>",
        )
        .expect("an article");
        assert_eq!(
            (
                file.title.as_str(),
                file.section.as_str(),
                file.byline.as_str()
            ),
            ("The Wall", "Local", "Ada")
        );
        assert_eq!(file.body.as_str(), "<p>One</p>");
        assert_eq!(
            read_as(Format::Html, "page", "<p>Text</p>"),
            Err(ArticleFileError::NoTitle)
        );
    }

    #[test]
    fn the_title_of_a_page_without_marks_is_not_in_its_body() {
        let file = read_as(
            Format::Html,
            "page",
            "<head><title>T</title></head><p>Text</p>",
        )
        .expect("an article");
        assert_eq!(file.body.as_str(), "<p>Text</p>");
    }

    #[test]
    fn text_saved_from_a_web_page_is_read() {
        let file = read_as(
            Format::Text,
            "wall",
            "The “Wall”…\r\n\r\n23\r\n1,204\r\n\r\nCafe\u{301} & <b>\r\nsecond line\r\n\r\nLast.\r\n\r\nLeave a Reply",
        )
        .expect("an article");
        assert_eq!(
            (file.title.as_str(), file.view_count),
            ("The “Wall”…", 1204)
        );
        assert_eq!(
            file.body.as_str(),
            "<p>Cafe\u{301} &amp; &lt;b&gt;<br>\nsecond line</p>\n<p>Last.</p>\n"
        );
    }

    #[test]
    fn text_needs_a_title_and_paragraphs() {
        assert_eq!(
            read_as(Format::Text, "a", "\n \n"),
            Err(ArticleFileError::NoTitle)
        );
        for text in ["Title", "Title\n12\n30\n\nLeave a Reply\n"] {
            let error = read_as(Format::Text, "a", text).expect_err("an error");
            assert_eq!(error.to_string(), "has a title but no text");
        }
    }

    #[test]
    fn what_is_not_text_is_refused_by_its_place() {
        let error =
            read(b"Title\n\ncaf\xe9", Format::Text, "a", &TimeZone::UTC).expect_err("an error");
        assert_eq!(
            error.to_string(),
            "is not UTF-8 text (first bad byte at 10)"
        );
        let error = read(b"Title\n\n\0", Format::Text, "a", &TimeZone::UTC).expect_err("an error");
        assert_eq!(error, ArticleFileError::Nul { at: 7 });
    }
}
