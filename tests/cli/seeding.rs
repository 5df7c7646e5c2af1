//! `rejoinder seed`

use scraper::{Html, Selector};

use crate::program::Folder;

const NEWSPAPER: &[u8] = include_bytes!("../corpus/newspaper.txt");

fn texts(page: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    Html::parse_document(page)
        .select(&selector)
        .map(|element| element.text().collect())
        .collect()
}

#[test]
fn a_page_saved_from_a_newspaper_is_served_word_for_word() {
    let folder = Folder::new();
    folder.write("platform-zero.txt", NEWSPAPER);
    let run = folder.run(&["seed", "platform-zero.txt"]);
    let slug = run
        .out
        .lines()
        .next()
        .unwrap()
        .split("/articles/")
        .nth(1)
        .unwrap()
        .to_owned();
    run.assert_says(&format!(
        "added\tplatform-zero.txt\t/articles/{slug}\n1 added, 0 updated, 0 unchanged, 0 failed\n"
    ));
    let shown = folder.run(&["article", "show", &slug]);
    assert!(shown.out.contains(
        "title      The Café at Platform Zero Has Closed — and Left Its Clock Running\n"
    ));
    assert!(shown.out.contains("views      2381\n"), "{}", shown.out);
    assert!(shown.out.contains("comments   0\n"), "{}", shown.out);

    let server = folder.serve();
    let page = server.page(&format!("/articles/{slug}"));
    assert_eq!(
        texts(&page, "h1"),
        ["The Café at Platform Zero Has Closed — and Left Its Clock Running"]
    );
    let source = std::str::from_utf8(NEWSPAPER).unwrap();
    let paragraphs: Vec<_> = source.split("\n\n").collect();
    let inner = &paragraphs[2..paragraphs.len() - 1];
    assert_eq!(texts(&page, ".prose p"), inner);
    assert_eq!(
        page.matches("Leave a Reply").count(),
        2,
        "the heading, and the soup’s board"
    );
    assert_eq!(
        texts(&page, "h2")
            .iter()
            .filter(|h| *h == "Leave a Reply")
            .count(),
        1
    );
    assert_eq!(texts(&page, ".counts"), ["No comments yet · 2,381 views"]);
}

#[test]
fn seeding_again_changes_what_changed_and_nothing_else() {
    let folder = Folder::new();
    folder.write("in/a.md", "---\ntitle: A\n---\nFirst.\n");
    folder.write("in/deep/b.html", "<title>B</title><p>Second.</p>");
    folder.write("in/c.txt", "C\n\n7\n\nThird.");
    folder.write("in/notes.pdf", "not an article");
    folder.run(&["seed", "in"]).assert_says(
        "added\tin/a.md\t/articles/a\nadded\tin/c.txt\t/articles/c\nadded\tin/deep/b.html\t/articles/b\n\
         3 added, 0 updated, 0 unchanged, 0 failed\n",
    );
    folder.write("in/a.md", "---\ntitle: A\n---\nFirst, again.\n");
    folder.run(&["seed", "in"]).assert_says(
        "updated\tin/a.md\t/articles/a\nunchanged\tin/c.txt\t/articles/c\nunchanged\tin/deep/b.html\t/articles/b\n\
         0 added, 1 updated, 2 unchanged, 0 failed\n",
    );
    assert_eq!(folder.run(&["article", "list"]).out.lines().count(), 3);
    // A removed article comes back with its file.
    folder
        .run(&["article", "remove", "a"])
        .assert_says("removed\ta\n");
    folder
        .run(&["seed", "in/a.md"])
        .assert_says("updated\tin/a.md\t/articles/a\n0 added, 1 updated, 0 unchanged, 0 failed\n");
}

#[test]
fn a_file_that_is_no_article_is_named_and_the_others_are_seeded() {
    let folder = Folder::new();
    folder.write("1-good.md", "---\ntitle: Good\n---\nText.\n");
    folder.write("2-latin.txt", b"Caf\xe9\n\nText.");
    folder.write("3-empty.txt", "\n \n");
    folder.write("4-untitled.html", "<p>Text.</p>");
    folder.write(
        "5-again.md",
        "---\ntitle: Good again\nslug: 1-good\n---\nOther text.\n",
    );
    folder.write("6-table.csv", "a,b");
    folder.write("7-last.txt", "Last\n\nText.");
    let names = [
        "1-good.md",
        "2-latin.txt",
        "3-empty.txt",
        "4-untitled.html",
        "5-again.md",
        "6-table.csv",
        "missing.md",
        "7-last.txt",
    ];
    let mut arguments = vec!["seed"];
    arguments.extend(names);
    let run = folder.run(&arguments);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.out,
        "added\t1-good.md\t/articles/1-good\nadded\t7-last.txt\t/articles/7-last\n2 added, 0 updated, 0 unchanged, 6 failed\n"
    );
    let said: Vec<_> = run.err.lines().collect();
    assert_eq!(said.len(), 6, "{}", run.err);
    for (line, name) in said.iter().zip(&names[1..7]) {
        assert!(
            line.starts_with("rejoinder: ") && line.contains(name),
            "{line}"
        );
    }
    assert!(said[0].contains("UTF-8"), "{}", said[0]);
    assert!(said[1].contains("title"), "{}", said[1]);
    assert!(said[2].contains("title"), "{}", said[2]);
    assert!(
        said[3].contains("`1-good`") && said[3].contains("1-good.md"),
        "{}",
        said[3]
    );
    assert!(
        said[4].contains("its name does not end in .md, .html or .txt"),
        "{}",
        said[4]
    );
    // The first of the two with one slug is the one that stands.
    assert!(
        folder
            .run(&["article", "show", "1-good"])
            .out
            .contains("title      Good\n")
    );
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let folder = Folder::new();
    folder.write("a.md", "---\ntitle: A\n---\nFirst.\n");
    let added = "added\ta.md\t/articles/a\n1 added, 0 updated, 0 unchanged, 0 failed (nothing was written)\n";
    folder
        .run(&["seed", "--dry-run", "a.md"])
        .assert_says(added);
    assert!(!folder.exists("rejoinder.db"));
    folder.run(&["article", "list"]).assert_says("");
    folder
        .run(&["seed", "--dry-run", "a.md"])
        .assert_says(added);
    folder.run(&["article", "list"]).assert_says("");
    assert_eq!(folder.run(&["seed", "a.md"]).code, 0);
    folder.write("a.md", "---\ntitle: B\nslug: a\n---\nFirst.\n");
    folder.run(&["seed", "--dry-run", "a.md"]).assert_says(
        "updated\ta.md\t/articles/a\n0 added, 1 updated, 0 unchanged, 0 failed (nothing was written)\n",
    );
    assert!(
        folder
            .run(&["article", "show", "a"])
            .out
            .contains("title      A\n")
    );
}

#[test]
fn articles_can_be_seeded_beside_a_running_server() {
    let folder = Folder::new();
    let server = folder.serve();
    assert!(server.page("/").contains("Nothing is published yet."));
    for number in 0..20 {
        folder.write(
            &format!("in/{number}.md"),
            format!("---\ntitle: Story {number}\n---\nText.\n"),
        );
    }
    let run = folder.run(&["seed", "in"]);
    assert_eq!(run.code, 0, "{}", run.err);
    // The server looks each second for what others have written.
    let limit = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while texts(&server.page("/"), "article h2").len() != 20 {
        assert!(
            std::time::Instant::now() < limit,
            "the articles do not show"
        );
        std::thread::yield_now();
    }
}
