//! Who may do what: moderators are no admins, and a receipt is nobody else's.

use crate::desk::{admin, edit, post, reply};
use crate::reporting::report;
use crate::support::{Page, Server, on_each_engine};

use super::routes::{NOWHERE, Places, all};

/// The routes for admins alone. A new route of the desk has to be named here or below.
const ADMINS: [&str; 6] = [
    "/moderation/policy",
    "/moderation/policy/try",
    "/moderation/policy/lists",
    "/moderation/people",
    "/moderation/people/{id}",
    "/moderation/rules",
];

/// What every moderator may read and do.
const MODERATORS: [&str; 25] = [
    "/logout",
    "/moderation",
    "/moderation/counts",
    "/moderation/today",
    "/moderation/claims",
    "/moderation/comments/{id}/claim",
    "/moderation/comments/{id}/notes",
    "/moderation/comments/{id}/author",
    "/moderation/comments/{id}/decide",
    "/moderation/comments/{id}/reply",
    "/moderation/authors/{id}",
    "/moderation/saved-replies",
    "/moderation/bulk",
    "/moderation/bulks/{id}/undo",
    "/moderation/decisions/{id}/undo",
    "/moderation/audit",
    "/moderation/audit.csv",
    "/moderation/audit.jsonl",
    "/moderation/articles",
    "/moderation/articles/{id}",
    "/moderation/articles/{id}/reply",
    "/moderation/account",
    "/moderation/account/password",
    "/moderation/account/sessions",
    "/moderation/account/two-factor",
];

fn says_admins_only(page: &Page) -> bool {
    page.status == 403 && page.text().contains("admin")
}

#[test]
fn a_moderator_reaches_no_page_and_no_act_of_an_admin() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (priya, dana) = (admin(&server, "Priya"), server.moderator("Dana"));
        let accounts = priya.get("/moderation/people").texts(".item h2");
        let there = Places { id: "1", ..NOWHERE };
        for route in all().into_iter().filter(super::routes::Route::is_desk) {
            let pattern = route.pattern.as_str();
            let of_admins = ADMINS.contains(&pattern);
            let of_all = MODERATORS.contains(&pattern);
            assert!(of_admins != of_all, "{pattern}: whose is it?");
            let path = route.at(there);
            if route.get {
                assert_eq!(says_admins_only(&dana.get(&path)), of_admins, "{path}");
                assert_ne!(priya.get(&path).status, 403, "{path}");
            }
            // Signing out would end it here.
            if route.post && pattern != "/logout" {
                for act in ["disable", "role", "add", "save", "publish"] {
                    let all = [
                        ("do", act),
                        ("role", "admin"),
                        ("name", "Mallory"),
                        ("id", "1"),
                    ];
                    let page = post(&dana, &path, &all);
                    let what = format!("{path} {act}: {}", page.text());
                    assert_eq!(says_admins_only(&page), of_admins, "{what}");
                }
            }
        }
        assert_eq!(priya.get("/moderation/people").texts(".item h2"), accounts);
    });
}

#[test]
fn a_receipt_opens_its_own_reply_and_nothing_else() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let (ama, bo) = (server.visitor(), server.visitor());
        let own = reply(&server, &ama, "Ama", "By Ama.");
        let other = reply(&server, &bo, "Bo", "By Bo.");
        let reported = report(&bo, own.id, &[("ground", "4")]);
        let (mine, theirs) = (
            &own.receipt["/replies/".len()..],
            &other.receipt["/replies/".len()..],
        );
        let report = &reported["/reports/".len()..];
        let swapped: String = mine
            .chars()
            .map(|c| match c.is_ascii_lowercase() {
                true => c.to_ascii_uppercase(),
                false => c.to_ascii_lowercase(),
            })
            .collect();
        let near: Vec<String> = vec![
            format!("/replies/{report}"),
            format!("/reports/{mine}"),
            format!("/replies/{}", &mine[..23]),
            format!("/replies/{mine}A"),
            format!("/replies/{swapped}"),
            format!("/replies/{mine}%20"),
            format!("/replies/{mine}%00"),
            "/replies/%25".to_owned(),
            format!("/replies/{}_", &mine[..23]),
            format!("/replies/%25{}", &mine[1..]),
            format!("/replies/{}", own.id),
            format!("/replies/{mine}/../{theirs}x"),
            format!("/replies/{mine},{theirs}"),
            "/replies/'%20OR%201=1--".to_owned(),
        ];
        for path in &near {
            let page = bo.get(path);
            // The last character may differ in bits that say nothing; then it is another text all the same.
            assert_eq!(page.status, 404, "{path}");
            assert!(!page.body.contains("By Ama."), "{path}");
            for act in ["withdraw", "edit", "appeal", "forget"] {
                let page = bo.post(
                    &format!("{path}/{act}"),
                    &[("body", "Changed"), ("do", "send"), ("why", "x")],
                );
                assert_eq!(page.status, 404, "{path}/{act}");
            }
        }
        // A field that names somebody else's comment or receipt decides nothing.
        let id = own.id.to_string();
        let fields = [
            ("id", id.as_str()),
            ("comment", &id),
            ("receipt", mine),
            ("comment_id", &id),
        ];
        bo.post(&format!("{}/withdraw", other.receipt), &fields);
        let page = ama.get("/articles/ferry");
        assert!(page.body.contains("By Ama.") && !page.body.contains("By Bo."));
        edit(&ama, &own.receipt, "By Ama, edited.");
        // The page of a comment leads nobody to its receipt, not even the desk.
        let dana = server.moderator("Dana");
        for path in [
            "/articles/ferry",
            "/moderation?tab=all",
            "/moderation/audit",
            "/moderation/comments/1/author",
        ] {
            let page = dana.get(path);
            for token in [mine, theirs, report] {
                assert!(!page.body.contains(token), "{path}");
            }
        }
    });
}
