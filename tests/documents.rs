//! What the documents say of files and tests is so.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands between backticks, outside of blocks of code.
fn quoted(document: &str) -> Vec<String> {
    let mut quoted = Vec::new();
    for (number, part) in document.split("```").enumerate() {
        if number % 2 == 0 {
            quoted.extend(part.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    quoted
}

#[test]
fn every_test_that_security_names_is_there() {
    let named: Vec<_> = quoted(&read("SECURITY.md"))
        .into_iter()
        .filter_map(|text| {
            let (file, test) = text.split_once("::")?;
            Some((file.to_owned(), test.to_owned()))
        })
        .collect();
    assert!(named.len() > 50, "{}", named.len());
    for (file, test) in named {
        let path = match file.strip_prefix("src/") {
            Some(_) => format!("{file}.rs"),
            None => format!("tests/{file}.rs"),
        };
        let there = read(&path).contains(&format!("fn {test}("));
        assert!(there, "SECURITY.md names {test}, which {path} has not");
    }
}

#[test]
fn every_requirement_has_a_test_or_a_reason() {
    let document = read("SECURITY.md");
    let rows = document.lines().filter(|line| {
        line.strip_prefix("| ")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let mut count = 0;
    for row in rows {
        let shown = row.trim_end_matches(" |").rsplit_once(" | ").unwrap().1;
        assert!(shown.contains("::") || shown.starts_with("docs/"), "{row}");
        count += 1;
    }
    assert!(count > 30, "{count}");
}

#[test]
fn every_document_that_is_named_is_there() {
    let mut documents = vec![
        PathBuf::from("README.md"),
        "CONTRIBUTING.md".into(),
        "SECURITY.md".into(),
    ];
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            documents.push(path);
        }
    }
    for document in documents {
        let text = read(document.to_str().unwrap());
        for (at, _) in text.match_indices("docs/") {
            let name: String = text[at..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-'))
                .collect();
            let name = name.trim_end_matches('.');
            if name.ends_with(".md") || name.ends_with(".png") {
                assert!(
                    root().join(name).exists(),
                    "{} names {name}",
                    document.display()
                );
            }
        }
    }
}
