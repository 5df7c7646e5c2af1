//! `rejoinder article list|show|open|close|hold|remove`

use crate::program::Folder;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write(
        "ferry.md",
        "---\ntitle: The Night Ferry\nslug: ferry\nsection: Transport\nsummary: Late.\nbyline: Ines Okafor\n\
         published: 2026-05-12\naliases: [old-ferry]\n---\nText.\n",
    );
    folder.write(
        "tram.md",
        "---\ntitle: The Tram\nslug: tram\npublished: 2026-05-11\ncomments: closed\n---\nText.\n",
    );
    assert_eq!(folder.run(&["seed", "."]).code, 0);
    folder
}

#[test]
fn articles_are_listed_newest_first_and_shown_field_by_field() {
    let folder = folder();
    folder.run(&["article", "list"]).assert_says(
        "ferry\t2026-05-12\topen\t0 comments\t0 views\tThe Night Ferry\thold site\n\
         tram\t2026-05-11\tclosed\t0 comments\t0 views\tThe Tram\thold site\n",
    );
    folder.run(&["article", "show", "ferry"]).assert_says(
        "slug       ferry\ntitle      The Night Ferry\nsection    Transport\nsummary    Late.\nbyline     Ines Okafor\n\
         published  2026-05-12T00:00:00+00:00\nreplies    open\nhold       all, as the site\ncomments   0\nviews      0\n",
    );
    assert!(
        folder
            .run(&["article", "show", "tram"])
            .out
            .contains("replies    closed since 20")
    );
}

#[test]
fn a_long_list_of_articles_is_listed_whole() {
    let folder = Folder::new();
    for number in 0..205 {
        folder.write(
            &format!("in/{number}.txt"),
            format!("Story {number}\n\nText."),
        );
    }
    assert_eq!(folder.run(&["seed", "in"]).code, 0);
    let list = folder.run(&["article", "list"]);
    let mut slugs: Vec<_> = list
        .out
        .lines()
        .map(|line| line.split('\t').next().unwrap())
        .collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 205);
}

#[test]
fn an_article_is_closed_opened_and_removed() {
    let folder = folder();
    folder
        .run(&["article", "close", "ferry"])
        .assert_says("closed\tferry\n");
    assert!(
        folder
            .run(&["article", "show", "ferry"])
            .out
            .contains("replies    closed since 20")
    );
    folder
        .run(&["article", "open", "ferry"])
        .assert_says("open\tferry\n");
    assert!(
        folder
            .run(&["article", "show", "ferry"])
            .out
            .contains("replies    open\n")
    );
    folder
        .run(&["article", "remove", "ferry"])
        .assert_says("removed\tferry\n");
    folder
        .run(&["article", "show", "ferry"])
        .assert_fails_with("the article `ferry` has been removed");
    assert_eq!(folder.run(&["article", "list"]).out.lines().count(), 1);
}

#[test]
fn an_article_gets_a_hold_mode_of_its_own_and_loses_it_again() {
    let folder = folder();
    folder
        .run(&["article", "hold", "ferry", "first"])
        .assert_says("hold first\tferry\n");
    let shown = folder.run(&["article", "show", "ferry"]).out;
    assert!(shown.contains("hold       first\n"), "{shown}");
    let list = folder.run(&["article", "list"]).out;
    assert!(list.contains("The Night Ferry\thold first\n"), "{list}");
    assert!(list.contains("The Tram\thold site\n"), "{list}");
    folder
        .run(&["article", "hold", "ferry", "site"])
        .assert_says("hold site\tferry\n");
    let shown = folder.run(&["article", "show", "ferry"]).out;
    assert!(shown.contains("hold       all, as the site\n"), "{shown}");
    let wrong = folder.run(&["article", "hold", "ferry", "some"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("all, first, none, site"),
        "{}",
        wrong.err
    );
    folder
        .run(&["article", "hold", "nothing", "none"])
        .assert_fails_with("there is no article `nothing`");
}

#[test]
fn an_article_that_is_not_there_is_said_to_be_missing() {
    let folder = folder();
    folder
        .run(&["article", "show", "old-ferry"])
        .assert_fails_with("`old-ferry` is an alias of `ferry`");
    for act in ["show", "open", "close", "remove"] {
        folder
            .run(&["article", act, "nothing"])
            .assert_fails_with("there is no article `nothing`");
    }
}

#[test]
fn opening_an_article_says_for_how_long() {
    let folder = folder();
    folder.write("rejoinder.toml", "[replies]\nclose_after_days = 14\n");
    // Published long ago: closed by itself.
    let shown = folder.run(&["article", "show", "ferry"]).out;
    assert!(
        shown.contains(
            "replies    closed since 2026-05-26T00:00:00+00:00, 14 days after publication (replies.close_after_days)\n"
        ),
        "{shown}"
    );
    assert!(folder.run(&["article", "list"]).out.contains("\tclosed\t0"));
    let opened = folder.run(&["article", "open", "ferry"]);
    assert_eq!(opened.out, "open\tferry\n");
    assert!(
        opened.err.contains(
            "it is older than replies.close_after_days allows (14 days): it stays open until you close it"
        ),
        "{}",
        opened.err
    );
    let shown = folder.run(&["article", "show", "ferry"]).out;
    assert!(shown.contains("replies    open\n"), "{shown}");
    folder.run(&["article", "close", "ferry"]);
    let shown = folder.run(&["article", "show", "ferry"]).out;
    assert!(shown.contains(" by the editors\n"), "{shown}");

    // Published just now: it goes on closing by itself.
    folder.write("new.md", "---\ntitle: New\nslug: new\n---\nText.\n");
    assert_eq!(folder.run(&["seed", "new.md"]).code, 0);
    let opened = folder.run(&["article", "open", "new"]);
    assert_eq!(opened.out, "open\tnew\n");
    assert!(
        opened.err.contains("it closes by itself on 20")
            && opened.err.contains(", 14 days after publication"),
        "{}",
        opened.err
    );
    let shown = folder.run(&["article", "show", "new"]).out;
    assert!(shown.contains("replies    open until 20"), "{shown}");
}
