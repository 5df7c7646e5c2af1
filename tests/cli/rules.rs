//! `rejoinder rules show|set`

use crate::program::Folder;

/// A folder with a database, and its rules in a file as `show` prints them.
fn shown() -> (Folder, String) {
    let folder = Folder::new();
    let shown = folder.run(&["rules", "show"]);
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    folder.write("rules.toml", &shown.out);
    (folder, shown.out)
}

#[test]
fn what_show_prints_is_what_set_takes() {
    let (folder, rules) = shown();
    assert!(
        rules
            .starts_with("[[rule]]\nnumber = 1\nkind = \"conduct\"\ntitle = \"Personal attack\"\n")
    );
    folder
        .run(&["rules", "set", "rules.toml"])
        .assert_says("unchanged\n");
    let json = folder.run(&["rules", "show", "--format", "json"]).out;
    folder.write("rules.json", &json);
    folder
        .run(&["rules", "set", "rules.json"])
        .assert_says("unchanged\n");

    let changed = rules
        .replace("title = \"Off topic\"", "title = \"Beside the point\"")
        .replace("number = 5\n", "number = 15\n")
        + "\n[[rule]]\nnumber = 8\ntitle = \"Shouting\"\ntext = \"No capitals.\"\n";
    folder.write("new.toml", &changed);
    let changes = "changed\t4\tBeside the point\nadded\t8\tShouting\nchanged\t15\tAdvertising\n";
    let dry = folder.run(&["rules", "set", "new.toml", "--dry-run"]);
    assert_eq!(
        (dry.code, dry.out.as_str(), dry.err.as_str()),
        (0, changes, "nothing was written\n")
    );
    assert_eq!(folder.run(&["rules", "show"]).out, rules);
    folder
        .run(&["rules", "set", "new.toml"])
        .assert_says(changes);
    folder
        .run(&["rules", "set", "rules.toml"])
        .assert_says("changed\t4\tOff topic\nchanged\t5\tAdvertising\nremoved\t8\tShouting\n");
    assert_eq!(folder.run(&["rules", "show"]).out, rules);
}

#[test]
fn a_file_that_cannot_be_in_force_is_refused_with_what_is_wrong() {
    let (folder, rules) = shown();
    let many = (7..=21)
        .map(|n| format!("\n[[rule]]\nnumber = {n}\ntitle = \"T\"\ntext = \"X.\"\n"))
        .collect::<String>();
    for (file, said) in [
        (
            rules.replace("illegal", "conduct"),
            "exactly one rule has to be of kind `illegal`",
        ),
        (
            rules.replace("conduct", "illegal"),
            "exactly one rule has to be of kind `illegal`",
        ),
        (
            rules.replace("illegal", "mild"),
            "rule 6: `mild` is no kind of rule",
        ),
        (
            rules.replace("number = 5", "number = 4"),
            "there are two rules with the number 4",
        ),
        (
            rules.replace("number = 5", "number = 100"),
            "the rule in place 5 has no number from 1 to 99",
        ),
        (
            rules.replace("Off topic", " "),
            "rule 4: a title has at least one character",
        ),
        (
            rules.replace("No advertising.", &"x".repeat(501)),
            "rule 5: a text has at least one character",
        ),
        (
            format!("{rules}{many}"),
            "there are 21 rules; 20 are the most",
        ),
        (
            String::new(),
            "exactly one rule has to be of kind `illegal`",
        ),
    ] {
        folder.write("wrong.toml", &file);
        folder
            .run(&["rules", "set", "wrong.toml"])
            .assert_fails_with(said);
    }
    folder.write("wrong.toml", rules.replace("title =", "name ="));
    let unknown = folder.run(&["rules", "set", "wrong.toml"]);
    assert_eq!(unknown.code, 1);
    assert!(
        unknown.err.contains("unknown field `name`"),
        "{}",
        unknown.err
    );
    folder
        .run(&["rules", "set", "nothing.toml"])
        .assert_fails_with("nothing.toml: No such file");
    assert_eq!(folder.run(&["rules", "show"]).out, rules);
}
