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

/// The cells of the rows of all its tables.
fn rows(document: &str) -> Vec<Vec<&str>> {
    let rows = document.lines().filter(|line| line.starts_with("| "));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// Holds that each test that is named there as `file::test` is in that file, in `tests/` where nothing else is said; how many are.
#[track_caller]
fn assert_tests(document: &str, text: &str) -> usize {
    let quoted = quoted(text);
    let named: Vec<_> = quoted
        .iter()
        .filter_map(|text| text.split_once("::"))
        .collect();
    for (file, test) in &named {
        let path = match file.starts_with("src/") {
            true => format!("{file}.rs"),
            false => format!("tests/{file}.rs"),
        };
        let there = read(&path).contains(&format!("fn {test}("));
        assert!(there, "{document} names {test}, which {path} has not");
    }
    named.len()
}

#[test]
fn every_test_that_security_names_is_there() {
    let named = assert_tests("SECURITY.md", &read("SECURITY.md"));
    assert!(named > 50, "{named}");
}

#[test]
fn every_attack_names_tests_that_are_there_and_how_they_were_seen_red() {
    let document = read("docs/ATTACKS.md");
    let attacks: Vec<_> = rows(&document).into_iter().skip(1).collect();
    assert!(attacks.len() > 30, "{}", attacks.len());
    for row in attacks {
        let [attack, _, tests, seen_red] = row[..] else {
            panic!("{row:?}");
        };
        assert!(assert_tests("docs/ATTACKS.md", tests) > 0, "{attack}");
        assert!(!tests.contains('…') && !seen_red.is_empty(), "{attack}");
    }
}

/// The requirements of OWASP ASVS 5.0 that apply, as SECURITY.md puts them together.
const ASVS: [&str; 40] = [
    "1.1.1, 1.1.2",
    "1.2.1–1.2.3",
    "1.2.4, 1.2.9",
    "1.2.10",
    "1.3.3, 1.3.5, 1.3.7",
    "1.3.11",
    "1.4.2, 2.2.2, 2.2.3",
    "2.2.1",
    "2.3.1–2.3.4",
    "2.4.1",
    "3.2.1, 3.2.2, 4.1.1",
    "3.3.1–3.3.4",
    "3.4.1",
    "3.4.2–3.4.6, 3.4.8",
    "3.5.1, 3.5.3",
    "3.5.8",
    "3.7.2",
    "4.1.3, 15.3.4",
    "4.2.1",
    "6.1.1, 6.3.1",
    "6.3.8",
    "6.2.1–6.2.9, 6.2.12",
    "6.3.2, 6.4.1",
    "7.1.1, 7.3.1, 7.3.2",
    "7.2.1–7.2.4",
    "7.4.1–7.4.5, 8.3.2",
    "8.2.1–8.2.3",
    "15.3.1, 15.3.3, 15.3.7",
    "11.4.2",
    "11.5.1",
    "13.1.2, 13.1.3",
    "13.4.2–13.4.5",
    "14.2.1, 14.3.1, 14.3.2",
    "14.2.2",
    "15.1.2",
    "15.1.3, 15.2.2",
    "15.4.1–15.4.4",
    "16.1–16.3",
    "16.4",
    "16.5",
];

#[test]
fn every_requirement_has_a_test_or_a_reason() {
    let document = read("SECURITY.md");
    let rows = rows(&document);
    let requirements: Vec<_> = rows
        .iter()
        .filter(|row| row[0].starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let numbers = requirements.iter().map(|row| {
        let is_title = |c: char| c.is_alphabetic() || c == '(';
        row[0].split(is_title).next().unwrap().trim()
    });
    assert_eq!(numbers.collect::<Vec<_>>(), ASVS);
    for row in requirements {
        let shown = row[2];
        assert!(
            shown.contains("::") || shown.starts_with("docs/"),
            "{row:?}"
        );
    }
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
    let asked = [("accept", "application/openmetrics-text")];
    let told = monitor.get_with("/metrics", &asked).body;
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
        let ours = text.match_indices("rejoinder_").map(|(at, _)| at);
        let everyones = text.match_indices("`process_").map(|(at, _)| at + 1);
        for at in ours.chain(everyones) {
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
            let command = command.split(['`', '\n', '#']).next().unwrap();
            let mut words = command.split_whitespace();
            if words.next() != Some("--test") {
                continue;
            }
            let suite = words.next().unwrap();
            let tests = tests_of(suite);
            let named = format!("{}: cargo test{command}", document.display());
            assert!(!tests.is_empty(), "{named}: there is no such suite");
            // Also behind `--`, where more than one may stand.
            for filter in words.filter(|word| !word.starts_with('-')) {
                let there = tests.iter().any(|test| test.contains(filter));
                assert!(there, "{named}: no test of {suite} is called so");
            }
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}
