//! `rejoinder policy`.

use crate::program::Folder;

const FILE: &str = "hold = \"first\"\nlinks = 3\n\n[[entries]]\nkind = \"words\"\npattern = \"casino*\"\naction = \"hold\"\n\
                    scope = [\"text\"]\nuntil = \"2099-12-31\"\n\n[[entries]]\nkind = \"domain\"\npattern = \"Lark.example\"\naction = \"refuse\"\n";

#[test]
fn what_show_prints_is_what_set_takes() {
    let folder = Folder::new();
    let shown = folder.run(&["policy", "show"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("hold = \"all\"") && shown.out.contains("links = 2"));
    folder.write("policy.toml", FILE);
    let foretold = folder.run(&["policy", "set", "policy.toml", "--dry-run"]);
    assert_eq!(foretold.code, 0, "{}", foretold.err);
    for line in [
        "links: 2 -> 3",
        "+ words casino* (hold)",
        "+ domain lark.example (refuse)",
    ] {
        assert!(foretold.out.contains(line), "{line} in {}", foretold.out);
    }
    assert_eq!(folder.run(&["policy", "show"]).out, shown.out);
    let set = folder.run(&["policy", "set", "policy.toml"]);
    assert_eq!(set.code, 0, "{}", set.err);
    let shown = folder.run(&["policy", "show"]);
    assert!(
        shown.out.contains("pattern = \"lark.example\""),
        "{}",
        shown.out
    );
    assert!(shown.out.contains("until = \"2099-12-31\""));
    folder.write("again.toml", &shown.out);
    let again = folder.run(&["policy", "set", "again.toml"]);
    assert!(
        again
            .err
            .contains("settings unchanged; entries added: 0, removed: 0"),
        "{}",
        again.err
    );
    let json = folder.run(&["policy", "show", "--format", "json"]);
    folder.write("again.json", &json.out);
    let again = folder.run(&["policy", "set", "again.json"]);
    assert!(
        again
            .err
            .contains("settings unchanged; entries added: 0, removed: 0"),
        "{}",
        again.err
    );
    // A file without a list leaves the lists alone; an empty one empties them.
    folder.write("links.toml", "links = 5\n");
    let set = folder.run(&["policy", "set", "links.toml"]);
    assert!(
        set.err
            .contains("settings changed; entries added: 0, removed: 0"),
        "{}",
        set.err
    );
    folder.write("none.toml", "entries = []\n");
    let set = folder.run(&["policy", "set", "none.toml"]);
    assert!(
        set.err
            .contains("settings unchanged; entries added: 0, removed: 2"),
        "{}",
        set.err
    );
    assert!(folder.run(&["policy", "show"]).out.contains("links = 5"));
}

#[test]
fn a_file_that_is_wrong_changes_nothing_and_says_why() {
    let folder = Folder::new();
    let entry = |text: &str| format!("links = 7\n[[entries]]\naction = \"hold\"\n{text}\n");
    for (text, says) in [
        ("link = 3\n".to_owned(), "a setting that is wrong"),
        ("links = 101\n".to_owned(), "from 0 to 100"),
        ("hold = \"some\"\n".to_owned(), "a setting that is wrong"),
        ("links =".to_owned(), "is no policy"),
        (
            entry("kind = \"words\"\npattern = \"ca*no\""),
            "a * in the middle",
        ),
        (
            entry("kind = \"network\"\npattern = \"0.0.0.0/0\""),
            "the whole internet",
        ),
        (
            entry("kind = \"words\"\npattern = \"x\"\nuntil = \"soon\""),
            "`soon` is not a date",
        ),
        (
            entry("kind = \"words\"\npattern = \"x\"\nscope = [\"body\"]"),
            "`body` is not one of",
        ),
        (
            entry(
                "kind = \"words\"\npattern = \"x\"\n[[entries]]\naction = \"spam\"\nkind = \"words\"\npattern = \"x\"",
            ),
            "stands in it twice",
        ),
    ] {
        folder.write("policy.toml", &text);
        folder
            .run(&["policy", "set", "policy.toml"])
            .assert_fails_with(says);
        assert!(
            folder.run(&["policy", "show"]).out.contains("links = 2"),
            "{text}"
        );
    }
    folder
        .run(&["policy", "set", "nowhere.toml"])
        .assert_fails_with("cannot read nowhere.toml");
}

#[test]
fn a_text_is_tried_for_whoever_might_send_it() {
    let folder = Folder::new();
    folder.write("policy.toml", FILE);
    folder.run(&["policy", "set", "policy.toml"]);
    let test = |arguments: &[&str], input: &str| {
        let mut all = vec!["policy", "test", "-"];
        all.extend(arguments);
        let run = folder.run_with(&all, &[], input);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    };
    assert_eq!(
        test(&[], "Off to the Casino"),
        "held\ncontains “Casino”; listed: “casino*”\nfirst replies are always read\n"
    );
    assert_eq!(
        test(&["--author", "known"], "Off to the Casino"),
        "held\ncontains “Casino”; listed: “casino*”\n"
    );
    assert_eq!(
        test(&["--author", "trusted"], "Off to the Casino"),
        "published\n"
    );
    assert_eq!(
        test(
            &["--author", "trusted", "--website", "https://lark.example"],
            "Fine"
        ),
        "refused\nthe website is at “lark.example”; listed: “lark.example”, to be refused\n"
    );
}
