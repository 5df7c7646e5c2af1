//! Article files: whatever is in them, they are read or refused with a sentence, and what is read can be published.

use proptest::prelude::*;
use rejoinder::text::{ArticleFile, Format, is_slug, read};
use rejoinder::time::Zone;

use super::{corpus, hold};

const FORMATS: [Format; 3] = [Format::Markdown, Format::Html, Format::Text];

fn hold_to_rules(bytes: &[u8], stem: &str) -> Result<(), TestCaseError> {
    let zone = Zone::utc();
    for format in FORMATS {
        match read(bytes, format, stem, zone.rules()) {
            Ok(file) => hold_file(&file)?,
            Err(error) => {
                let said = error.to_string();
                prop_assert!(!said.is_empty() && !said.contains('\0'), "{:?}", said);
            }
        }
    }
    Ok(())
}

fn hold_file(file: &ArticleFile) -> Result<(), TestCaseError> {
    prop_assert!(!file.title.trim().is_empty());
    prop_assert!(
        file.slug.is_empty() || is_slug(&file.slug),
        "{:?}",
        file.slug
    );
    for alias in &file.aliases {
        prop_assert!(is_slug(alias) && *alias != file.slug, "{:?}", alias);
    }
    prop_assert!(file.view_count >= 0);
    let html = file.body.as_str();
    let low = html.to_ascii_lowercase();
    prop_assert!(
        !low.contains("<script") && !low.contains("<style") && !low.contains("<iframe"),
        "{}",
        html
    );
    let all = [&file.title, &file.section, &file.summary, &file.byline];
    prop_assert!(
        all.iter()
            .all(|text| !text.contains('\0') && !text.contains('\n')),
        "{:?}",
        all
    );
    Ok(())
}

/// Front matter of known and unknown keys, and a body.
fn file() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "title",
        "slug",
        "aliases",
        "section",
        "summary",
        "byline",
        "published",
        "updated",
        "comments",
        "author",
        "date",
        "Title",
        "unknown",
        "",
        "- x",
        "#",
    ]);
    let value = prop::sample::select(vec![
        "The ferry",
        "'single'",
        "\"double\"",
        "\"open",
        "'",
        "[a, b-c, 'd']",
        "[",
        "[,,]",
        "]",
        "ferry",
        "Über",
        "../x",
        "-a-",
        "open",
        "closed",
        "maybe",
        "2026-05-12",
        "2026-05-12 19:12",
        "2026-05-12T19:12:00+01:00",
        "2026-02-30",
        "9999-12-31T23:59:59Z",
        "-9999-01-01",
        "99999-01-01",
        "0000-00-00",
        "2026-03-29 01:30",
        ": :",
        "| x",
        "&a *b",
        "{a: b}",
        "\u{202e}x",
        "\\n",
        "",
    ]);
    let line = (
        key,
        value,
        prop::sample::select(vec![": ", ":", " : ", "", ":\t"]),
    )
        .prop_map(|(key, value, colon)| format!("{key}{colon}{value}\n"));
    let lines = prop::collection::vec(line, 0..7).prop_map(|lines| lines.concat());
    let edge = || {
        prop::sample::select(vec![
            "---\n",
            "---\r\n",
            "--- \n",
            "...\n",
            "",
            "\u{feff}---\n",
            "----\n",
        ])
    };
    let body = prop::sample::select(vec![
        "",
        "Text.",
        "# Title\n\nText.",
        "Title\n===\n\nText",
        "> # Quoted",
        "<title>T</title><h1>T</h1><p>Text<script>x</script>",
        "Title\n23\n1,204\n\nText\n\nLeave a Reply",
        "Title\n99999999999999999999\n\nText",
        "Title\n1\n2\n3\n\nText",
        "<html><head><title></title><meta name=author content='A\"B'>",
        "<p>\0</p>",
        "---\n",
    ]);
    (edge(), lines, edge(), body)
        .prop_map(|(open, lines, close, body)| format!("{open}{lines}{close}{body}"))
}

#[test]
fn any_file_is_read_whole_or_refused_with_a_sentence() {
    for text in corpus() {
        for file in [
            text.clone(),
            format!("---\ntitle: {text}\n---\n{text}\n"),
            format!(
                "---\nsummary: \"{text}\"\nbyline: '{text}'\naliases: [{text}]\n---\n# {text}\n"
            ),
            format!(
                "<title>{text}</title><meta name=description content=\"{text}\"><article>{text}</article>"
            ),
            format!("{text}\n12\n\n{text}\n\nLeave a Reply"),
        ] {
            hold_to_rules(file.as_bytes(), &text).unwrap();
        }
    }
    hold((file(), "[ -~é]{0,12}"), |(file, stem)| {
        hold_to_rules(file.as_bytes(), &stem)
    });
    hold(prop::collection::vec(any::<u8>(), 0..200), |bytes| {
        hold_to_rules(&bytes, "stem")
    });
}

#[test]
fn front_matter_that_is_cut_anywhere_is_no_trap() {
    let whole = "---\ntitle: \"The ‘ferry’\"\nslug: ferry\naliases: [boat, 'ship']\npublished: 2026-05-12T19:12:00+01:00\ncomments: closed\n---\n# Text\n\n*More*.\n";
    for end in 0..=whole.len() {
        hold_to_rules(&whole.as_bytes()[..end], "stem").unwrap();
    }
}
