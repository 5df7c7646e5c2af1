//! Input that cannot be taken: what is said, that what was typed is kept, and that nothing is stored.

use rejoinder::store::{closing, transaction};

use crate::support::{Client, Engine, Page, Server, on_each_engine};

const TARGET: &str = "/articles/ferry/replies";

fn ferry(engine: Engine) -> Server {
    let server = Server::start(engine);
    server.article("ferry");
    server
}

/// Posts a form whose encoding is the test's own.
fn send(reader: &Client, body: &str) -> Page {
    reader.post_raw(TARGET, body.as_bytes(), &[("origin", reader.base())])
}

/// A 422 that names exactly these fields, in the summary and beside each.
fn assert_refused(page: &Page, problems: &[(&str, &str)]) {
    assert_eq!(page.status, 422, "{}", page.text());
    assert!(
        page.only("title").starts_with("Error: "),
        "{}",
        page.only("title")
    );
    assert_eq!(page.only("#errors h3"), "Your reply was not sent");
    let sentences: Vec<_> = problems.iter().map(|(_, sentence)| *sentence).collect();
    assert_eq!(page.texts("#errors li a"), sentences);
    let targets: Vec<_> = problems
        .iter()
        .map(|(field, _)| format!("#{field}"))
        .collect();
    assert_eq!(page.attributes("#errors li a", "href"), targets);
    assert_eq!(page.attribute("#errors", "role"), "alert");
    for (field, sentence) in problems {
        assert_eq!(page.count(&format!("#reply-form #{field}")), 1, "{field}");
        assert_eq!(
            page.only(&format!("#e-{field}")),
            format!("Error: {sentence}")
        );
        let described = page.attribute(&format!("#{field}"), "aria-describedby");
        assert!(described.split(' ').any(|id| id == format!("e-{field}")));
        assert_eq!(page.attribute(&format!("#{field}"), "aria-invalid"), "true");
    }
    assert_eq!(page.count("#reply-form .err"), problems.len());
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[test]
fn every_wrong_field_is_named_once_and_nothing_is_stored() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        let long = "x".repeat(5_001);
        let cases: &[(&str, &[(&str, &str)])] = &[
            (
                "",
                &[
                    ("name", "Enter the name to publish with your reply"),
                    ("body", "Enter a comment"),
                ],
            ),
            (
                "name=+&body=%0A%0D%0A",
                &[
                    ("name", "Enter the name to publish with your reply"),
                    ("body", "Enter a comment"),
                ],
            ),
            ("name=Ama", &[("body", "Enter a comment")]),
            (
                "body=Words",
                &[("name", "Enter the name to publish with your reply")],
            ),
            (
                "name=%E2%80%8B&body=Words",
                &[("name", "Enter the name to publish with your reply")],
            ),
            (
                "name=Ama&body=%E2%80%8B%E2%81%A0",
                &[("body", "Enter a comment that can be seen")],
            ),
            (
                "name=Ama&body=%3E+%3E",
                &[("body", "Enter a comment that can be seen")],
            ),
            (
                "name=Ama&body=Words&email=ama.example",
                &[(
                    "email",
                    "Enter an email address in the form name@example.org",
                )],
            ),
            (
                "name=Ama&body=Words&website=javascript:alert(1)",
                &[(
                    "website",
                    "Enter a web address that starts with http:// or https://",
                )],
            ),
            (
                "name=Ama&body=Words&website=https://u:p@a.example",
                &[(
                    "website",
                    "Enter a web address that starts with http:// or https://",
                )],
            ),
            (
                "name=%FF&body=Words",
                &[(
                    "name",
                    "Enter the name again: some of it was not readable text",
                )],
            ),
            (
                "name=Ama&body=Words%C3",
                &[(
                    "body",
                    "Enter the comment again: some of it was not readable text",
                )],
            ),
            (
                "name=Ama&email=%ED%A0%80&body=Words",
                &[(
                    "email",
                    "Enter the email address again: some of it was not readable text",
                )],
            ),
            (
                "name=A%00ma&body=Words",
                &[(
                    "name",
                    "Enter the name without control characters or line breaks",
                )],
            ),
            (
                "name=Ama%1B%5B31m&body=Words",
                &[(
                    "name",
                    "Enter the name without control characters or line breaks",
                )],
            ),
            (
                "name=Ama%0D%0ABcc:+b@a.example&body=Words",
                &[(
                    "name",
                    "Enter the name without control characters or line breaks",
                )],
            ),
            (
                "name=Ama&email=a@a.example%0D%0ABcc:+b@a.example&body=Words",
                &[(
                    "email",
                    "Enter the email address without control characters or line breaks",
                )],
            ),
            (
                "name=Ama&website=https://a.example/%0D%0AX:+y&body=Words",
                &[(
                    "website",
                    "Enter the web address without control characters or line breaks",
                )],
            ),
            (
                "name=Ama&body=Wo%00rds",
                &[("body", "Enter the comment without control characters")],
            ),
            (
                "name=Ama&body=Wo%08rds",
                &[("body", "Enter the comment without control characters")],
            ),
            (
                "name=Ama&body=Wo%C2%85rds",
                &[("body", "Enter the comment without control characters")],
            ),
            (
                "name=Ama&name=Bo&body=Words",
                &[("name", "Enter one name: the form sent two")],
            ),
            (
                "name=Ama&body=Words&body=Words",
                &[("body", "Enter one comment: the form sent two")],
            ),
            (
                "name=Ama&body=Words&email=&email=",
                &[("email", "Enter one email address: the form sent two")],
            ),
        ];
        for (form, problems) in cases {
            for verb in ["send", "preview"] {
                let body = format!("{form}&do={verb}");
                // Whether words can be seen at all is known once they are rendered.
                if verb == "preview" && form.contains("%3E") {
                    continue;
                }
                eprintln!("{body}");
                assert_refused(&send(&reader, &body), problems);
            }
        }
        let name = "é".repeat(81);
        let email = format!("{}@a.example", "e".repeat(260));
        let website = format!("https://a.example/{}", "w".repeat(500));
        let fields = [
            ("name", name.as_str()),
            ("email", &email),
            ("website", &website),
            ("body", &long),
            ("do", "send"),
        ];
        assert_refused(
            &reader.post(TARGET, &fields),
            &[
                ("name", "The name is longer than 80 characters"),
                ("email", "The email address is longer than 254 characters"),
                ("website", "The web address is longer than 500 characters"),
                ("body", "The comment is longer than 5,000 characters"),
            ],
        );
        assert_eq!(server.stored_comments(), 0);
    });
}

