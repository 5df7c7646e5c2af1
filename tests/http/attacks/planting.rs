//! Fields that no form has: what is stored is decided by the server alone.

use diesel::{QueryDsl, RunQueryDsl};
use rejoinder::store::schema::{appeals, comments, moderators, reports};
use rejoinder::time::MINUTE;

use crate::desk::{edit, post};
use crate::support::{Server, on_each_engine};

/// Names of columns, and what their owners would like to have in them.
const WISHES: [(&str, &str); 28] = [
    ("status", "1"),
    ("public", "1"),
    ("staff", "1"),
    ("role", "admin"),
    ("author", "1"),
    ("author_id", "1"),
    ("moderator_id", "1"),
    ("article_id", "2"),
    ("article", "2"),
    ("root_id", "1"),
    ("parent_id", "1"),
    ("depth", "9"),
    ("created_at", "1"),
    ("published_at", "1"),
    ("edited_at", "1"),
    ("decided_at", "1"),
    ("version", "99"),
    ("receipt", "AAAAAAAAAAAAAAAAAAAAAAAA"),
    ("body_html", "<script>alert(1)</script>"),
    ("html_version", "9"),
    ("hold", "[]"),
    ("risk", "-5"),
    ("network", "x"),
    ("open_reports", "-1"),
    ("trusted", "1"),
    ("public_descendants", "99"),
    ("totp_since", ""),
    ("disabled_at", ""),
];

#[test]
fn a_field_that_no_form_has_decides_nothing_of_what_is_stored() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        server.article("bridge");
        let reader = server.visitor();
        let mut fields = vec![("name", "Ama"), ("body", "Plain *words*."), ("do", "send")];
        fields.extend(WISHES.iter().filter(|(name, _)| *name != "parent_id"));
        let sent = reader.post("/articles/ferry/replies", &fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
        assert_ne!(sent.location(), "/replies/AAAAAAAAAAAAAAAAAAAAAAAA");
        type Row = (
            i16,
            i16,
            Option<i64>,
            Option<i64>,
            i16,
            i64,
            Option<i64>,
            i64,
            String,
        );
        let row = || -> Row {
            comments::table
                .find(1)
                .select((
                    comments::status,
                    comments::staff,
                    comments::author_id,
                    comments::root_id,
                    comments::depth,
                    comments::created_at,
                    comments::published_at,
                    comments::risk,
                    comments::body_html,
                ))
                .first(&mut server.database.connect())
                .unwrap()
        };
        let (status, staff, author, root, depth, created, published, risk, html) = row();
        assert_eq!((status, staff, author, root, depth), (0, 0, None, None, 0));
        assert!(created > 1_000_000_000_000 && published.is_none() && risk >= 0);
        assert!(
            html.contains("<em>words</em>") && !html.contains("script"),
            "{html}"
        );
        assert_eq!(reader.get("/articles/bridge").count(".comment"), 0);

        // An edit, a report.
        edit(&reader, &sent.location(), "Other words.");
        let form = reader.get(&format!("{}/edit", sent.location()));
        let seen = form.value("main [name=seen]");
        let mut fields = vec![
            ("seen", seen.as_str()),
            ("body", "Third words."),
            ("do", "send"),
            ("name", "Mallory"),
        ];
        fields.extend(WISHES);
        reader.post(&format!("{}/edit", sent.location()), &fields);
        let name: String = comments::table
            .find(1)
            .select(comments::name)
            .first(&mut server.database.connect())
            .unwrap();
        assert_eq!((row().0, name.as_str()), (0, "Ama"));
        let dana = server.moderator("Dana");
        dana.decide("waiting", "Third words.", "approve", "");
        let mut fields = vec![("ground", "4")];
        fields.extend(WISHES.iter().filter(|(name, _)| *name != "name"));
        let sent = reader.post("/comments/1/report", &fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let stored: Vec<(i64, i16, i64)> = reports::table
            .select((reports::comment_id, reports::status, reports::created_at))
            .load(&mut server.database.connect())
            .unwrap();
        assert_eq!((stored.len(), stored[0].0, stored[0].1), (1, 1, 0));
        assert!(stored[0].2 > 1_000_000_000_000);
        assert_eq!(row().0, 1);

        // One's own account.
        let new = "dry slate, quick bell";
        let mut fields = vec![
            ("current", crate::support::PASSWORD),
            ("new", new),
            ("again", new),
            ("id", "1"),
            ("moderator", "1"),
        ];
        fields.extend(WISHES.iter().filter(|(name, _)| *name != "version"));
        let changed = post(&dana, "/moderation/account/password", &fields);
        assert_eq!(changed.status, 303, "{}", changed.text());
        let roles: Vec<i16> = moderators::table
            .select(moderators::role)
            .load(&mut server.database.connect())
            .unwrap();
        assert_eq!(roles, [0]);
        let mut fields = vec![
            ("view", ""),
            ("note", "A note."),
            ("moderator", "9"),
            ("at", "1"),
        ];
        fields.extend(WISHES.iter().filter(|(name, _)| *name != "version"));
        post(&dana, "/moderation/comments/1/notes", &fields);
        assert!(
            dana.get("/moderation?tab=published")
                .text()
                .contains("Dana")
        );

        // An appeal.
        let receipt = reader.reply("ferry", "Ama", "Last words.");
        dana.decide("waiting", "Last words.", "reject", "1");
        server.clock.advance(MINUTE);
        let mut fields = vec![
            ("why", "It was not so."),
            ("decision_id", "99"),
            ("comment_id", "1"),
        ];
        fields.extend(WISHES);
        let sent = reader.post(&format!("{receipt}/appeal"), &fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
        type Appeal = (i64, i64, i16, String, i64, Option<i64>);
        let (comment, decision, status, text, created, decided): Appeal = appeals::table
            .select((
                appeals::comment_id,
                appeals::decision_id,
                appeals::status,
                appeals::text,
                appeals::created_at,
                appeals::decided_at,
            ))
            .first(&mut server.database.connect())
            .unwrap();
        assert_eq!((comment, status, text.as_str()), (2, 0, "It was not so."));
        assert!(decision != 99 && created > 1_000_000_000_000 && decided.is_none());
        assert_eq!(dana.get("/moderation?tab=appeals").count(".item"), 1);
    });
}
