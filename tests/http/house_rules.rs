//! House rules: edited by admins, in force at once, and kept as they were.

use rejoinder::time::{DAY, MINUTE};

use crate::auditing::{LOG, sentences};
use crate::desk::{admin, decide, list, reply, toast};
use crate::moderating::ferry;
use crate::support::{Client, PASSWORD, Page, on_each_engine};

const PATH: &str = "/moderation/rules";

/// The fields of the form as the page has them.
fn fields(page: &Page) -> Vec<(String, String)> {
    let form = "form[action='/moderation/rules']";
    let mut fields = Vec::new();
    for kind in ["input:not([type=checkbox])", "textarea"] {
        for name in page.attributes(&format!("{form} {kind}"), "name") {
            let value = page.value(&format!("{form} [name='{name}']"));
            fields.push((name, value));
        }
    }
    fields
}

/// Sends the form of this page with some of its fields changed.
fn send(client: &Client, page: &Page, changes: &[(&str, &str)]) -> Page {
    let mut fields = fields(page);
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    client.post(PATH, &fields)
}

#[test]
fn rules_are_reworded_added_removed_and_renumbered_and_are_in_force_at_once() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (root, dana, reader) = (
            admin(&server, "Root"),
            server.moderator("Dana"),
            server.visitor(),
        );
        let sent = reply(&server, &reader, "Ama", "It waits.");
        assert_eq!(dana.get(PATH).status, 403);
        assert_eq!(server.visitor().get(PATH).status, 303);
        let page = root.get(PATH);
        assert_eq!(page.count("fieldset"), 7, "six rules and one to add");
        assert_eq!(page.count("[name^=remove-]"), 5, "the illegal one stays");
        assert_eq!(page.value("#number-new"), "7");
        assert_eq!(reader.get("/rules").count("#earlier"), 0);
        let saved = send(
            &root,
            &page,
            &[
                ("text-4", "Keep to the subject <of> the article."),
                ("remove-5", "yes"),
                ("title-new", "Shouting"),
                ("text-new", "No capitals."),
                ("number-new", "12"),
                ("number-1", "2"),
                ("number-2", "1"),
                ("text-6", "Nothing that any law forbids."),
            ],
        );
        assert_eq!(toast(&root, &saved), "The rules are saved and in force.");
        let rules = reader.get("/rules");
        assert_eq!(
            rules.texts(".prose li"),
            [
                "Hatred or discrimination. No hatred of anyone for what they are.",
                "Personal attack. Argue with the point and leave the person alone.",
                "Private information. Keep other people’s private details private.",
                "Off topic. Keep to the subject <of> the article.",
                "Unlawful content. Nothing that any law forbids.",
                "Shouting. No capitals.",
            ]
        );
        assert_eq!(
            rules.attributes(".prose li", "value"),
            ["1", "2", "3", "4", "6", "12"]
        );
        let mut said = sentences(&root.get(&format!("{LOG}?act=rules")));
        said.sort();
        assert_eq!(
            said,
            [
                "Root added house rule 12: Shouting",
                "Root changed house rule 1: Hatred or discrimination",
                "Root changed house rule 2: Personal attack",
                "Root changed house rule 4: Off topic",
                "Root changed house rule 6: Unlawful content",
                "Root removed house rule 5: Advertising",
            ]
        );
        // A rule with two digits can be chosen.
        let queue = list(&dana, "");
        let grounds = queue.attributes("#c-1 [name=ground]", "value");
        assert_eq!(grounds, ["1", "2", "3", "4", "6", "12"]);
        let reject = [("do", "reject"), ("ground", "12"), ("note", "")];
        assert_eq!(decide(&dana, "", sent.id, &reject).status, 303);
        server.clock.advance(MINUTE);
        assert!(reader.get(&sent.receipt).text().contains("No capitals."));
        // Saving what is there changes nothing.
        let page = root.get(PATH);
        let base = page.value("[name=base]");
        assert_eq!(send(&root, &page, &[]).status, 303);
        assert_eq!(root.get(PATH).value("[name=base]"), base);
        assert_eq!(reader.get("/rules").texts("#earlier + ul li").len(), 1);
    });
}

#[test]
fn a_decision_keeps_the_rule_as_it_was_and_earlier_rules_can_be_read() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (root, reader) = (admin(&server, "Root"), server.visitor());
        let sent = reply(&server, &reader, "Ama", "It waits.");
        let reject = [("do", "reject"), ("ground", "4"), ("note", "")];
        decide(&root, "", sent.id, &reject);
        server.clock.advance(MINUTE);
        let old = "Keep to the subject of the article.";
        assert!(reader.get(&sent.receipt).text().contains(old));
        for words in ["Other words.", "Still other words."] {
            server.clock.advance(DAY);
            root.sign_in("Root", PASSWORD);
            let page = root.get(PATH);
            let names = page.attributes("textarea", "name");
            assert_eq!(
                send(&root, &page, &[(names[3].as_str(), words)]).status,
                303
            );
        }
        let receipt = reader.get(&sent.receipt);
        assert!(receipt.text().contains(old), "{}", receipt.text());
        assert!(!receipt.text().contains("Still other words."));
        let now = reader.get("/rules");
        assert_eq!(now.only("#rule-4"), "Off topic. Still other words.");
        let earlier = now.texts("#earlier + ul a");
        assert_eq!(earlier.len(), 2);
        assert!(
            earlier[0].starts_with("From ") && earlier[1].starts_with("Until "),
            "{earlier:?}"
        );
        let links = now.attributes("#earlier + ul a", "href");
        assert_eq!(links, ["/rules?version=2", "/rules?version=1"]);
        let first = reader.get(&links[1]);
        assert_eq!(first.only("#rule-4"), format!("Off topic. {old}"));
        assert!(
            first
                .only("#was")
                .starts_with("These rules were in force until ")
        );
        assert!(first.header("etag").is_some());
        assert_eq!(
            first.header("cache-control"),
            Some("public, max-age=0, s-maxage=1, stale-if-error=600")
        );
        assert_eq!(
            reader.get(&links[0]).only("#rule-4"),
            "Off topic. Other words."
        );
        assert_eq!(
            reader.get("/rules?version=3").only("#rule-4"),
            now.only("#rule-4")
        );
        for version in ["4", "0", "x", "-1", "99999999999999999999"] {
            let path = format!("/rules?version={version}");
            assert_eq!(reader.get(&path).status, 404, "{version}");
        }
    });
}

