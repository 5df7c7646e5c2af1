//! The audit log, tampered with by hand in more than a hundred ways: `check` names the first broken line of each.

#[path = "support/mod.rs"]
mod support;

use diesel::connection::SimpleConnection;
use rejoinder::store::audit::{self, Actor, Entry};
use rejoinder::store::audit_check::{self, Verdict};
use rejoinder::store::audit_seals::{self, Anchor};
use rejoinder::store::{Db, rehearse, token, transaction};
use rejoinder::time::{HOUR, MINUTE, Timestamp};

use support::rows::NOW;
use support::{Database, on_each_engine};

/// Sealed entries of the log; two more wait.
const SEALED: i64 = 12;
const ALTERED: &str = "the entry or its seal is not what was sealed";
const STRAY: &str = "it has no seal and waits for none";
const EMPTIED: &str = "the text beside it was emptied, and not by an erasure that the log has";

/// One way to tamper: what is done, and what the first broken line is said to be.
struct Case {
    name: String,
    statements: String,
    broken: String,
}

fn append(db: &mut Db, number: i64) {
    let entry = Entry {
        article: Some(number),
        comment: (number % 2 == 0).then_some(number * 10),
        decision: (number % 4 == 0).then_some(number * 100),
        facts: serde_json::json!({ "bulk": number }),
        text: match number % 3 {
            0 => "",
            _ => "Mentions Osman Rahimi.",
        },
        ..Entry::new(Actor::Moderator(number), "approved")
    };
    transaction(db, |db| audit::append(db, &entry, NOW.plus(number))).unwrap();
}

fn seal(db: &mut Db, now: Timestamp) -> usize {
    transaction(db, |db| audit_seals::seal(db, now)).unwrap()
}

/// A log of twelve sealed entries, the fourth of which was erased by the ninth, and two that wait. Entry n has seal n.
fn log(db: &mut Db) {
    for number in 1..=5 {
        append(db, number);
    }
    assert_eq!(seal(db, NOW.plus(MINUTE)), 5);
    for number in 6..=8 {
        append(db, number);
    }
    let erase = |db: &mut Db| audit::erase_texts(db, &[3, 4, 999], Actor::CommandLine, NOW);
    transaction(db, erase).unwrap();
    for number in 10..=SEALED {
        append(db, number);
    }
    assert_eq!(seal(db, NOW.plus(2 * MINUTE)), 7);
    assert_eq!(seal(db, NOW.plus(2 * MINUTE)), 0);
    append(db, 13);
    append(db, 14);
    // Whoever tampers can switch these off.
    db.batch_execute(match db.is_sqlite() {
        true => "PRAGMA foreign_keys = OFF",
        false => "ALTER TABLE audit_texts DROP CONSTRAINT audit_texts_entry_id_fkey",
    })
    .unwrap();
}

fn verify(db: &mut Db, anchors: &[Anchor]) -> Verdict {
    audit_check::verify(db, anchors, |_| {}).unwrap()
}

fn head(db: &mut Db) -> Anchor {
    audit_seals::head(db).unwrap().unwrap()
}

struct Cases {
    sqlite: bool,
    all: Vec<Case>,
}

