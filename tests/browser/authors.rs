//! The pages of authors who edit and appeal, and those of the desk that answer them.

use rejoinder::time::{HOUR, MINUTE};

use crate::catalogue::{ARABIC, Catalogue, LIVELY, approve};

impl Catalogue {
    /// Somebody whose reply was rejected, and somebody who thinks again.
    pub fn authors(&mut self) {
        self.server(&[]);
        let Some(server) = self.servers.last() else {
            return;
        };
        server.article("ferry");
        let (reader, dana, eve) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Eve"),
        );
        let published = reader.reply("ferry", "Ama", "Late again.");
        approve(&dana, "Late again.");
        let reject = |words: &str, verdict: &str| {
            let receipt = reader.reply("ferry", "Ivy", words);
            dana.decide("waiting", words, verdict, "4");
            receipt
        };
        let appealed = reject("The rank quotes £26.", "reject");
        let rejected = reject("So does the app.", "reject");
        let spam = reject("Cheap socks.", "spam");
        let turned_down = reject("Cheaper socks.", "spam");
        let refused = reader.reply("ferry", "Kit", "Once a week.");
        // Their authors hear of it an hour later.
        server.clock.advance(HOUR);
        let appeal = |receipt: &str| reader.post(&format!("{receipt}/appeal"), &[("why", ARABIC)]);
        appeal(&appealed);
        appeal(&turned_down);
        let edit = |receipt: &str, body: &str| {
            let seen = reader
                .get(&format!("{receipt}/edit"))
                .value("main [name=seen]");
            let fields = [("body", body), ("seen", seen.as_str()), ("do", "send")];
            reader.post(&format!("{receipt}/edit"), &fields);
        };
        approve(&dana, "Once a week.");
        let revised = reader.reply("ferry", "Jan", "Twice, and **wet**.");
        approve(&dana, "Twice, and");
        let accepted = reader.reply("ferry", "Lou", "Thrice.");
        approve(&dana, "Thrice.");
        edit(&refused, "Once a week, you fool.");
        edit(&accepted, "Thrice a week.");
        // Sends the form of an item as the page has it.
        let send = |list: &str, words: &str, verdict: [(&str, &str); 3]| {
            let page = eve.get(list);
            let id = page.item_with(words);
            let value = |name: &str| {
                let found = page.attributes(&format!("#c-{id} form input[name={name}]"), "value");
                found.into_iter().next().unwrap_or_default()
            };
            let bound = ["csrf", "version", "view", "revision", "appeal"];
            let bound = bound.map(|name| (name, value(name)));
            let mut fields: Vec<(&str, &str)> =
                bound.iter().map(|(k, v)| (*k, v.as_str())).collect();
            fields.extend(verdict);
            let sent = eve.post(&format!("/moderation/comments/{id}/decide"), &fields);
            assert_eq!(sent.status, 303, "{}", sent.text());
        };
        let (none, rule) = (
            [("ground", ""), ("note", "")],
            [("ground", "1"), ("note", ARABIC)],
        );
        send(
            "/moderation",
            "you fool",
            [("do", "reject"), rule[0], rule[1]],
        );
        send(
            "/moderation",
            "Thrice a",
            [("do", "approve"), none[0], none[1]],
        );
        let answer = [("do", "keep"), ("ground", ""), ("note", "It sells socks.")];
        send("/moderation?tab=appeals", "Cheaper", answer);
        server.clock.advance(2 * MINUTE);
        edit(&revised, "Twice a week, and _wet_.");
        let pending = reader.reply("ferry", "Ida", LIVELY);
        let fields = [
            ("name", "Mae"),
            ("body", LIVELY),
            ("remember", "1"),
            ("do", "send"),
        ];
        let visitor = server.visitor();
        let remembered = visitor.post("/articles/ferry/replies", &fields).location();

        for (name, path, status) in [
            ("receipt, an edit waits", revised.clone(), 200),
            ("receipt, an edit was refused", refused, 200),
            ("receipt, an edit was accepted", accepted, 200),
            ("receipt, an appeal waits", appealed.clone(), 200),
            ("receipt, an appeal was turned down", turned_down, 200),
            ("receipt, spam that can be appealed", spam, 200),
            ("receipt, remembered", remembered.clone(), 200),
            ("receipt, forgotten", format!("{remembered}#forgotten"), 200),
            ("editing", format!("{pending}/edit"), 200),
            ("editing what is published", format!("{revised}/edit"), 200),
            ("an edit too late", format!("{published}/edit"), 409),
        ] {
            self.get(name, &reader, status, &path);
        }
        let path = format!("{pending}/edit");
        let form = [("body", LIVELY), ("do", "preview")];
        self.post("edit, preview", &reader, 200, &path, &form);
        let form = [("body", ""), ("do", "send")];
        self.post("edit, errors", &reader, 422, &path, &form);
        let path = format!("{revised}/edit");
        let form = [("body", LIVELY), ("seen", "another"), ("do", "send")];
        self.post("edited in two windows", &reader, 409, &path, &form);
        let path = format!("{rejected}/appeal");
        self.post("appeal, errors", &reader, 422, &path, &[("why", "")]);
        let path = format!("{appealed}/appeal");
        self.post("appealed twice", &reader, 409, &path, &[("why", LIVELY)]);

        self.get("queue with an edit", &dana, 200, "/moderation");
        let appeals = "/moderation?tab=appeals";
        self.get("own decision appealed", &dana, 200, appeals);
        self.get("answering an appeal", &eve, 200, appeals);
        self.then(
            "document.querySelectorAll('.item .drop').forEach((d) => { d.open = !!d.querySelector('[value=keep]'); })",
        );
    }
}
