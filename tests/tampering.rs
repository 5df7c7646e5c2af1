//! The audit log, tampered with by hand in more than a hundred ways: `check` names the first broken line of each.

#[path = "tampering/columns.rs"]
mod columns;
#[path = "tampering/rows.rs"]
mod rows;
#[path = "support/mod.rs"]
mod support;

use diesel::connection::SimpleConnection;
use rejoinder::store::audit::{self, Actor, Entry};
use rejoinder::store::audit_check::{self, Verdict};
use rejoinder::store::audit_seals::{self, Anchor};
use rejoinder::store::{Db, rehearse, transaction};
use rejoinder::time::{HOUR, MINUTE, Timestamp};

use columns::Cases;
use support::rows::NOW;
use support::{Database, on_each_engine};

/// Sealed entries of the log; two more wait.
const SEALED: i64 = 12;

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
        assert_eq!(verify(&mut db, std::slice::from_ref(&before)).faults, []);
        while seal(&mut db, NOW.plus(5 * MINUTE)) > 0 {}
        let verdict = verify(&mut db, &[before]);
        assert_eq!(verdict.faults, []);
        assert_eq!(verdict.waiting, 0);
    });
}
