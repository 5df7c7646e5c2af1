//! What the documents say of files, tests, figures and commands is so.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::{Client, Engine, Server};

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

fn documents() -> Vec<PathBuf> {
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
    documents
}

#[test]
fn every_document_that_is_named_is_there() {
    for document in documents() {
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

#[test]
fn every_figure_that_is_named_is_served() {
    let server = Server::with(Engine::Sqlite, &[("metrics.listen", "127.0.0.1:0")]);
    let monitor = Client::new(&format!("http://{}", server.metrics.unwrap()));
    let told = monitor.get("/metrics").body;
    let served: BTreeSet<&str> = told
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    // Families of labels that nothing was counted under have no line yet; a histogram's lines have endings.
    let announced: BTreeSet<&str> = told
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect();
    let mut count = 0;
    for document in documents() {
        let text = read(document.to_str().unwrap());
        for (at, _) in text.match_indices("rejoinder_") {
            let name: String = text[at..]
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || matches!(c, '_' | '0'..='9'))
                .collect();
            let family = name.strip_suffix("_total").unwrap_or(&name);
            let there = served.contains(name.as_str()) || announced.contains(family);
            assert!(there, "{} names {name}", document.display());
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

/// The tests of a suite as their filters see them: modules and names.
fn tests_of(suite: &str) -> Vec<String> {
    let folder = root().join("tests").join(suite);
    let mut open = vec![folder.clone(), folder.with_extension("rs")];
    let mut tests = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|ending| ending == "rs") && path.exists() {
            let module = path.with_extension("");
            let module = module.strip_prefix(&folder).unwrap_or(Path::new(""));
            let module = module.to_str().unwrap().replace('/', "::");
            let source = fs::read_to_string(&path).unwrap();
            tests.extend(source.split("#[test]").skip(1).map(|after| {
                let name = after.split("fn ").nth(1).unwrap();
                format!("{module}::{}", name.split('(').next().unwrap())
            }));
        }
    }
    tests
}

#[test]
fn every_command_that_runs_a_test_names_one_that_is_there() {
    let mut count = 0;
    for document in documents() {
        let text = read(document.to_str().unwrap());
        for command in text.split("cargo test").skip(1) {
            let command = command.split(['`', '\n']).next().unwrap();
            let mut words = command.split_whitespace();
            if words.next() != Some("--test") {
                continue;
            }
            let suite = words.next().unwrap();
            let tests = tests_of(suite);
            let named = format!("{}: cargo test{command}", document.display());
            assert!(!tests.is_empty(), "{named}: there is no such suite");
            if let Some(filter) = words.next().filter(|word| !word.starts_with('-')) {
                let there = tests.iter().any(|test| test.contains(filter));
                assert!(there, "{named}: no test of {suite} is called so");
            }
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}
