//! `rejoinder erase`, `rejoinder export --person`

use crate::program::Folder;

/// A folder where Quillon has replied twice and reported once, and Bo has replied.
fn newsroom() -> Folder {
    let folder = Folder::new();
    folder.write("ferry.md", "# The ferry\n\nText.\n");
    assert_eq!(folder.run(&["seed", "ferry.md"]).code, 0);
    folder.write("rejoinder.toml", "[replies]\nhold = \"none\"\n");
    let server = folder.serve();
    for (name, email, body) in [
        (
            "Quillon Featherby",
            "quillon@birds.example",
            "The gullunion.",
        ),
        ("Bo", "bo@a.example", "The tram."),
        (
            "Quillon Featherby",
            "Quillon@birds.example",
            "A plumagefact.",
        ),
    ] {
        let fields = [
            ("name", name),
            ("email", email),
            ("body", body),
            ("do", "send"),
        ];
        let address = format!("{}/articles/ferry/replies", server.base);
        let sent = ureq::post(&address)
            .header("origin", &server.base)
            .send_form(fields)
            .unwrap();
        assert_eq!(sent.status(), 200);
    }
    server.ask_to_stop();
    drop(server);
    folder
}

fn counts(run: &crate::program::Run) -> Vec<String> {
    assert_eq!(run.code, 0, "{}", run.err);
    run.out.lines().map(str::to_owned).collect()
}

fn holds(folder: &Folder, words: &str) -> bool {
    ["rejoinder.db", "rejoinder.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(folder.path(name)).unwrap_or_default();
        bytes
            .windows(words.len())
            .any(|window| window == words.as_bytes())
    })
}

const TRACES: [&str; 6] = [
    "Quillon",
    "quillon@birds.example",
    "gullunion",
    "plumagefact",
    "llunion",
    "magefact",
];

#[test]
fn a_person_is_counted_exported_and_erased() {
    let folder = newsroom();
    let email = ["--email", "quillon@birds.example"];
    let run = |command: &[&str]| folder.run(&[command, &email[..]].concat());
    let dry = counts(&run(&["erase", "--dry-run"]));
    assert_eq!(dry[0], "would erase\t2\tcomments");
    assert_eq!(dry.len(), 7);
    let dry = counts(&run(&["export", "--person", "--dry-run"]));
    assert_eq!(dry[0], "would export\t2\tcomments");
    for trace in TRACES {
        assert!(holds(&folder, trace), "{trace}");
    }
    let export = run(&["export", "--person", "--format", "json"]);
    assert_eq!((export.code, export.err.as_str()), (0, ""));
    let all: serde_json::Value = serde_json::from_str(&export.out).unwrap();
    assert_eq!(all["comments"].as_array().unwrap().len(), 2);
    assert_eq!(all["comments"][1]["text"], "The gullunion.");
    assert_eq!(all["comments"][1]["network"], "127.0.0.0/24");
    assert!(!export.out.contains("bo@a.example"));

    let done = run(&["erase"]);
    assert_eq!(counts(&done)[0], "erased\t2\tcomments");
    assert_eq!(done.err, "");
    for trace in TRACES {
        assert!(!holds(&folder, trace), "{trace}");
    }
    assert!(holds(&folder, "The tram."));
    run(&["erase"]).assert_fails_with("there is nothing of theirs here");
    run(&["export", "--person"]).assert_fails_with("there is nothing of theirs here");
}

#[test]
fn a_receipt_may_be_given_as_the_address_of_its_page() {
    let folder = newsroom();
    let export = folder.run(&["export", "--person", "--email", "bo@a.example"]);
    let all: serde_json::Value = serde_json::from_str(&export.out).unwrap();
    let receipt = all["comments"][0]["receipt"].as_str().unwrap().to_owned();
    let address = format!("https://news.example/replies/{receipt}");
    let export = folder.run(&["export", "--person", "--receipt", &address]);
    assert!(export.out.contains("The tram."));
    let erased = folder.run(&["erase", "--receipt", &receipt]);
    assert_eq!(counts(&erased)[0], "erased\t1\tcomments");
    assert!(!holds(&folder, "The tram."));
    assert!(holds(&folder, "gullunion"));
}

#[test]
fn beside_a_server_it_says_what_it_could_not_do() {
    let folder = newsroom();
    let server = folder.serve();
    let erased = folder.run(&["erase", "--email", "bo@a.example"]);
    assert_eq!(erased.code, 0);
    assert!(
        erased.err.contains("A server has the database open"),
        "{}",
        erased.err
    );
    assert!(!server.page("/articles/ferry").contains("The tram."));
    assert!(server.page("/articles/ferry").contains("gullunion"));
}

#[test]
fn who_is_meant_has_to_be_said_in_one_way() {
    let folder = Folder::new();
    for arguments in [
        &["erase"][..],
        &["erase", "--author", "1", "--email", "a@b.example"],
        &["erase", "--author", "one"],
        &["export", "--email", "a@b.example"],
        &["export", "--person"],
    ] {
        assert_eq!(folder.run(arguments).code, 2, "{arguments:?}");
    }
    folder
        .run(&["erase", "--author", "1"])
        .assert_fails_with("there is nothing of theirs here");
}
