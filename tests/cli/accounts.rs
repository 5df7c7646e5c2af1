//! `rejoinder moderator role|totp-off`, and what `list` says of two-factor sign-in.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::program::Folder;

const PASSWORD: &str = "wet gravel, slow bell\n";

fn add(folder: &Folder, name: &str, role: &str) {
    let arguments = ["moderator", "add", name, "--role", role, "--password-stdin"];
    folder
        .run_with(&arguments, &[], PASSWORD)
        .assert_says(&format!("added\t{role}\t{name}\n"));
}

#[test]
fn a_role_is_changed_but_for_the_last_admins() {
    let folder = Folder::new();
    add(&folder, "Priya", "admin");
    add(&folder, "Dana", "moderator");
    let last = "`Priya` is the last admin: add another one first";
    folder
        .run(&["moderator", "role", "Priya", "moderator"])
        .assert_fails_with(last);
    folder
        .run(&["moderator", "disable", "Priya"])
        .assert_fails_with(last);
    folder
        .run(&["moderator", "role", "dana", "admin"])
        .assert_says("admin\tDana\n");
    folder
        .run(&["moderator", "role", "Priya", "moderator"])
        .assert_says("moderator\tPriya\n");
    let list = folder.run(&["moderator", "list"]).out;
    assert!(list.contains("Dana\tadmin\tenabled"), "{list}");
    assert!(list.contains("Priya\tmoderator\tenabled"), "{list}");
    folder
        .run(&["moderator", "role", "Nobody", "admin"])
        .assert_fails_with("there is nobody named `Nobody`");
}

#[test]
fn two_factor_is_listed_and_turned_off_for_who_lost_the_phone() {
    let folder = Folder::new();
    add(&folder, "Dana", "moderator");
    let path = folder.path("rejoinder.db");
    let mut db = SqliteConnection::establish(&path.display().to_string()).unwrap();
    db.batch_execute(
        "UPDATE moderators SET totp_secret = x'01', totp_since = 1, byline = 'Dana'; \
         INSERT INTO recovery_codes (code_hash, moderator_id) VALUES (x'02', 1);",
    )
    .unwrap();
    let list = folder.run(&["moderator", "list"]).out;
    assert!(list.ends_with("\ttwo-factor\tbyline Dana\n"), "{list}");
    folder
        .run(&["moderator", "totp-off", "dana"])
        .assert_says("two-factor off\tDana\n");
    let list = folder.run(&["moderator", "list"]).out;
    assert!(!list.contains("two-factor"), "{list}");
    folder
        .run(&["moderator", "totp-off", "Nobody"])
        .assert_fails_with("there is nobody named `Nobody`");
}
