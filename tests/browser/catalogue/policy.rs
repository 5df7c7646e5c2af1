//! The policy: its settings, its lists, what entries would have done.

use rejoinder::moderation::Role;

use super::Catalogue;
use crate::support::PASSWORD;

const POLICY: &str = "/moderation/policy";
const LISTS: &str = "/moderation/policy/lists";

impl Catalogue {
    /// The policy in every state.
    pub(super) fn policy(&mut self) {
        self.server(&[]);
        let Some(server) = self.servers.last() else {
            return;
        };
        server.article("ferry");
        server.account("Ada", Role::Admin);
        let (ada, reader) = (server.visitor(), server.visitor());
        ada.sign_in("Ada", PASSWORD);
        let csrf = ada.get(POLICY).value("main [name=csrf]");
        let entries = |act: &'static str, kind: &'static str, patterns: &'static str| {
            [
                ("csrf", csrf.clone()),
                ("do", act.to_owned()),
                ("kind", kind.to_owned()),
                ("patterns", patterns.to_owned()),
                ("action", "hold".to_owned()),
                ("in-text", "yes".to_owned()),
                ("until", String::new()),
            ]
        };
        for (kind, pattern) in [
            ("words", "casino*"),
            ("network", "203.0.113.0/24"),
            (
                "email",
                "a-rather-long-domain-of-nobody-in-particular.mailinator.example",
            ),
        ] {
            let fields = entries("add", kind, pattern);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, &**b)).collect();
            ada.post(LISTS, &fields);
        }
        reader.reply(
            "ferry",
            "Zed",
            "Off to the C.A.S.I.N.O again, https://lark.example",
        );
        reader.reply("ferry", "Zoe", "The casinos again");
        let fields = entries("preview", "words", "again");
        let preview: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, &**b)).collect();
        let fields = entries("add", "words", "ca*no");
        let wrong: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, &**b)).collect();
        let tried = [
            ("csrf", &*csrf),
            ("body", "A casino"),
            ("author", "new"),
            ("address", ""),
        ];
        let misfit = [
            ("csrf", &*csrf),
            ("body", "A casino"),
            ("author", "new"),
            ("address", "nowhere"),
        ];
        let bad = [
            ("csrf", &*csrf),
            ("version", "0"),
            ("hold", "all"),
            ("links", "many"),
            ("fast", "-1"),
        ];
        let stale = [
            ("csrf", &*csrf),
            ("version", "77"),
            ("hold", "all"),
            ("links", "3"),
            ("fast", "1"),
        ];
        self.get("policy", &ada, 200, POLICY);
        self.get("policy, saved", &ada, 200, "/moderation/policy?said=saved");
        self.post("policy, errors", &ada, 422, POLICY, &bad);
        self.post("policy, stale", &ada, 409, POLICY, &stale);
        self.post("policy, tried", &ada, 200, "/moderation/policy/try", &tried);
        self.post(
            "policy, tried wrong",
            &ada,
            422,
            "/moderation/policy/try",
            &misfit,
        );
        self.get("lists", &ada, 200, LISTS);
        self.get(
            "lists, sought",
            &ada,
            200,
            "/moderation/policy/lists?q=nothing",
        );
        self.post("lists, errors", &ada, 422, LISTS, &wrong);
        self.post("lists, preview", &ada, 200, LISTS, &preview);
        self.get("queue, listed", &ada, 200, "/moderation");
    }
}
