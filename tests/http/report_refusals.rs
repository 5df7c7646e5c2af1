//! Reports that cannot be taken: what is said, that what was typed is kept, and that nothing is stored.

use rejoinder::store::{articles, transaction};

use crate::reporting::{ILLEGAL, counted, edit, form_path, published, report};
use crate::support::{Engine, Page, Server, on_each_engine};

fn remove_article(server: &Server) {
    let mut db = server.database.connect();
    transaction(&mut db, |db| articles::remove(db, "ferry", server.now())).unwrap();
}

/// A 422 that names exactly these fields, in the summary and beside each.
fn assert_refused(page: &Page, problems: &[(&str, &str)]) {
    assert_eq!(page.status, 422, "{}", page.text());
    assert_eq!(
        page.only("title"),
        "Error: Report a comment · The Test Ledger"
    );
    assert_eq!(page.only("#errors h2"), "Your report was not sent");
    let sentences: Vec<_> = problems.iter().map(|(_, sentence)| *sentence).collect();
    assert_eq!(page.texts("#errors li a"), sentences);
    let targets: Vec<_> = problems.iter().map(|(id, _)| format!("#{id}")).collect();
    assert_eq!(page.attributes("#errors li a", "href"), targets);
    assert_eq!(page.attribute("#errors", "role"), "alert");
    for (field, sentence) in problems {
        assert_eq!(page.count(&format!("main #{field}")), 1, "{field}");
        if !["comment", "send"].contains(field) {
            assert_eq!(
                page.only(&format!("#e-{field}")),
                format!("Error: {sentence}")
            );
        }
    }
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[test]
fn every_wrong_field_is_named_once_and_nothing_is_stored() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[]);
        let reader = server.visitor();
        let ground = ("ground", "Choose one rule that it breaks");
        let missing = [
            ("explanation", "Enter why it is illegal"),
            ("name", "Enter your name"),
            ("email", "Enter an email address"),
            ("good_faith", "Confirm that you report in good faith"),
        ];
        let long = "x".repeat(2_001);
        let long = format!("ground=4&explanation={long}");
        let long_name = format!("ground=4&name={}", "n".repeat(81));
        let long_email = format!("ground=4&email=a@{}.example", "a".repeat(254));
        let form = "the form name@example.org";
        let no_email = &*format!("Enter an email address in {form}");
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("", &[ground]),
            ("ground=7", &[ground]),
            ("ground=-1", &[ground]),
            ("ground=99999999999999999999", &[ground]),
            ("ground=Spam", &[ground]),
            ("ground=%00", &[ground]),
            ("ground=4&ground=5", &[ground]),
            ("ground=%ff", &[ground]),
            ("ground=6", &missing),
            (
                "ground=6&explanation=+%0A+&name=+&email=&good_faith=",
                &missing,
            ),
            ("ground=6&child_abuse=yes", &[missing[0], missing[3]]),
            (
                "ground=6&explanation=%E2%80%8B&name=%E2%80%8D&email=a@a.example&good_faith=yes",
                &[missing[0], ("name", "Enter a name that can be seen")],
            ),
            (
                "ground=4&explanation=a%00b&name=a%07b&email=a%0Ab@a.example",
                &[
                    (
                        "explanation",
                        "Enter the explanation without control characters",
                    ),
                    (
                        "name",
                        "Enter the name without control characters or line breaks",
                    ),
                    (
                        "email",
                        "Enter the email address without control characters or line breaks",
                    ),
                ],
            ),
            (
                "ground=4&explanation=%ff&name=%ff&email=%ff",
                &[
                    (
                        "explanation",
                        "Enter the explanation again: some of it was not readable text",
                    ),
                    (
                        "name",
                        "Enter the name again: some of it was not readable text",
                    ),
                    (
                        "email",
                        "Enter the email address again: some of it was not readable text",
                    ),
                ],
            ),
            (
                "ground=4&explanation=a&explanation=b&name=a&name=b&email=a@a.example&email=b@a.example&child_abuse=yes&child_abuse=yes&good_faith=yes&good_faith=yes",
                &[
                    ("explanation", "Enter one explanation: the form sent two"),
                    ("name", "Enter one name: the form sent two"),
                    ("email", "Enter one email address: the form sent two"),
                    (
                        "child_abuse",
                        "Tick the box about abuse of a child once: the form sent it twice",
                    ),
                    ("good_faith", "Confirm that you report in good faith"),
                ],
            ),
            (
                &long,
                &[(
                    "explanation",
                    "The explanation is longer than 2,000 characters",
                )],
            ),
            (
                &long_name,
                &[("name", "The name is longer than 80 characters")],
            ),
            (
                &long_email,
                &[("email", "The email address is longer than 254 characters")],
            ),
            ("ground=4&email=bo", &[("email", no_email)]),
            (
                "ground=4&seen=1",
                &[(
                    "comment",
                    "The comment was edited while you wrote: read it again, then send",
                )],
            ),
            (
                "ground=4&homepage_url=x",
                &[(
                    "send",
                    "Send it once more: something filled in a field that people cannot see",
                )],
            ),
        ];
        for (body, problems) in cases {
            let headers = [("origin", reader.base())];
            let page = reader.post_raw(&form_path(comment), body.as_bytes(), &headers);
            eprintln!("{body}");
            assert_refused(&page, problems);
            assert_eq!(page.value("[name=homepage_url]"), "");
        }
        assert_eq!(counted(&server, comment), (0, 0, 0));
        // What is no form at all is answered as everywhere.
        let raw = |body: &[u8], headers: &[(&str, &str)]| {
            reader.post_raw(&form_path(comment), body, headers).status
        };
        let ours = ("origin", reader.base());
        assert_eq!(raw(b"ground=%", &[ours]), 400);
        assert_eq!(raw(b"ground=4", &[("origin", "https://evil.example")]), 403);
        assert_eq!(
            raw(b"{}", &[ours, ("content-type", "application/json")]),
            415
        );
        let huge = format!("ground=4&explanation={}", "x".repeat(40_000));
        assert_eq!(raw(huge.as_bytes(), &[ours]), 413);
        assert_eq!(counted(&server, comment), (0, 0, 0));
    });
}