impl Cases {
    fn add(
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

    fn bytes(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self.sqlite {
            true => format!("X'{digits}'"),
            false => format!("'\\x{digits}'::bytea"),
        }
    }

    /// Each column of an entry, of a seal and of a text changed.
    fn columns(&mut self) {
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

    /// Rows taken away, from the beginning, the middle and the end.
    fn deletions(&mut self) {
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
    fn insertions_and_swaps(&mut self) {
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

#[test]
fn a_hundred_tamperings_are_each_detected_and_their_first_broken_line_is_named() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        log(&mut db);
        let anchor = head(&mut db);
        assert_eq!(anchor.seq, SEALED);
        let mut cases = Cases {
            sqlite: db.is_sqlite(),
            all: Vec::new(),
        };
        cases.columns();
        cases.deletions();
        cases.insertions_and_swaps();
        let mut names: Vec<&str> = cases.all.iter().map(|case| case.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert!(names.len() >= 100, "{}", names.len());
        assert_eq!(names.len(), cases.all.len());
        for case in &cases.all {
            let verdict = rehearse(&mut db, |db| {
                db.batch_execute(&case.statements)?;
                Ok(verify(db, std::slice::from_ref(&anchor)))
            })
            .unwrap();
            let first = verdict.faults.first().map(ToString::to_string);
            let first = first.unwrap_or_else(|| panic!("{}: not detected", case.name));
            assert!(
                first.starts_with(&case.broken),
                "{}: `{first}` and not `{}`",
                case.name,
                case.broken
            );
        }
        eprintln!("{} tamperings", cases.all.len());
        let verdict = verify(&mut db, &[anchor]);
        assert_eq!(verdict.faults, [], "what was taken back is no tampering");
    });
}

#[test]
fn a_clean_log_passes_with_every_anchor_and_says_what_waits() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        assert_eq!(verify(&mut db, &[]).faults, []);
        append(&mut db, 1);
        seal(&mut db, NOW);
        let early = head(&mut db);
        for number in 2..=20 {
            append(&mut db, number);
            seal(&mut db, NOW);
        }
        let late = head(&mut db);
        append(&mut db, 21);
        append(&mut db, 22);
        let verdict = verify(&mut db, &[early.clone(), late.clone()]);
        assert_eq!(verdict.faults, []);
        assert_eq!((verdict.seals, verdict.waiting), (20, 2));
        assert_eq!(verdict.oldest_waiting, Some(NOW.plus(21)));
        assert_eq!(verdict.head, Some(late.clone()));
        // An anchor of another log, and one of the future.
        let other = Anchor {
            seq: 1,
            ..late.clone()
        };
        let said = verify(&mut db, &[other]).faults[0].to_string();
        assert_eq!(
            said,
            "seal 1: the log was rewritten: its hash is not that of the anchor"
        );
        let future = Anchor { seq: 21, ..late };
        let said = verify(&mut db, &[early, future]).faults[0].to_string();
        assert!(
            said.starts_with("seal 21: the end of the log was cut off"),
            "{said}"
        );
    });
}

#[test]
fn an_end_that_was_cut_off_and_written_anew_is_told_by_its_anchor() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        log(&mut db);
        let anchor = head(&mut db);
        db.batch_execute(
            "UPDATE audit_entries SET act = 'spam' WHERE id = 12; DELETE FROM audit_seals WHERE seq = 12; \
             INSERT INTO audit_unsealed VALUES (12)",
        )
        .unwrap();
        seal(&mut db, NOW.plus(3 * MINUTE));
        assert_eq!(
            verify(&mut db, &[]).faults,
            [],
            "that is what anchors are for"
        );
        let said = verify(&mut db, &[anchor]).faults[0].to_string();
        assert_eq!(
            said,
            "seal 12: the log was rewritten: its hash is not that of the anchor"
        );
    });
}

#[test]
fn an_entry_slipped_in_between_and_sealed_later_is_told_by_its_place() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        log(&mut db);
        seal(&mut db, NOW.plus(3 * MINUTE));
        db.batch_execute(&format!(
            "INSERT INTO audit_entries (id, at, actor, act, facts) VALUES (0, {}, 1, 'approved', '{{}}'); \
             INSERT INTO audit_unsealed VALUES (0)",
            NOW.0
        ))
        .unwrap();
        assert_eq!(seal(&mut db, NOW.plus(2 * HOUR)), 1);
        let said = verify(&mut db, &[]).faults[0].to_string();
        assert_eq!(
            said,
            "seal 15, entry 0: it was sealed after entry 14, which is later than it"
        );
    });
}

#[test]
fn an_erasure_empties_the_texts_that_it_names_and_the_log_passes() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        log(&mut db);
        let erase = |db: &mut Db, ids: &[i64]| {
            transaction(db, |db| {
                audit::erase_texts(db, ids, Actor::CommandLine, NOW)
            })
            .unwrap();
        };
        // One that is sealed, one that waits, one that was erased before, one without a text.
        erase(&mut db, &[1, 4, 6, 14]);
        assert_eq!(verify(&mut db, &[]).faults, []);
        seal(&mut db, NOW.plus(3 * MINUTE));
        assert_eq!(verify(&mut db, &[]).faults, []);
        let before = head(&mut db);
        erase(&mut db, &[1, 4, 6, 14]);
        assert_eq!(
            seal(&mut db, NOW.plus(4 * MINUTE)),
            0,
            "nothing was left to erase"
        );
        // More than one entry can name.
        for number in 16..=1_300 {
            append(&mut db, number * 3 + 1);
        }
        let all: Vec<i64> = (1..=2_000).collect();
        erase(&mut db, &all);
        assert!(!support::rows::hold(&mut db, "Osman"));
        assert_eq!(verify(&mut db, &[before.clone()]).faults, []);
        while seal(&mut db, NOW.plus(5 * MINUTE)) > 0 {}
        let verdict = verify(&mut db, &[before]);
        assert_eq!(verdict.faults, []);
        assert_eq!(verdict.waiting, 0);
    });
}
