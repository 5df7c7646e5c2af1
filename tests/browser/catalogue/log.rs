//! The audit log with its filters, and the house rules being edited.

use rejoinder::moderation::Role;

use super::{Catalogue, LIVELY, approve};
use crate::support::PASSWORD;

impl Catalogue {
    /// A log to filter, rules that were changed, and forms with errors.
    pub(super) fn log(&mut self) {
        self.server(&[]);
        let Some(server) = self.servers.last() else {
            return;
        };
        server.article("ferry");
        server.account("Root", Role::Admin);
        let (reader, root) = (server.visitor(), server.visitor());
        root.sign_in("Root", PASSWORD);
        reader.reply("ferry", "Ama", LIVELY);
        approve(&root, "Late");
        let rules = "/moderation/rules";
        let page = root.get(rules);
        let (csrf, base) = (page.value("main [name=csrf]"), page.value("[name=base]"));
        let mut fields = vec![("csrf".to_owned(), csrf), ("base".to_owned(), base)];
        for number in 1..=6 {
            fields.push((format!("number-{number}"), number.to_string()));
            fields.push((format!("title-{number}"), format!("Title {number}")));
            fields.push((format!("text-{number}"), "One <sentence>.".to_owned()));
        }
        let sent: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        root.post(rules, &sent);
        self.get(
            "audit log, filtered",
            &root,
            200,
            "/moderation/audit?who=1&act=approved",
        );
        self.get(
            "audit log, nothing found",
            &root,
            200,
            "/moderation/audit?act=appeals",
        );
        let wrong = "/moderation/audit?comment=x&from=y&to=z";
        self.get("audit log, filter with errors", &root, 422, wrong);
        self.get(
            "house rules, saved",
            &root,
            200,
            "/moderation/rules?said=saved",
        );
        self.post("house rules, changed meanwhile", &root, 409, rules, &sent);
        let now = root.get(rules).value("[name=base]");
        let mut empty = vec![sent[0], ("base", &*now), ("title-new", "New")];
        empty.push(("number-new", "x"));
        self.post("house rules with errors", &root, 422, rules, &empty);
        self.get("house rules, changed", &reader, 200, "/rules");
        self.get("house rules, earlier", &reader, 200, "/rules?version=1");
    }
}
