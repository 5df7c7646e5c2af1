use super::*;

fn finds<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
    let list = WordList::new([(7, pattern)]);
    let found = list.find(text);
    assert!(found.iter().all(|found| found.number == 7));
    found.first().map(|found| &text[found.from..found.to])
}

#[test]
fn a_word_is_found_however_it_is_spelled_and_what_looks_alike_is_not() {
    for (pattern, caught, spared) in [
        ("casino", "The CASINO, again", "the occasional casinos"),
        ("casino", "c.a.s.i.n.o", "C. A. Sino"),
        ("casino", "win at c a s i n o now", "a cat sat in no box"),
        ("casino", "c-a-s-i-n-o", "c-a-s-i-n"),
        ("casino", "cas-ino", "in Cas, ino"),
        ("casino", "c\u{200b}asin\u{ad}o", "casin"),
        ("casino", "Cаsinо in Cyrillic letters", "касино"),
        ("casino", "cásînö", "cash in, no?"),
        ("casino", "ｃａｓｉｎｏ", "ｃａｓｉｎ"),
        ("casino", "cas1no, casin0", "cas2no"),
        ("casino*", "Casinospiele", "Kasinocasino"),
        ("*casino", "onlinecasino", "onlinecasinos"),
        ("*casino*", "onlinecasinos", "online casin o"),
        ("buy now", "Buy now!", "buy it now"),
        ("buy now", "buy\nNOW", "buy. Nowadays"),
        ("Straße", "STRASSE", "Strasser"),
        ("赌场", "去赌场吧", "赌的场"),
        ("казино", "КАЗИНО", "казинотека"),
        ("cop", "the cop", "сор по-русски"),
        ("cop", "the сор", "мусор"),
        ("сор", "сор", "the cop"),
        ("3000", "win 3,000 or 3000", "30000"),
    ] {
        assert!(finds(pattern, caught).is_some(), "{pattern} in {caught}");
        assert_eq!(finds(pattern, spared), None, "{pattern} in {spared}");
    }
}

#[test]
fn what_was_found_is_told_as_it_was_written() {
    for (pattern, text, written) in [
        ("casino", "at the C.a.s.i.n.o, then", "C.a.s.i.n.o"),
        ("casino", "play a c a s i n o", "c a s i n o"),
        ("buy now", "do Buy,  NOW ok", "Buy,  NOW"),
        ("casino*", "viele Casinospiele hier", "Casinospiele"),
        ("赌场", "去赌场吧", "赌场"),
        ("casino", "x cas-ino y", "cas-ino"),
    ] {
        assert_eq!(finds(pattern, text), Some(written));
    }
}

#[test]
fn every_entry_is_found_once_by_its_number() {
    let list = WordList::new([(1, "casino"), (2, "Casino"), (3, "*sin*"), (4, "bonus")]);
    let found = list.find("casino casino bonus");
    let numbers: Vec<usize> = found.iter().map(|found| found.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert!(WordList::default().find("casino").is_empty());
}

#[test]
fn patterns_that_find_nothing_or_everything_are_refused() {
    for (pattern, wrong) in [
        ("", BadPattern::NothingToFind),
        ("*", BadPattern::NothingToFind),
        ("!?", BadPattern::NothingToFind),
        ("ca*no", BadPattern::StarInside),
        ("**casino", BadPattern::StarInside),
        ("a*", BadPattern::StemTooShort),
        ("*ab*", BadPattern::StemTooShort),
    ] {
        assert_eq!(check_pattern(pattern), Err(wrong), "{pattern}");
    }
    assert_eq!(check_pattern("ab"), Ok(()));
    assert_eq!(check_pattern("abc*"), Ok(()));
}