#[test]
fn what_was_typed_is_kept_as_it_was_typed() {
    let server = ferry(Engine::Sqlite);
    let reader = server.visitor();
    let words = "\n  </textarea><b>“Two”\n\nlines & more.";
    let page = reader.post(
        TARGET,
        &[
            ("name", "\"><i>Ama"),
            ("email", "not an address"),
            ("website", "a.example/?a=1&b=2"),
            ("body", words),
            ("do", "send"),
        ],
    );
    assert_refused(
        &page,
        &[(
            "email",
            "Enter an email address in the form name@example.org",
        )],
    );
    assert_eq!(page.value("#name"), "\"><i>Ama");
    assert_eq!(page.value("#email"), "not an address");
    assert_eq!(page.value("#website"), "https://a.example/?a=1&b=2");
    assert_eq!(page.value("textarea#body"), words.trim_start_matches('\n'));
    assert_eq!(page.count("main i"), 0);
    // The page is the article's own, and its form can be sent again.
    assert_eq!(page.only("h1"), "About ferry");
    assert_eq!(page.attribute("#reply-form", "action"), TARGET);
}

#[test]
fn the_longest_of_everything_is_taken() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let name = "😀".repeat(80);
        let body = "😀".repeat(5_000);
        let website = format!("https://a.example/{}", "w".repeat(500 - 18));
        let receipt = server.visitor().post(
            TARGET,
            &[
                ("name", name.as_str()),
                ("body", &body),
                ("website", &website),
                ("do", "send"),
            ],
        );
        assert_eq!(receipt.status, 303, "{}", receipt.text());
    });
}

