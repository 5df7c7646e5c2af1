//! What a search finds, in many languages and on both engines, and what is left of a withdrawn reply: nothing.

mod support;

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use rejoinder::store::schema::{comment_terms, comments};
use rejoinder::store::search::{self, Terms};
use rejoinder::store::{Db, replies, transaction, withdrawals};
use rejoinder::text::{SearchQuery, search_terms};
use support::{Database, on_each_engine, rows, searches};

/// A text, what is typed, and whether the text is found.
const CASES: &[(&str, &str, bool)] = &[
    // English.
    ("The late ferry", "late", true),
    ("The late ferry", "LATE FERRY", true),
    ("The late ferry", "ferry late", true),
    ("The late ferry", "fer", true),
    ("The late ferry", "fer late", false),
    ("The late ferry", "late bus", false),
    ("The late ferry", "erry", false),
    ("Plan B it is", "b", true),
    ("Planes", "p", false),
    ("I don’t know", "don't", true),
    ("an e-mail", "mail", true),
    ("soft\u{ad}hyphen", "softhyphen", true),
    ("ｆｕｌｌ ｗｉｄｔｈ", "full width", true),
    ("fly\u{200b}ing", "flying", true),
    // French, and other Latin letters.
    ("L’été à l’eau", "ete", true),
    ("L’été à l’eau", "eau", true),
    ("Œuvre complète", "oeuvre", true),
    ("Smørrebrød", "smorrebrod", true),
    ("Zażółć gęślą jaźń, Łódź", "lodz", true),
    ("Þór", "thor", true),
    // Turkish.
    ("ISPARTA’da ılık bir akşam", "ısparta", true),
    ("ISPARTA’da ılık bir akşam", "isparta", true),
    ("ISPARTA’da ılık bir akşam", "ILIK", true),
    ("İstanbul güzel", "istanbul", true),
    ("İstanbul güzel", "ISTANBUL GUZEL", true),
    ("istanbul", "İSTANBUL", true),
    // German.
    ("Die Straße ist lang", "strasse", true),
    ("Die STRASSE ist lang", "straße", true),
    ("MÜNCHEN", "munchen", true),
    ("Muenchen", "münchen", false),
    // Arabic, and Persian.
    ("مُحَمَّدٌ رسول", "محمد", true),
    ("أحمد", "احمد", true),
    ("مدرسة", "مدرسه", true),
    ("على", "علي", true),
    ("كـــتاب", "كتاب", true),
    ("ﻛﺘﺎﺏ", "كتاب", true),
    ("کتاب\u{200c}ها", "كتابها", true),
    ("عام ٢٠٢٤", "2024", true),
    ("كتاب", "قلم", false),
    // Hebrew.
    ("שָׁלוֹם עוֹלָם", "שלום", true),
    ("דו״ח", "דו\"ח", true),
    ("שלום", "עולם", false),
    // Chinese.
    ("我住在北京市", "北京", true),
    ("我住在北京市", "市", true),
    ("我住在北京市", "住", true),
    ("我住在北京市", "京北", false),
    ("小王 说", "王 说", true),
    ("我住在北京市", "北京 上海", false),
    // Japanese.
    ("日本語のテキスト", "日本語", true),
    ("日本語のテキスト", "テキスト", true),
    ("日本語のテキスト", "ﾃｷｽﾄ", true),
    ("かぎ", "がき", false),
    // Korean.
    ("서울에서 만나요", "서울", true),
    ("서울에서 만나요", "만나요", true),
    ("한국", "\u{1112}\u{1161}\u{11ab}국", true),
    ("서울에서", "에서", false),
    // Greek.
    ("Ο ΔΡΌΜΟΣ", "δρομος", true),
    ("Ο δρόμος", "ΔΡΟΜΟΣ", true),
    // Cyrillic.
    ("Ещё один ёж", "еще", true),
    ("Еще один еж", "ёж", true),
    ("За\u{301}мок", "замок", true),
    ("Мой", "мои", false),
    ("м’ята", "м'ята", true),
    // Vietnamese.
    ("Đường phố Việt Nam", "duong pho viet", true),
    ("Viê\u{323}t", "Việt", true),
    // Hindi.
    ("हिन्दी में लिखो", "हिन्दी", true),
    ("हिन्दी में लिखो", "हिन्दी लि", true),
    ("हिन्दी में लिखो", "दी", false),
    ("सड़क", "सडक", true),
    // Thai, Lao, Khmer.
    ("ฉันรักแมวมาก", "แมว", true),
    ("ฉันรักแมวมาก", "หมา", false),
    ("ສະບາຍດີ", "ບາຍ", true),
    ("សួស្តី\u{200b}ពិភពលោក", "ពិភព", true),
    // Addresses, and signs.
    (
        "See https://www.a-ferry.example/late?x=1",
        "a-ferry.example",
        true,
    ),
    (
        "See https://www.a-ferry.example/late?x=1",
        "https://www.a-ferry.example/late",
        true,
    ),
    ("write to ama.k@mail.example", "ama.k@mail.example", true),
    ("'; DROP TABLE comments; --", "drop table", true),
    ("a OR b NEAR c", "near", true),
    ("C:\\temp\\x", "\\temp\\", true),
    ("Nice 👍🏽", "nice 👍", true),
    ("x² + ½", "x2", true),
];

fn finds(db: &mut Db, typed: &str, comment: i64) -> bool {
    searches::find(db, typed).contains(&comment)
}

