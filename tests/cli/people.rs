//! `rejoinder moderator add|list|passwd|byline|disable|enable`

use crate::program::{Folder, Run};

const PASSWORD: &str = "wet gravel, slow bell\n";

fn add(folder: &Folder, name: &str, role: &str, password: &str) -> Run {
    let arguments = ["moderator", "add", name, "--role", role, "--password-stdin"];
    folder.run_with(&arguments, &[], password)
}

#[test]
fn people_are_added_listed_disabled_and_enabled() {
    let folder = Folder::new();
    add(&folder, "Dana Whitlock", "admin", PASSWORD).assert_says("added\tadmin\tDana Whitlock\n");
    add(&folder, " Ed \t Bo ", "moderator", "wet gravel, slow bell")
        .assert_says("added\tmoderator\tEd Bo\n");
    let line = |name: &str| {
        let list = folder.run(&["moderator", "list"]).out;
        let line = list
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
            .to_owned();
        line.split("\tsince ").next().unwrap().to_owned()
    };
    assert_eq!(line("Dana"), "Dana Whitlock\tadmin\tenabled");
    assert_eq!(line("Ed"), "Ed Bo\tmoderator\tenabled");
    folder
        .run(&["moderator", "disable", "ed BO"])
        .assert_says("disabled\tEd Bo\n");
    assert_eq!(line("Ed"), "Ed Bo\tmoderator\tdisabled");
    folder
        .run(&["moderator", "enable", "Ed Bo"])
        .assert_says("enabled\tEd Bo\n");
    assert_eq!(line("Ed"), "Ed Bo\tmoderator\tenabled");
    folder
        .run_with(
            &["moderator", "passwd", "Ed Bo", "--password-stdin"],
            &[],
            "another, longer bell\r\n",
        )
        .assert_says("password set\tEd Bo\n");
    for act in ["disable", "enable", "passwd"] {
        let run = folder.run_with(&["moderator", act, "Nobody"], &[], "");
        run.assert_fails_with("there is nobody named `Nobody`");
    }
}

#[test]
fn a_byline_is_tied_to_an_account_shown_and_untied() {
    let folder = Folder::new();
    add(&folder, "Dana Whitlock", "moderator", PASSWORD);
    let list = || folder.run(&["moderator", "list"]).out;
    let byline = |byline| folder.run(&["moderator", "byline", "dana whitlock", byline]);
    assert!(!list().contains("byline"));
    byline(" Dana  Q. Whitlock ").assert_says("tied\tDana Whitlock\tDana Q. Whitlock\n");
    assert!(
        list().ends_with("\tbyline Dana Q. Whitlock\n"),
        "{}",
        list()
    );
    byline("").assert_says("untied\tDana Whitlock\n");
    assert!(!list().contains("byline"));
    for wrong in ["...", &"x".repeat(201)] {
        byline(wrong)
            .assert_fails_with("a byline has letters or digits, and at most 200 characters");
    }
    folder
        .run(&["moderator", "byline", "Nobody", "Somebody"])
        .assert_fails_with("there is nobody named `Nobody`");
}

#[test]
fn two_people_never_have_names_that_look_alike() {
    let folder = Folder::new();
    add(&folder, "Dana Whitlock", "moderator", PASSWORD);
    for name in [
        "Dana Whitlock",
        "dana whitlock",
        "Dаna Whitlock",
        "Dana  Whitlóck",
        "DanaWhitlock",
    ] {
        add(&folder, name, "moderator", PASSWORD).assert_fails_with("or nearly so, already");
    }
    for name in ["", "...", "\u{200b}", &"x".repeat(81)] {
        add(&folder, name, "moderator", PASSWORD)
            .assert_fails_with("a name has letters or digits, and at most 80 characters");
    }
    assert_eq!(folder.run(&["moderator", "list"]).out.lines().count(), 1);
}

#[test]
fn a_weak_password_is_refused_with_its_reason() {
    let folder = Folder::new();
    let long = "zy".repeat(513);
    let long_line = format!("{}\n", "x y ".repeat(40_000));
    for (password, reason) in [
        ("", "at least 12 characters"),
        ("eleven char\n", "at least 12 characters"),
        ("qwerty123456\n", "among the 3,000 commonest"),
        ("QWERTY123456\n", "among the 3,000 commonest"),
        ("zzzzzzzzzzzzzzz\n", "not one character over and over"),
        (&long, "at most 1024 bytes"),
        (&long_line, "at most 1024 bytes"),
    ] {
        add(&folder, "Dana", "admin", password).assert_fails_with(reason);
    }
    folder.run(&["moderator", "list"]).assert_says("");
    // Without a terminal nobody can be asked.
    let run = folder.run(&["moderator", "add", "Dana"]);
    assert_eq!(run.code, 1, "{}", run.out);
}

#[test]
fn the_last_admin_stays() {
    let folder = Folder::new();
    add(&folder, "Dana", "admin", PASSWORD);
    add(&folder, "Ed", "moderator", PASSWORD);
    let refusal = "`Dana` is the last admin: add another one first";
    folder
        .run(&["moderator", "disable", "Dana"])
        .assert_fails_with(refusal);
    folder
        .run(&["moderator", "disable", "Ed"])
        .assert_says("disabled\tEd\n");
    add(&folder, "Flo", "admin", PASSWORD);
    folder
        .run(&["moderator", "disable", "Dana"])
        .assert_says("disabled\tDana\n");
    folder
        .run(&["moderator", "disable", "Flo"])
        .assert_fails_with("`Flo` is the last admin");
}
