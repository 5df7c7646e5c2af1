//! Rows of the log taken away, put there, and put elsewhere.

use crate::SEALED;
use crate::columns::{ALTERED, Cases, EMPTIED, STRAY};
use crate::support::rows::NOW;

impl Cases {
    /// Rows taken away, from the beginning, the middle and the end.
    pub fn deletions(&mut self) {
        for at in [1, 6, SEALED] {
            let entry = format!("DELETE FROM audit_entries WHERE id = {at}");
            let seal = format!("DELETE FROM audit_seals WHERE seq = {at}");
            let text = format!("DELETE FROM audit_texts WHERE entry_id = {at}");
            let missing = format!("seal {at}, entry {at}: the entry is missing");
            let cut = match at {
                SEALED => format!("seal {at}: the end of the log was cut off"),
                _ => format!("seal {at}: it is missing"),
            };
            self.add(
                format!("entry {at} deleted"),
                entry.clone(),
                missing.clone(),
            );
            self.add(
                format!("entry {at} and its text deleted"),
                format!("{text}; {entry}"),
                missing,
            );
            self.add(format!("seal {at} deleted"), seal.clone(), cut.clone());
            self.add(
                format!("entry {at} and its seal deleted"),
                format!("{entry}; {seal}"),
                cut.clone(),
            );
            self.add(
                format!("entry {at}, its seal and its text deleted"),
                format!("{text}; {entry}; {seal}"),
                cut.clone(),
            );
            if at < SEALED {
                self.add(
                    format!("entry {at} and its seal deleted, the others moved up"),
                    format!(
                        "{entry}; {seal}; UPDATE audit_seals SET seq = -seq WHERE seq > {at}; \
                         UPDATE audit_seals SET seq = -seq - 1 WHERE seq < 0"
                    ),
                    format!("seal {at}, entry {}: {ALTERED}", at + 1),
                );
            }
        }
        self.add(
            "three in the middle deleted",
            "DELETE FROM audit_texts WHERE entry_id IN (5, 6, 7); DELETE FROM audit_entries WHERE id IN (5, 6, 7); \
             DELETE FROM audit_seals WHERE seq IN (5, 6, 7)",
            "seal 5: it and those up to 7 are missing",
        );
        for last in [11, 9, 1] {
            self.add(
                format!("the end cut off behind {last}"),
                format!(
                    "DELETE FROM audit_texts WHERE entry_id > {last}; DELETE FROM audit_unsealed; \
                     DELETE FROM audit_entries WHERE id > {last}; DELETE FROM audit_seals WHERE seq > {last}"
                ),
                format!("seal {}: the end of the log was cut off", last + 1),
            );
        }
        self.add(
            "everything deleted",
            "DELETE FROM audit_texts; DELETE FROM audit_unsealed; DELETE FROM audit_entries; DELETE FROM audit_seals",
            "seal 1: the end of the log was cut off",
        );
        self.add(
            "every seal deleted",
            "DELETE FROM audit_seals",
            "seal 1: the end of the log was cut off",
        );
        self.add(
            "the end unsealed",
            "INSERT INTO audit_unsealed SELECT entry_id FROM audit_seals WHERE seq > 9; DELETE FROM audit_seals WHERE seq > 9",
            "seal 10: the end of the log was cut off",
        );
        self.add(
            "the erasing entry deleted",
            "DELETE FROM audit_entries WHERE id = 9; DELETE FROM audit_seals WHERE seq = 9",
            format!("seal 4, entry 4: {EMPTIED}"),
        );
        self.add(
            "the erasing entry made to name another",
            "UPDATE audit_entries SET facts = '{\"entries\":[1]}' WHERE id = 9",
            format!("seal 4, entry 4: {EMPTIED}"),
        );
        self.add(
            "an entry that waits deleted",
            "DELETE FROM audit_entries WHERE id = 13",
            "entry 13: it waits for a seal, and is missing",
        );
        self.add(
            "an entry kept from its seal",
            "DELETE FROM audit_unsealed WHERE entry_id = 13",
            format!("entry 13: {STRAY}"),
        );
        self.add(
            "the text of an entry that waits altered",
            "UPDATE audit_texts SET text = 'Other words.' WHERE entry_id = 14",
            "entry 14: the text beside it is not the one",
        );
        self.add(
            "the text of an entry that waits deleted",
            "DELETE FROM audit_texts WHERE entry_id = 14",
            "entry 14: the text beside it is missing",
        );
    }