#[test]
fn whatever_was_typed_stands_in_the_form_again() {
    let (server, comment) = published(Engine::Sqlite, &[]);
    let page = server.visitor().post(
        &form_path(comment),
        &[
            ("ground", ILLEGAL),
            ("explanation", "One\n\n\"two\" </textarea>"),
            ("name", "Bo & Co"),
            ("email", "not an address"),
            ("child_abuse", "yes"),
            ("good_faith", "yes"),
        ],
    );
    assert_eq!(page.texts("#errors li").len(), 1);
    assert_eq!(
        page.attributes("[name=ground][checked]", "value"),
        [ILLEGAL]
    );
    assert_eq!(page.value("#explanation"), "One\n\n\"two\" </textarea>");
    assert_eq!(page.value("#name"), "Bo & Co");
    assert_eq!(page.value("#email"), "not an address");
    assert_eq!(page.count("#child_abuse[checked]"), 1);
    assert_eq!(page.count("#good_faith[checked]"), 1);
    assert_eq!(page.only("#comment .c-body"), "The boat was late.");
}

#[test]
fn only_a_public_comment_of_an_article_that_is_there_can_be_reported() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[]);
        let reader = server.visitor();
        let held = [
            ("name", "Ama"),
            ("body", "Held heliotrope."),
            ("homepage_url", "x"),
            ("do", "send"),
        ];
        let held = reader.post("/articles/ferry/replies", &held).location();
        let held = server.comment_at(&held);
        let words = "One\n\ntwo.";
        let fields = [("ground", "4"), ("explanation", words)];
        let seen = |id: i64| {
            let form = reader.get(&form_path(id));
            let sent = reader.post(&form_path(id), &fields);
            ((form.status, form.body), (sent.status, sent.body))
        };
        // One that waits is told apart from one that never was by nothing.
        let nothing = seen(held + 1);
        assert_eq!(seen(held), nothing);
        assert_eq!(nothing.0.0, 404);
        for odd in ["0", "x", "-1", "99999999999999999999", "%00", "1%2f2"] {
            let path = format!("/comments/{odd}/report");
            assert_eq!(reader.get(&path).status, 404, "{odd}");
            assert_eq!(reader.post(&path, &fields).status, 404, "{odd}");
        }
        // Removed while its report was being written.
        let form = reader.get(&form_path(comment));
        assert_eq!(form.status, 200);
        server
            .moderator("Dana")
            .decide("published", "boat", "reject", "1");
        let late = reader.post(&form_path(comment), &fields);
        assert_eq!(late.status, 404);
        assert_eq!(late.only("h1"), "This comment is not public");
        assert_eq!(late.value("textarea[readonly]"), words);
        assert_eq!(late.count("form"), 0);
        assert_eq!(late.header("cache-control"), Some("no-store"));
        assert_eq!(reader.get(&form_path(comment)).status, 404);

        let other = reader.reply("ferry", "Bo", "Still here.");
        let other = server.comment_at(&other);
        remove_article(&server);
        assert_eq!(reader.get(&form_path(other)).status, 410);
        let late = reader.post(&form_path(other), &fields);
        assert_eq!(late.value("textarea[readonly]"), words);
        assert_eq!(counted(&server, other), (0, 0, 0));
    });
}

#[test]
fn a_comment_that_was_edited_meanwhile_is_shown_again_as_it_reads_now() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[]);
        let reader = server.visitor();
        let form = reader.get(&form_path(comment));
        let fields = |form: &Page| {
            let seen = form.value("[name=seen]");
            reader.post(
                &form_path(comment),
                &[("seen", &*seen), ("ground", "4"), ("explanation", "Buses.")],
            )
        };
        edit(&server, comment, "<p>The train was late.</p>");
        let page = fields(&form);
        assert_refused(
            &page,
            &[(
                "comment",
                "The comment was edited while you wrote: read it again, then send",
            )],
        );
        assert_eq!(page.only("#comment .c-body"), "The train was late.");
        assert_eq!(page.value("#explanation"), "Buses.");
        assert_eq!(counted(&server, comment), (0, 0, 0));
        let receipt = reader.get(&fields(&page).location());
        assert_eq!(receipt.only(".quote .c-body"), "The train was late.");
    });
}

#[test]
fn a_hidden_field_that_was_filled_in_comes_back_empty_and_the_rest_is_kept() {
    let (server, comment) = published(Engine::Sqlite, &[]);
    let reader = server.visitor();
    let typed = [
        ("ground", "4"),
        ("explanation", "Buses."),
        ("homepage_url", "https://a.example"),
    ];
    let page = reader.post(&form_path(comment), &typed);
    assert_eq!(page.status, 422);
    assert_eq!(page.value("#homepage_url"), "");
    assert_eq!(page.value("#explanation"), "Buses.");
    assert_eq!(counted(&server, comment).0, 0);
    report(
        &reader,
        comment,
        &[
            ("ground", &page.attribute("[name=ground][checked]", "value")),
            ("explanation", &page.value("#explanation")),
            ("homepage_url", &page.value("#homepage_url")),
        ],
    );
}
