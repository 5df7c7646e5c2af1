//! The desk at work: lists that are filtered and searched, claims, bulks, authors, saved replies.

use rejoinder::moderation::Role;

use super::{ARABIC, ARTICLE, Catalogue, LIVELY, approve};
use crate::support::PASSWORD;

impl Catalogue {
    /// A desk with two moderators and an admin in the middle of their work.
    pub(super) fn desk(&mut self) {
        self.server(&[]);
        let Some(server) = self.servers.last() else {
            return;
        };
        server.seed(ARTICLE);
        let (reader, dana, eve) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Eve"),
        );
        server.account("Ada", Role::Admin);
        let ada = server.visitor();
        ada.sign_in("Ada", PASSWORD);
        let remembered = |name: &str, body: &str| {
            let form = [
                ("name", name),
                ("email", "ama@secret.example"),
                ("body", body),
                ("remember", "yes"),
                ("do", "send"),
            ];
            reader.post("/articles/ferry/replies", &form).location()
        };
        remembered("Ama", LIVELY);
        approve(&dana, "Late");
        remembered("Ama", "Off to the shops.");
        dana.decide("waiting", "shops", "reject", "4");
        let mine = server.comment_at(&remembered(
            "Ama",
            "https://a.example https://b.example https://c.example",
        ));
        for number in 1..=4 {
            reader.reply("ferry", "Dana", &format!("Number {number}, and late."));
        }
        let stranger = server.comment_at(&server.visitor().reply("ferry", "Zoë", ARABIC));
        let csrf = dana.get("/moderation").value("input[name=csrf]");
        let with = |more: &[(&'static str, &'static str)]| {
            let mut form = vec![("csrf", csrf.as_str()), ("view", "")];
            form.extend(more);
            form
        };
        let author = dana
            .get("/moderation")
            .attribute(&format!("#c-{mine} .c-name"), "href");
        let unknown = format!("/moderation/comments/{stranger}/author");
        let note = [("note", "Good on port history.")];
        dana.post(&format!("/moderation/comments/{mine}/notes"), &with(&note));
        dana.post(
            &format!("/moderation/comments/{mine}/claim"),
            &with(&[("do", "claim")]),
        );
        dana.post(
            &author,
            &with(&[
                ("do", "hold"),
                ("until", "2031-01-01"),
                ("reason", "Insults."),
            ]),
        );
        dana.post(
            &unknown,
            &with(&[("do", "note"), ("note", "Writes from the port.")]),
        );
        let saved = "/moderation/saved-replies";
        let words = [
            ("do", "add"),
            ("title", "Off topic"),
            ("text", "Taxi prices belong elsewhere."),
        ];
        dana.post(saved, &with(&words));

        for (name, client, path) in [
            ("queue with a claim of a colleague", &eve, "/moderation"),
            (
                "queue with one's own claim",
                &dana,
                "/moderation?claim=mine",
            ),
            ("queue by risk", &dana, "/moderation?sort=risk&why=links"),
            ("queue, searched", &dana, "/moderation?q=late"),
            (
                "queue, nothing found",
                &dana,
                "/moderation?q=nowhere&article=1",
            ),
            ("all comments", &ada, "/moderation?tab=all"),
            (
                "all comments of a status",
                &dana,
                "/moderation?tab=all&status=rejected&age=day",
            ),
            ("queue after taking", &dana, "/moderation?said=taken-3"),
            ("author on hold", &ada, author.as_str()),
            (
                "author's rejected comments",
                &dana,
                &format!("{author}?status=rejected"),
            ),
            ("author who is not recognised", &dana, &unknown),
            ("saved replies", &dana, saved),
            ("today", &dana, "/moderation/today"),
            ("transparency", &reader, "/transparency"),
            ("reports of all months", &reader, "/transparency/months"),
        ] {
            self.get(name, client, 200, path);
        }
        self.get("no report", &reader, 404, "/transparency?month=1999-01");
        let everything = with(&[("everything", "1"), ("do", "reject"), ("ground", "4")]);
        self.post(
            "bulk, before it is done",
            &dana,
            200,
            "/moderation/bulk",
            &everything,
        );
        let nothing = with(&[("do", "hold"), ("until", "yesterday"), ("reason", "")]);
        self.post("hold with errors", &dana, 422, &author, &nothing);
        let empty = with(&[("do", "add"), ("title", ""), ("text", LIVELY)]);
        self.post("saved reply with errors", &dana, 422, saved, &empty);
        self.get("queue, everything open", &dana, 200, "/moderation");
        if let Some(sight) = self.sights.last_mut() {
            sight.then = "document.querySelectorAll('.item:first-child .drop').forEach((d) => { d.open = true; })";
        }

        // And one whose bulk is done.
        self.server(&[]);
        let Some(server) = self.servers.last() else {
            return;
        };
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        for number in 1..=3 {
            reader.reply("ferry", "Ama", &format!("Number {number}."));
        }
        let list = dana.get("/moderation");
        let csrf = list.value("input[name=csrf]");
        let mut form = vec![("csrf", csrf.as_str()), ("view", ""), ("do", "spam")];
        let picked = list.attributes("input[name=sel]", "value");
        form.extend(picked.iter().take(2).map(|word| ("sel", word.as_str())));
        let done = dana.post("/moderation/bulk", &form).location();
        self.get("queue after a bulk", &dana, 200, &done);
        dana.decide("waiting", "Number 3", "approve", "");
        self.get("queue cleared today", &dana, 200, "/moderation");
    }
}