#[test]
fn a_form_that_is_too_large_is_refused_with_a_page() {
    let server = ferry(Engine::Sqlite);
    let reader = server.visitor();
    let limit = 5_000 * 12 + 8 * 1_024;
    let filler = |length: usize| format!("name=Ama&body={}", "x".repeat(length - 14));
    let over = send(&reader, &filler(limit + 1));
    assert_eq!(over.status, 413);
    assert_eq!(over.only("h1"), "This text is too long to send");
    assert!(over.only("main").contains(
        "A comment may have up to 5,000 characters, the explanation of a report up to 2,000."
    ));
    assert_eq!(over.header("connection"), Some("close"));
    // Up to the limit it is read, and told which field is too long.
    assert_eq!(send(&reader, &filler(limit)).status, 422);
    assert_eq!(reader.get("/").status, 200);
    assert_eq!(server.stored_comments(), 0);
}

#[test]
fn what_is_no_form_is_refused_with_a_page_and_never_as_our_fault() {
    let server = ferry(Engine::Sqlite);
    let reader = server.visitor();
    let form = b"name=Ama&body=Words&do=send";
    let origin = ("origin", reader.base());
    for kind in [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
        "x",
        "application/x-www-form-urlencodedx",
    ] {
        let page = reader.post_raw(TARGET, form, &[origin, ("content-type", kind)]);
        assert_eq!(page.status, 415, "{kind}");
        assert_eq!(page.only("h1"), "This form came in a format we do not read");
    }
    let packed = reader.post_raw(TARGET, form, &[origin, ("content-encoding", "gzip")]);
    assert_eq!(packed.status, 415);
    for broken in ["name=%", "name=%zz", "%e=1", "name=Ama&body=%u0041"] {
        let page = send(&reader, broken);
        assert_eq!(page.status, 400, "{broken}");
        assert_eq!(page.only("h1"), "This request could not be read");
    }
    assert_eq!(send(&reader, &"a=1&".repeat(101)).status, 400);
    assert_eq!(server.stored_comments(), 0);
    let charset = [
        origin,
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        ),
    ];
    assert_eq!(reader.post_raw(TARGET, form, &charset).status, 303);
}

#[test]
fn unknown_fields_are_ignored_and_decide_nothing() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        let form = "name=Ama&body=Words&do=send&status=1&status=1&public=1&staff=1&id=77&article_id=9&author_id=1\
                    &receipt=chosen&version=5&created_at=0&hold=%5B%5D&%FF=%FF&note=x&tab=x";
        let sent = send(&reader, form);
        assert_eq!(sent.status, 303, "{}", sent.text());
        assert_ne!(sent.location(), "/replies/chosen");
        assert_eq!(
            reader.get(&sent.location()).only("h1"),
            "Your reply is awaiting moderation"
        );
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 0);
        let list = server.moderator("Dana").get("/moderation");
        assert_eq!(list.texts(".item .badge"), Vec::<String>::new());
    });
}

#[test]
fn an_article_that_closed_meanwhile_gives_the_text_back() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        let mut db = server.database.connect();
        transaction(&mut db, |db| closing::close(db, "ferry", server.now())).unwrap();
        let words = "A long thought\n</textarea> of mine.";
        for verb in ["send", "preview"] {
            let fields = [("name", "Ama"), ("body", words), ("do", verb)];
            let page = reader.post(TARGET, &fields);
            assert_eq!(page.status, 409);
            assert_eq!(page.only("h1"), "Replies to this article are closed");
            assert_eq!(page.value("textarea#body"), words);
            assert_eq!(page.count("form"), 0);
            assert_eq!(
                page.attributes("main a[href='/articles/ferry']", "href")
                    .len(),
                1
            );
        }
        assert_eq!(server.stored_comments(), 0);
    });
}
