//! `rejoinder config`, and where settings come from.

use crate::program::{Folder, Run};

fn line(run: &Run, key: &str) -> String {
    run.out
        .lines()
        .find(|line| line.starts_with(&format!("{key} = ")))
        .unwrap_or_else(|| panic!("no {key} in {}", run.out))
        .to_owned()
}

#[test]
fn every_setting_is_shown_with_where_it_came_from() {
    let folder = Folder::new();
    let run = folder.run(&["config"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(
        line(&run, "listen"),
        "listen = \"127.0.0.1:8080\"  # default"
    );
    assert_eq!(
        line(&run, "replies.per_minute"),
        "replies.per_minute = \"6\"  # default"
    );

    folder.write(
        "rejoinder.toml",
        "[site]\nname = \"From the file\"\n[replies]\nper_minute = 9\nhold = \"none\"\n",
    );
    let variables = [
        ("REJOINDER_REPLIES__HOLD", "first"),
        ("REJOINDER_DATABASE_URL", "sqlite://variable.db"),
    ];
    let run = folder.run_with(
        &["config", "--database", "sqlite://flag.db"],
        &variables,
        "",
    );
    assert_eq!(
        line(&run, "site.name"),
        "site.name = \"From the file\"  # rejoinder.toml"
    );
    assert_eq!(
        line(&run, "replies.per_minute"),
        "replies.per_minute = \"9\"  # rejoinder.toml"
    );
    assert_eq!(
        line(&run, "replies.hold"),
        "replies.hold = \"first\"  # REJOINDER_REPLIES__HOLD"
    );
    assert_eq!(
        line(&run, "database_url"),
        "database_url = \"sqlite://flag.db\"  # command line"
    );
    folder.write("other.toml", "listen = \"127.0.0.1:1\"\n");
    let run = folder.run(&["config", "--config", "other.toml"]);
    assert_eq!(
        line(&run, "listen"),
        "listen = \"127.0.0.1:1\"  # other.toml"
    );
    assert_eq!(
        line(&run, "site.name"),
        "site.name = \"Rejoinder\"  # default"
    );
}

#[test]
fn a_password_in_a_setting_is_masked_everywhere() {
    let folder = Folder::new();
    let variables = [(
        "REJOINDER_DATABASE_URL",
        "postgres://news:s3cret@127.0.0.1:1/news",
    )];
    let run = folder.run_with(&["config"], &variables, "");
    assert_eq!(
        line(&run, "database_url"),
        "database_url = \"postgres://news:***@127.0.0.1:1/news\"  # REJOINDER_DATABASE_URL"
    );
    let down = folder.run_with(&["serve", "--listen", "127.0.0.1:0"], &variables, "");
    down.assert_fails_with("cannot use the database postgres://news:***@127.0.0.1:1/news");
    assert!(!run.out.contains("s3cret") && !down.err.contains("s3cret"));
}

#[test]
fn an_unknown_setting_is_named_with_the_nearest_known_one() {
    let folder = Folder::new();
    folder.write("rejoinder.toml", "[replies]\nper_minut = 9\n");
    let sentence =
        "unknown setting `replies.per_minut` in rejoinder.toml; did you mean `replies.per_minute`?";
    for command in [
        &["config", "--check"][..],
        &["serve"],
        &["seed", "."],
        &["article", "list"],
        &["moderator", "list"],
    ] {
        folder.run(command).assert_fails_with(sentence);
    }
    let other = Folder::new();
    let run = other.run_with(&["config", "--check"], &[("REJOINDER_SITE__NAM", "x")], "");
    run.assert_fails_with(
        "unknown setting `site.nam` in REJOINDER_SITE__NAM; did you mean `site.name`?",
    );
}

#[test]
fn a_check_names_everything_that_is_wrong_and_is_silent_otherwise() {
    let folder = Folder::new();
    folder.run(&["config", "--check"]).assert_says("");
    let wrong = [
        ("REJOINDER_LISTEN", "nowhere", "write HOST:PORT"),
        (
            "REJOINDER_DATABASE_URL",
            "mysql://x",
            "is not a database URL",
        ),
        (
            "REJOINDER_PUBLIC_URL",
            "ftp://x",
            "write http://HOST or https://HOST",
        ),
        (
            "REJOINDER_TRUSTED_PROXIES",
            "10.0.0.0/99",
            "is not a network",
        ),
        ("REJOINDER_SITE__NAME", " ", "must not be empty"),
        (
            "REJOINDER_SITE__TIME_ZONE",
            "Mars/North",
            "is not a time zone",
        ),
        ("REJOINDER_REPLIES__HOLD", "some", "replies.hold"),
        (
            "REJOINDER_REPLIES__PER_MINUTE",
            "-1",
            "is not a number from 0",
        ),
        (
            "REJOINDER_REPLIES__MAX_LENGTH",
            "0",
            "is not a number from 1",
        ),
        ("REJOINDER_LOG__FORMAT", "xml", "is not one of text, json"),
    ];
    let variables: Vec<_> = wrong
        .iter()
        .map(|(name, value, _)| (*name, *value))
        .collect();
    let run = folder.run_with(&["config", "--check"], &variables, "");
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert_eq!(run.err.lines().count(), wrong.len(), "{}", run.err);
    for (name, value, sentence) in wrong {
        let line = run.err.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.contains(sentence), "{line}");
        folder
            .run_with(&["config", "--check"], &[(name, value)], "")
            .assert_fails_with(sentence);
    }
    let https = [("REJOINDER_PUBLIC_URL", "https://news.example")];
    folder
        .run_with(&["serve"], &https, "")
        .assert_fails_with("set `trusted_proxies`");
    folder.write("broken.toml", "listen = \n");
    let run = folder.run(&["config", "--check", "--config", "broken.toml"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.starts_with("rejoinder: broken.toml is not TOML"),
        "{}",
        run.err
    );
    folder
        .run(&["config", "--check", "--config", "missing.toml"])
        .assert_fails_with("cannot read missing.toml");
}
