//! Entries of the audit log as files: comma-separated values, or a JSON object a line.

use serde_json::json;

use crate::store::audit_export::Exported;
use crate::store::audit_log::Who;
use crate::store::token::hex;
use crate::text::csv_line;
use crate::time::Zone;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Format {
    /// What comes before the first entry.
    pub fn head(self) -> String {
        match self {
            Self::Csv => csv_line(&[
                "id",
                "at",
                "who",
                "moderator",
                "act",
                "article",
                "comment",
                "decision",
                "facts",
                "text",
                "seal",
                "hash",
            ]),
            Self::JsonLines => String::new(),
        }
    }

    /// The line of an entry, its end included. Times are RFC 3339 in this zone.
    pub fn line(self, zone: &Zone, entry: &Exported) -> String {
        let at = zone.iso(entry.at);
        let (who, moderator) = match &entry.who {
            Who::Moderator(name) => ("moderator", name.as_str()),
            Who::CommandLine => ("command-line", ""),
            Who::Author => ("author", ""),
            Who::Policy => ("policy", ""),
            Who::Unknown => ("unknown", ""),
        };
        let hash = entry.seal.as_ref().map(|(_, hash)| hex(hash));
        let seq = entry.seal.as_ref().map(|(seq, _)| *seq);
        if self == Self::JsonLines {
            // What is no JSON is handed out as it stands.
            let facts = serde_json::from_str(&entry.facts)
                .unwrap_or_else(|_| serde_json::Value::String(entry.facts.clone()));
            let line = json!({
                "id": entry.id, "at": at, "who": who,
                "moderator": (!moderator.is_empty()).then_some(moderator),
                "act": entry.act, "article": entry.article, "comment": entry.comment,
                "decision": entry.decision, "facts": facts, "text": entry.text,
                "seal": seq, "hash": hash,
            });
            return format!("{line}\n");
        }
        let number = |id: Option<i64>| id.map_or_else(String::new, |id| id.to_string());
        csv_line(&[
            &entry.id.to_string(),
            &at,
            who,
            moderator,
            &entry.act,
            entry.article.as_deref().unwrap_or_default(),
            &number(entry.comment),
            &number(entry.decision),
            &entry.facts,
            &entry.text,
            &number(seq),
            hash.as_deref().unwrap_or_default(),
        ])
    }
}
