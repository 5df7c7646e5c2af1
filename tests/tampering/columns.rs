//! Each column of the log changed.

use rejoinder::store::token;

use crate::SEALED;

pub const ALTERED: &str = "the entry or its seal is not what was sealed";
pub const STRAY: &str = "it has no seal and waits for none";
pub const EMPTIED: &str = "the text beside it was emptied, and not by an erasure that the log has";

/// One way to tamper: what is done, and what the first broken line is said to be.
pub struct Case {
    pub name: String,
    pub statements: String,
    pub broken: String,
}

pub struct Cases {
    pub sqlite: bool,
    pub all: Vec<Case>,
}

impl Cases {
    pub fn add(
        &mut self,
        name: impl Into<String>,
        statements: impl Into<String>,
        broken: impl Into<String>,
    ) {
        self.all.push(Case {
            name: name.into(),
            statements: statements.into(),
            broken: broken.into(),
        });
    }

    pub fn bytes(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self.sqlite {
            true => format!("X'{digits}'"),
            false => format!("'\\x{digits}'::bytea"),
        }
    }

    /// Each column of an entry, of a seal and of a text changed.
    pub fn columns(&mut self) {
        let (hash, salt) = (self.bytes(&[7; 32]), self.bytes(&[7; 16]));
        for at in [1, 6, SEALED] {
            let altered = format!("seal {at}, entry {at}: {ALTERED}");
            for (column, value) in [
                ("at", "at + 1"),
                ("at", "-at"),
                ("actor", "actor + 1"),
                ("moderator_id", "moderator_id + 1"),
                ("moderator_id", "NULL"),
                ("act", "'rejected'"),
                ("act", "act || ' '"),
                ("article_id", "article_id + 1"),
                ("article_id", "NULL"),
                ("comment_id", "coalesce(comment_id, 0) + 1"),
                ("decision_id", "coalesce(decision_id, 0) + 1"),
                ("facts", "'{}'"),
                ("facts", "facts || ' '"),
                ("digest", hash.as_str()),
            ] {
                self.add(
                    format!("{column} of entry {at} set to {value}"),
                    format!("UPDATE audit_entries SET {column} = {value} WHERE id = {at}"),
                    altered.clone(),
                );
            }
            self.add(
                format!("entry {at} renumbered"),
                format!("UPDATE audit_entries SET id = 1000 WHERE id = {at}"),
                format!("seal {at}, entry {at}: the entry is missing"),
            );
            for (column, value) in [("hash", hash.as_str()), ("at", "at - 1")] {
                self.add(
                    format!("{column} of seal {at} altered"),
                    format!("UPDATE audit_seals SET {column} = {value} WHERE seq = {at}"),
                    altered.clone(),
                );
            }
            self.add(
                format!("seal {at} led to no entry"),
                format!("UPDATE audit_seals SET entry_id = 1000 WHERE seq = {at}"),
                format!("seal {at}, entry 1000: the entry is missing"),
            );
            self.add(
                format!("seal {at} renumbered"),
                format!("UPDATE audit_seals SET seq = 1000 WHERE seq = {at}"),
                format!("seal {at}: "),
            );
        }
        for at in [1, 7, 11] {
            let line = format!("seal {at}, entry {at}: ");
            let other = format!("{line}the text beside it is not the one");
            let zeros = self.bytes(&[0; 16]);
            for (name, set, broken) in [
                (
                    "text altered",
                    "text = text || '!'".to_owned(),
                    other.clone(),
                ),
                ("salt altered", format!("salt = {salt}"), other.clone()),
                (
                    "text emptied",
                    "text = ''".to_owned(),
                    format!("{line}{EMPTIED}"),
                ),
                (
                    "text and salt emptied",
                    format!("text = '', salt = {zeros}"),
                    format!("{line}{EMPTIED}"),
                ),
                (
                    "text moved",
                    "entry_id = 3".to_owned(),
                    match at {
                        1 => format!("{line}the text beside it is missing"),
                        _ => "seal 3, entry 3: a text stands beside it".to_owned(),
                    },
                ),
                (
                    "text moved to no entry",
                    "entry_id = 1000".to_owned(),
                    format!("{line}the text beside it is missing"),
                ),
            ] {
                self.add(
                    format!("{name}, entry {at}"),
                    format!("UPDATE audit_texts SET {set} WHERE entry_id = {at}"),
                    broken,
                );
            }
            self.add(
                format!("text deleted, entry {at}"),
                format!("DELETE FROM audit_texts WHERE entry_id = {at}"),
                format!("{line}the text beside it is missing"),
            );
            let digest = self.bytes(&token::digest(&[&[7; 16], b"Other words."]));
            self.add(
                format!("text, salt and digest replaced so that they fit, entry {at}"),
                format!(
                    "UPDATE audit_texts SET text = 'Other words.', salt = {salt} WHERE entry_id = {at}; \
                     UPDATE audit_entries SET digest = {digest} WHERE id = {at}"
                ),
                format!("{line}{ALTERED}"),
            );
            self.add(
                format!("text and digest taken away, entry {at}"),
                format!(
                    "DELETE FROM audit_texts WHERE entry_id = {at}; UPDATE audit_entries SET digest = NULL WHERE id = {at}"
                ),
                format!("{line}{ALTERED}"),
            );
        }
        for at in [3, 6, SEALED] {
            self.add(
                format!("text put beside entry {at}"),
                format!("INSERT INTO audit_texts VALUES ({at}, {salt}, 'Words.')"),
                format!("seal {at}, entry {at}: a text stands beside it"),
            );
        }
        self.add(
            "an erased text written anew",
            "UPDATE audit_texts SET text = 'Other words.' WHERE entry_id = 4",
            "seal 4, entry 4: the text beside it is not the one",
        );
        self.add(
            "an erased text given a salt",
            format!("UPDATE audit_texts SET salt = {salt} WHERE entry_id = 4"),
            format!("seal 4, entry 4: {EMPTIED}"),
        );
    }
}
