//! Hold reasons without the words that they quote: what kind each was is kept, for the receipt and the figures.

use serde_json::Value;

use super::HoldReason;

/// Stored hold reasons with every free text in them emptied. Reasons that this version does not know are left out: what is
/// a quoted word in them, it cannot tell.
pub fn without_words(stored: &str) -> String {
    let reasons: Vec<Value> = serde_json::from_str(stored).unwrap_or_default();
    let kept = reasons.into_iter().filter_map(|mut reason| {
        is_reason(&reason).then(|| {
            for place in texts(&reason) {
                empty(&mut reason, &place);
            }
            reason
        })
    });
    Value::Array(kept.collect()).to_string()
}

fn is_reason(value: &Value) -> bool {
    serde_json::from_value::<HoldReason>(value.clone()).is_ok()
}

/// Where texts stand in a reason, as JSON pointers.
fn texts(value: &Value) -> Vec<String> {
    let below = |(key, value): (String, &Value)| {
        let key = key.replace('~', "~0").replace('/', "~1");
        let inner = texts(value).into_iter();
        inner
            .map(|rest| format!("/{key}{rest}"))
            .collect::<Vec<_>>()
    };
    match value {
        Value::String(_) => vec![String::new()],
        Value::Object(fields) => (fields.iter())
            .map(|(key, value)| (key.clone(), value))
            .flat_map(below)
            .collect(),
        Value::Array(items) => (items.iter().enumerate())
            .map(|(at, value)| (at.to_string(), value))
            .flat_map(below)
            .collect(),
        _ => Vec::new(),
    }
}

/// Empties a text, unless it is one of the fixed words without which this is no reason any more.
fn empty(reason: &mut Value, place: &str) {
    let Some(slot) = reason.pointer_mut(place) else {
        return;
    };
    let before = std::mem::replace(slot, Value::String(String::new()));
    if !is_reason(reason)
        && let Some(slot) = reason.pointer_mut(place)
    {
        *slot = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moderation::hold::MatchedBy;

    #[test]
    fn words_go_and_kinds_stay() {
        let reasons = [
            HoldReason::EveryReply,
            HoldReason::Links { count: 3, limit: 2 },
            HoldReason::StaffName {
                name: "Dana".into(),
            },
            HoldReason::AuthorHold {
                name: "Dana".into(),
                until: 7,
                reason: "Insults Ama".into(),
                by: MatchedBy::Email,
            },
        ];
        let stored = serde_json::to_string(&reasons).unwrap();
        let kept: Vec<HoldReason> = serde_json::from_str(&without_words(&stored)).unwrap();
        assert_eq!(
            kept,
            [
                HoldReason::EveryReply,
                HoldReason::Links { count: 3, limit: 2 },
                HoldReason::StaffName {
                    name: String::new()
                },
                HoldReason::AuthorHold {
                    name: String::new(),
                    until: 7,
                    reason: String::new(),
                    by: MatchedBy::Email,
                },
            ]
        );
        assert_eq!(without_words("no JSON"), "[]");
        assert_eq!(without_words(r#"[{"why":"of-tomorrow","of":"Ama"}]"#), "[]");
    }
}
