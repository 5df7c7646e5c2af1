//! What the program is built from: every dependency comes from crates.io with a checksum, under a licence that lets everybody
//! use the whole. The same question as `cargo deny check licenses sources`, without building that first.

use std::process::Command;

use serde_json::Value;

/// Licences that ask for no more than their text beside the program. MPL-2.0 asks for the source of its own files where
/// these are changed: ours are as crates.io has them.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PostgreSQL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn output(program: &str, arguments: &[&str]) -> String {
    let told = Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{program} {arguments:?}: {said}");
    String::from_utf8(told.stdout).unwrap()
}

/// Every package that is built here, ours among them.
fn packages() -> Vec<Value> {
    let version = output("rustc", &["-vV"]);
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let told = output(
        &cargo,
        &[
            "metadata",
            "--format-version=1",
            "--locked",
            "--offline",
            "--filter-platform",
            host,
        ],
    );
    let metadata: Value = serde_json::from_str(&told).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether an SPDX expression can be met with allowed licences alone. A slash is an older way to write OR; an exception of
/// WITH only permits more.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (allowed, rest) = either(&words);
    allowed && rest.is_empty()
}

fn either<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    let (mut allowed, mut rest) = both(words);
    while let ["OR", after @ ..] = rest {
        let (next, after) = both(after);
        (allowed, rest) = (allowed || next, after);
    }
    (allowed, rest)
}

fn both<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    let (mut allowed, mut rest) = one(words);
    while let ["AND", after @ ..] = rest {
        let (next, after) = one(after);
        (allowed, rest) = (allowed && next, after);
    }
    (allowed, rest)
}

fn one<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inside @ ..] => match either(inside) {
            (allowed, [")", rest @ ..]) => (allowed, rest),
            (_, rest) => (false, rest),
        },
        [name, "WITH", _, rest @ ..] | [name, rest @ ..] => (ALLOWED.contains(name), rest),
        [] => (false, words),
    }
}

#[test]
fn every_dependency_may_be_used_by_everybody() {
    let packages = packages();
    assert!(packages.len() > 100, "{}", packages.len());
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_allowed))
        .map(|package| {
            format!(
                "{} {}: {}",
                package["name"], package["version"], package["license"]
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_comes_from_crates_io_with_its_checksum() {
    let ours = packages()
        .into_iter()
        .filter(|package| package["source"] != CRATES_IO)
        .map(|package| package["name"].clone());
    assert_eq!(ours.collect::<Vec<_>>(), ["rejoinder"]);

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
    let lock: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for package in lock["package"].as_array().unwrap() {
        let source = package.get("source").and_then(toml::Value::as_str);
        let is_ours = package["name"].as_str() == Some("rejoinder");
        assert!(is_ours || source == Some(CRATES_IO), "{package}");
        assert!(is_ours || package.get("checksum").is_some(), "{package}");
    }
}

#[test]
fn licences_are_read_as_they_are_meant() {
    for allowed in [
        "MIT",
        "MIT/Apache-2.0",
        "Apache-2.0 OR GPL-2.0-only",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR MIT",
    ] {
        assert!(is_allowed(allowed), "{allowed}");
    }
    for refused in [
        "",
        "GPL-3.0-or-later",
        "MIT AND GPL-2.0-only",
        "AGPL-3.0 OR SSPL-1.0",
        "(MIT",
        "MIT Apache-2.0",
    ] {
        assert!(!is_allowed(refused), "{refused}");
    }
}
