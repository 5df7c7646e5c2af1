//! Holds the house to its own rules: who may import whom, how long a file is, where `|safe` stands, the twin migrations.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder or file of `src/`, and what of ours it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("moderation", &[]),
    ("text", &[]),
    ("store", &["moderation", "text", "time"]),
    ("pages", &["time"]),
    ("views", &["store", "moderation", "text", "time"]),
    ("config", &["moderation", "store", "time", "views"]),
    ("passwords", &[]),
    ("second_factor", &[]),
    (
        "telemetry",
        &["config", "moderation", "pages", "store", "time"],
    ),
    ("app", &["config", "pages", "store", "telemetry", "views"]),
    (
        "web",
        &[
            "app",
            "config",
            "moderation",
            "pages",
            "passwords",
            "second_factor",
            "store",
            "telemetry",
            "text",
            "time",
            "views",
        ],
    ),
    (
        "jobs",
        &["app", "moderation", "pages", "store", "text", "time"],
    ),
    (
        "cli",
        &[
            "app",
            "config",
            "jobs",
            "moderation",
            "passwords",
            "store",
            "telemetry",
            "text",
            "time",
            "views",
            "web",
        ],
    ),
];

/// Crates that one folder alone may use.
const ONLY_HERE: &[(&str, &[&str])] = &[
    ("diesel", &["store"]),
    ("diesel_migrations", &["store"]),
    ("r2d2", &["store"]),
    ("actix_web", &["web"]),
    ("actix_http", &["web"]),
    ("actix_server", &["web"]),
    ("actix_service", &["web"]),
    ("askama", &["views"]),
    ("fluent_templates", &["views"]),
    ("ammonia", &["text"]),
    ("pulldown_cmark", &["text"]),
    ("argon2", &["passwords"]),
    ("totp_rs", &["second_factor"]),
    ("qrcodegen", &["views"]),
    ("moka", &["pages"]),
    ("prometheus_client", &["telemetry"]),
    ("clap", &["cli", "main"]),
];

const LONGEST: usize = 400;

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|known| known == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{ending} in {folder}");
    found
}

/// The room of a file: the first part of its path below `src/`.
fn room(path: &Path) -> String {
    let below = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap();
    let first = below.components().next().unwrap().as_os_str();
    first.to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The names that follow `prefix` anywhere in the code, comments aside.
fn names_after(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
    {
        for (at, _) in line.match_indices(prefix) {
            let rest = &line[at + prefix.len()..];
            if let Some(list) = rest.strip_prefix('{') {
                names.extend(list.split(',').map(first_word));
            } else {
                names.insert(first_word(rest));
            }
        }
    }
    names.remove("");
    names
}

fn first_word(text: &str) -> String {
    text.trim()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn arrows_never_point_back_up() {
    let rooms: BTreeSet<&str> = MAY_USE.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let room = room(&path);
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(known, _)| *known == room)
            .unwrap_or_else(|| panic!("`{room}` has no line in the table"));
        for used in names_after(&fs::read_to_string(&path).unwrap(), "crate::") {
            let foreign = rooms.contains(used.as_str()) && used != room;
            if foreign && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_great_library_has_one_room() {
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let room = room(&path);
        let code = fs::read_to_string(&path).unwrap();
        for (library, homes) in ONLY_HERE {
            let uses = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .any(|line| {
                    line.match_indices(&format!("{library}::")).any(|(at, _)| {
                        !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                    })
                });
            if uses && !homes.contains(&room.as_str()) {
                wrong.push(format!("{} uses {library}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_noun() {
    let mut long = Vec::new();
    let ours = [
        ("src", "rs"),
        ("tests", "rs"),
        ("benches", "rs"),
        ("templates", "html"),
        ("static", "css"),
        ("static", "js"),
    ];
    for path in ours
        .iter()
        .flat_map(|(folder, ending)| files(folder, ending))
    {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        if lines > LONGEST {
            long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn only_markup_of_ours_goes_unescaped() {
    for path in files("templates", "html") {
        let template = fs::read_to_string(&path).unwrap();
        for (at, _) in template.match_indices("|safe") {
            let opened = template[..at].rfind("{{").unwrap();
            let expression = template[opened + 2..at].trim();
            assert!(
                expression.starts_with("super::markup(") && expression.ends_with(')'),
                "{}: {expression}|safe",
                path.display()
            );
        }
        for marker in [
            "<style", " style=", "<script>", " onclick", " onload", "=\"http", "=http",
        ] {
            // The names of a vocabulary are no addresses: nothing is fetched from there.
            let addresses = template.replace("https://schema.org/", "");
            assert!(!addresses.contains(marker), "{}: {marker}", path.display());
        }
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(engine);
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn nothing_is_left_open_in_the_code() {
    let marks = [
        "TODO",
        "FIXME",
        "XXX",
        "todo!(",
        "unimplemented!(",
        "#[ignore",
    ];
    for path in files("src", "rs") {
        let code = fs::read_to_string(&path).unwrap();
        for mark in marks {
            assert!(!code.contains(mark), "{}: {mark}", path.display());
        }
    }
}

#[test]
fn nothing_that_runs_unwraps() {
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let code = fs::read_to_string(&path).unwrap();
        let is_test = path.to_string_lossy().ends_with("tests.rs")
            || path.ends_with("fixtures.rs")
            || path.ends_with("text/hostile.rs");
        if is_test {
            continue;
        }
        let running = code.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in running.lines().enumerate() {
            let comment = line.trim_start().starts_with("//");
            if !comment && (line.contains(".unwrap()") || line.contains(".expect(")) {
                wrong.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