#[test]
fn wrong_rules_are_told_with_everything_kept_and_nothing_is_changed() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let root = admin(&server, "Root");
        let before = server.visitor().get("/rules").texts(".prose li");
        let (long_title, long_text) = ("t".repeat(81), "x".repeat(501));
        let cases: [(&[(&str, &str)], &str); 8] = [
            (&[("number-4", "0")], "Rule 0: Enter a number from 1 to 99"),
            (
                &[("number-4", "four")],
                "Rule four: Enter a number from 1 to 99",
            ),
            (
                &[("number-4", "3")],
                "Rule 3: Another rule has the number 3",
            ),
            (
                &[("title-4", " ")],
                "Rule 4: Enter a title of at most 80 characters",
            ),
            (
                &[("title-4", &long_title)],
                "Rule 4: Enter a title of at most 80 characters",
            ),
            (
                &[("text-4", &long_text)],
                "Rule 4: Enter a sentence of at most 500 characters",
            ),
            (
                &[("text-4", "a\0b")],
                "Rule 4: Enter a sentence of at most 500 characters",
            ),
            (
                &[("text-new", "No title.")],
                "Add a rule: Enter a title of at most 80 characters",
            ),
        ];
        for (changes, said) in cases {
            let mut all = vec![("title-1", "Kept <title>")];
            all.extend_from_slice(changes);
            let page = send(&root, &root.get(PATH), &all);
            assert_eq!(page.status, 422, "{changes:?}");
            assert_eq!(page.texts("[role=alert] li"), [said]);
            assert_eq!(page.value("#title-1"), "Kept <title>");
            let (name, value) = changes[0];
            if !value.contains('\0') {
                assert_eq!(page.value(&format!("#{name}")), value.trim());
            }
            // Corrected, the same form goes through; but not now.
            assert_eq!(fields(&page).len(), fields(&root.get(PATH)).len());
        }
        // The illegal rule is not removed, whatever a form says.
        assert_eq!(
            send(&root, &root.get(PATH), &[("remove-6", "yes")]).status,
            303
        );
        assert_eq!(server.visitor().get("/rules").texts(".prose li"), before);
        // Twenty are the most.
        for number in 7..=20 {
            let number = number.to_string();
            let new = [
                ("number-new", &*number),
                ("title-new", "New"),
                ("text-new", "Words."),
            ];
            assert_eq!(send(&root, &root.get(PATH), &new).status, 303, "{number}");
        }
        let page = root.get(PATH);
        let new = [
            ("number-new", "21"),
            ("title-new", "New"),
            ("text-new", "Words."),
        ];
        let full = send(&root, &page, &new);
        assert_eq!(full.status, 422);
        assert_eq!(
            full.texts("[role=alert] li"),
            ["There can be 20 rules at most: remove one first"]
        );
        assert_eq!(full.value("#title-new"), "New");
        for base in ["", "x", "1.2.", "1..2"] {
            assert_eq!(
                send(&root, &page, &[("base", base)]).status,
                400,
                "{base:?}"
            );
        }
        assert_eq!(root.post(PATH, &[("base", "1")]).status, 403);
    });
}

#[test]
fn a_form_made_from_older_rules_is_refused_and_its_text_kept() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (root, ada) = (admin(&server, "Root"), admin(&server, "Ada"));
        let old = ada.get(PATH);
        assert_eq!(
            send(&root, &root.get(PATH), &[("text-4", "Root’s words.")]).status,
            303
        );
        let late = send(&ada, &old, &[("text-3", "Ada’s words."), ("title-2", "")]);
        assert_eq!(late.status, 409);
        let kept = late.texts("[role=alert] li");
        assert_eq!(kept[2], "Private information Ada’s words.");
        let texts = late.texts("textarea");
        assert!(texts.contains(&"Root’s words.".to_owned()), "{texts:?}");
        assert_eq!(
            server.visitor().get("/rules").only("#rule-4"),
            "Off topic. Root’s words."
        );
        // From there it can be done again.
        let names = late.attributes("textarea", "name");
        let again = send(&ada, &late, &[(names[2].as_str(), "Ada’s words.")]);
        assert_eq!(again.status, 303);
        let rules = server.visitor().get("/rules");
        assert_eq!(rules.only("#rule-3"), "Private information. Ada’s words.");
        assert_eq!(rules.only("#rule-4"), "Off topic. Root’s words.");
    });
}
