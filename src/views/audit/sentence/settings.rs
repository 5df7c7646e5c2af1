//! Which settings of the policy were changed, from what to what.

use serde_json::Value;

use crate::views::Phrases;

/// "links that a reply may have, was 2, now 5; …", from the facts of an entry.
pub(super) fn changes(phrases: &Phrases, facts: &Value) -> String {
    let (Some(from), Some(to)) = (facts.get("from"), facts.get("to")) else {
        return String::new();
    };
    let said = [
        ("hold", phrases.say("audit-set-hold")),
        ("links", phrases.say("audit-set-links")),
        ("fast-seconds", phrases.say("audit-set-fast")),
        ("duplicates", phrases.say("audit-set-duplicates")),
        ("new-author-link", phrases.say("audit-set-new-author-link")),
        ("trust", phrases.say("audit-set-trust")),
    ];
    let change = |(key, name): &(&str, String)| {
        let (from, to) = (from.get(*key)?, to.get(*key)?);
        let (was, now) = (value(phrases, from), value(phrases, to));
        let said = [("setting", name.as_str()), ("was", &was), ("now", &now)];
        (from != to).then(|| phrases.say_with("audit-set", &said))
    };
    let changes: Vec<String> = said.iter().filter_map(change).collect();
    changes.join("; ")
}

fn value(phrases: &Phrases, value: &Value) -> String {
    match value {
        Value::Bool(true) => phrases.say("audit-on"),
        Value::Bool(false) => phrases.say("audit-off"),
        Value::Number(number) => number.to_string(),
        Value::String(word) => match word.as_str() {
            "all" => phrases.say("audit-mode-all"),
            "first" => phrases.say("audit-mode-first"),
            _ => phrases.say("audit-mode-none"),
        },
        _ => String::new(),
    }
}