/// Adds a comment by somebody else each time, whose name is not searched for, and says its id and receipt.
fn add(db: &mut Db, body: &str) -> (i64, String) {
    let mut new = rows::reply("ferry", body);
    new.terms = Terms::of("", body);
    new.network = new.receipt.clone().into_bytes().into();
    transaction(db, |db| replies::submit(db, &new)).unwrap();
    let id = comments::table
        .filter(comments::receipt.eq(&new.receipt))
        .select(comments::id)
        .first(db)
        .unwrap();
    (id, new.receipt)
}

#[test]
fn people_find_what_they_look_for_in_their_language() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let mut wrong = Vec::new();
        for (text, typed, wanted) in CASES {
            let (id, _) = add(&mut db, text);
            if finds(&mut db, typed, id) != *wanted {
                wrong.push(format!("{typed} in {text}: {}", !wanted));
            }
            if !finds(&mut db, text, id) {
                wrong.push(format!("{text} by itself"));
            }
        }
        assert!(wrong.is_empty(), "{engine:?}: {wrong:#?}");
    });
}

#[test]
fn nothing_that_is_typed_disturbs_an_engine() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let (id, _) = add(&mut db, "late ferry");
        for typed in ["", "👍🏽", "!!", "\"", "'", "\\", "*", "\0", "\u{301}"] {
            assert_eq!(SearchQuery::of(typed), None, "{typed:?}");
        }
        for typed in [
            "late\"*",
            "late'",
            "late\\'",
            "(late",
            "late)",
            "-late",
            "^late",
            "late:*",
            "NOT",
            "late & !ferry",
            "\0late\0",
            "{late}",
            "terms:late",
            "NEAR(late ferry)",
        ] {
            finds(&mut db, typed, id);
        }
        assert!(finds(&mut db, "late\"*", id));
        let long: String = (0..5000).map(|number| format!("late{number} ")).collect();
        assert!(!finds(&mut db, &long, id));
    });
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[test]
fn every_term_of_every_letter_is_one_token_of_the_engine() {
    let all: BTreeSet<String> = ('\0'..=char::MAX)
        .flat_map(|letter| {
            let terms = search_terms(&format!("z{letter}0"));
            terms.split(' ').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let all: Vec<String> = all.into_iter().collect();
    assert!(all.len() > 100_000);
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        for some in all.chunks(20_000) {
            let (id, _) = add(&mut db, "z");
            let terms = Terms {
                terms: some.join(" "),
                text_key: 1,
            };
            transaction(&mut db, |db| search::replace(db, id, &terms)).unwrap();
        }
        let tokens = if db.is_sqlite() {
            db.batch_execute(
                "CREATE VIRTUAL TABLE temp.tokens USING fts5vocab(main, comments_search, 'row')",
            )
            .unwrap();
            "SELECT count(*) AS n FROM temp.tokens"
        } else {
            "SELECT sum(length(vector))::bigint AS n FROM comment_terms"
        };
        let counted: Counted = diesel::sql_query(tokens).get_result(&mut db).unwrap();
        assert_eq!(counted.n, i64::try_from(all.len()).unwrap());
    });
}

#[test]
fn the_longest_texts_are_searched_as_well() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        // Every pair is another one, so that nothing is stored once for many.
        let long: String = ('\u{4e00}'..='\u{9fff}')
            .zip(('\u{4e00}'..='\u{9fff}').skip(7).cycle())
            .cycle()
            .enumerate()
            .map(|(at, (one, other))| if at % 3 == 0 { other } else { one })
            .take(200_000)
            .collect();
        let (id, _) = add(&mut db, &format!("late {long} {}", "x".repeat(100_000)));
        assert!(finds(&mut db, "late", id));
        let terms = Terms::of(&long, &long).with_edit(Some(&long));
        transaction(&mut db, |db| search::replace(db, id, &terms)).unwrap();
        let (wide, _) = add(&mut db, &"\u{20000}\u{301}".repeat(10_000));
        assert!(finds(&mut db, "\u{20000}", wide));
    });
}

#[test]
fn a_withdrawn_reply_is_found_no_more_and_its_words_stand_nowhere() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        for number in 0..50 {
            add(&mut db, &format!("Something else, number {number}"));
        }
        let (id, receipt) = add(&mut db, "The quetzalcoatlus was late");
        for number in 50..100 {
            add(&mut db, &format!("Something else, number {number}"));
        }
        assert!(finds(&mut db, "quetzalcoatlus", id));
        assert!(rows::hold(&mut db, "quetzalcoatlus"));
        transaction(&mut db, |db| withdrawals::withdraw(db, &receipt, rows::NOW)).unwrap();
        for typed in ["quetzalcoatlus", "quet", "qu", "late"] {
            assert_eq!(searches::find(&mut db, typed), [0_i64; 0], "{typed}");
        }
        assert!(!rows::hold(&mut db, "quetzalcoatlus"));
        let left: i64 = comment_terms::table
            .filter(comment_terms::comment_id.eq(id))
            .count()
            .get_result(&mut db)
            .unwrap();
        assert_eq!(left, 0);
        if db.is_sqlite() {
            db.batch_execute(
                "INSERT INTO comments_search (comments_search) VALUES ('integrity-check'); \
                 PRAGMA wal_checkpoint(TRUNCATE)",
            )
            .unwrap();
            let file = std::fs::read(database.folder().join("test.db")).unwrap();
            // The index leaves out the letters that a word has in common with the one before.
            let stands = |word: &[u8]| file.windows(word.len()).any(|bytes| bytes == word);
            assert!(!stands(b"etzalcoatlus"), "in the file");
            assert!(stands(b"omething else"), "the others stay");
        }
    });
}