    /// Rows put there, and rows put elsewhere.
    pub fn insertions_and_swaps(&mut self) {
        let row = |id: i64| {
            format!(
                "INSERT INTO audit_entries (id, at, actor, act, facts) VALUES ({id}, {}, 1, 'approved', '{{}}')",
                NOW.0
            )
        };
        let hash = self.bytes(&[7; 32]);
        for id in [-5, 0, 1000] {
            self.add(
                format!("entry {id} put there"),
                row(id),
                format!("entry {id}: {STRAY}"),
            );
            self.add(
                format!("entry {id} put there with a text"),
                format!(
                    "{}; INSERT INTO audit_texts VALUES ({id}, {hash}, 'Words.')",
                    row(id)
                ),
                format!("entry {id}: {STRAY}"),
            );
            self.add(
                format!("entry {id} put there with a seal at the end"),
                format!(
                    "{}; INSERT INTO audit_seals VALUES (13, {id}, {hash}, {})",
                    row(id),
                    NOW.0
                ),
                match (id, self.sqlite) {
                    (1000, _) => format!("seal 13, entry {id}: {ALTERED}"),
                    (_, true) => format!("seal 13, entry {id}: it was sealed after entry 12"),
                    (_, false) => format!("seal 13, entry {id}: {ALTERED}"),
                },
            );
            self.add(
                format!("entry {id} put there with a seal in the middle"),
                format!(
                    "{}; UPDATE audit_seals SET seq = -seq WHERE seq >= 6; UPDATE audit_seals SET seq = 1 - seq WHERE seq < 0; \
                     INSERT INTO audit_seals VALUES (6, {id}, {hash}, {})",
                    row(id),
                    NOW.0
                ),
                format!("seal 6, entry {id}: "),
            );
            self.add(
                format!("entry {id} put there with a seal before the first"),
                format!(
                    "{}; INSERT INTO audit_seals VALUES (0, {id}, {hash}, {})",
                    row(id),
                    NOW.0
                ),
                "seal 0: its number is none that a seal can have",
            );
        }
        for at in [1, 6, 11] {
            let next = at + 1;
            let line = format!("seal {at}, entry {at}: {ALTERED}");
            let crossed = format!("seal {at}, entry {next}: {ALTERED}");
            let swap = |table: &str, column: &str| {
                format!(
                    "UPDATE {table} SET {column} = -1 WHERE {column} = {at}; UPDATE {table} SET {column} = {at} WHERE {column} = {next}; \
                     UPDATE {table} SET {column} = {next} WHERE {column} = -1"
                )
            };
            self.add(
                format!("entries {at} and {next} swapped"),
                swap("audit_entries", "id"),
                line.clone(),
            );
            self.add(
                format!("entries {at} and {next} swapped with their texts"),
                format!(
                    "{}; {}",
                    swap("audit_entries", "id"),
                    swap("audit_texts", "entry_id")
                ),
                line.clone(),
            );
            self.add(
                format!("seals {at} and {next} swapped"),
                swap("audit_seals", "seq"),
                crossed.clone(),
            );
            self.add(
                format!("the entries of seals {at} and {next} swapped"),
                swap("audit_seals", "entry_id"),
                crossed,
            );
            self.add(
                format!("the times of entries {at} and {next} swapped"),
                format!(
                    "UPDATE audit_entries SET at = CASE id WHEN {at} THEN {} ELSE {} END WHERE id IN ({at}, {next})",
                    NOW.0 + 1_000,
                    NOW.0 + 2_000
                ),
                line,
            );
        }
        self.add(
            "the numbers of all seals moved up",
            "UPDATE audit_seals SET seq = -seq; UPDATE audit_seals SET seq = 1 - seq",
            "seal 1: it is missing",
        );
        self.add(
            "the numbers of all seals moved down",
            "UPDATE audit_seals SET seq = -seq; UPDATE audit_seals SET seq = -seq - 1",
            "seal 0: its number is none that a seal can have",
        );
        self.add(
            "every row renumbered alike",
            "UPDATE audit_texts SET entry_id = entry_id + 1000; UPDATE audit_entries SET id = id + 1000; \
             UPDATE audit_seals SET entry_id = entry_id + 1000; UPDATE audit_unsealed SET entry_id = entry_id + 1000",
            format!("seal 1, entry 1001: {ALTERED}"),
        );
        self.add(
            "a sealed entry made to wait again",
            "INSERT INTO audit_unsealed VALUES (6)",
            "entry 6: it waits for a seal although it has one",
        );
        self.add(
            "nothing made to wait",
            "INSERT INTO audit_unsealed VALUES (1000)",
            "entry 1000: it waits for a seal, and is missing",
        );
        self.add(
            "a text without an entry",
            format!("INSERT INTO audit_texts VALUES (1000, {hash}, 'Words.')"),
            "entry 1000: a text is left of it, and the entry is missing",
        );
        self.add(
            "the actor of every entry made another",
            "UPDATE audit_entries SET actor = 1, moderator_id = NULL WHERE moderator_id = 8",
            format!("seal 8, entry 8: {ALTERED}"),
        );
    }
}
