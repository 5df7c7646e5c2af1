//! The desk's search: by words of texts, names and edits, and what is marked of what was found.

use crate::desk::{decide, edit, list, listed, reply};
use crate::moderating::ferry;
use crate::support::on_each_engine;

const NONE: [i64; 0] = [];

#[test]
fn comments_are_found_by_words_of_their_text_and_name_which_are_marked() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let late = reply(&server, &reader, "Ama Latham", "The *late* Ferry.").id;
        let early = reply(&server, &reader, "Bo Early", "On time, <late> or not.").id;
        let straße = reply(&server, &reader, "Jürgen", "Die Straße & der Kai.").id;
        decide(&dana, "", early, &[("do", "spam")]);
        for (words, expected) in [
            ("q=late", vec![late]),
            ("q=LATE&tab=all", vec![early, late]),
            ("q=late&tab=all&sort=oldest", vec![late, early]),
            ("q=latham", vec![late]),
            ("q=ama+ferry", vec![late]),
            ("q=fer&tab=all", vec![late]),
            ("q=early+late&tab=spam", vec![early]),
            ("q=strasse", vec![straße]),
            ("q=jurgen+kai", vec![straße]),
            ("q=late+bus&tab=all", vec![]),
            ("q=erry&tab=all", vec![]),
        ] {
            assert_eq!(listed(&dana, words), expected, "{words}");
        }
        let page = list(&dana, "q=late+ferry+la");
        assert_eq!(page.texts(".item .c-body mark"), ["late", "Ferry"]);
        assert_eq!(page.texts(".item .c-name mark"), ["Latham"]);
        assert_eq!(page.value("#q"), "late ferry la");
        let page = list(&dana, "tab=all&q=late");
        assert_eq!(page.count(".item .c-body late"), 0);
        assert_eq!(list(&dana, "tab=all").count("mark"), 0);
        assert_eq!(list(&dana, "q=strasse").only(".c-body mark"), "Straße");

        let nothing = list(&dana, "q=%22zebra%22&sort=newest");
        assert_eq!(
            nothing.texts(".empty p"),
            [
                "No comment matches “\"zebra\"” in this list.",
                "Search all comments"
            ]
        );
        assert_eq!(
            nothing.attribute(".empty a", "href"),
            "/moderation?tab=all&q=%22zebra%22"
        );
        let page = list(&dana, "q=early");
        assert_eq!(page.only(".empty h1"), "Queue");
        let everywhere = dana.get(&page.attribute(".empty a", "href"));
        assert_eq!(everywhere.item_with("On time"), early);
        let nowhere = list(&dana, "tab=all&q=zebra");
        assert_eq!(
            nowhere.texts(".empty p"),
            ["No comment matches “zebra” in this list."]
        );
        // Nothing to look for leaves the list as it is.
        assert_eq!(listed(&dana, "q=%2A"), [late, straße]);
    });
}

#[test]
fn a_waiting_edit_is_found_by_its_words_and_what_was_taken_back_is_not() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let first = reply(&server, &reader, "Ama", "A boat.");
        decide(&dana, "", first.id, &[("do", "approve")]);
        edit(&reader, &first.receipt, "A heliotrope boat.");
        assert_eq!(listed(&dana, "q=heliotrope"), [first.id]);
        assert_eq!(listed(&dana, "q=heliotrope+boat&tab=all"), [first.id]);
        let page = list(&dana, "q=heliotrope");
        assert_eq!(page.only(".item .c-body mark"), "heliotrope");
        // Another edit in its place, the text as it was, and a refusal take the words away.
        edit(&reader, &first.receipt, "A mauve boat.");
        assert_eq!(listed(&dana, "q=heliotrope&tab=all"), NONE);
        assert_eq!(listed(&dana, "q=mauve"), [first.id]);
        edit(&reader, &first.receipt, "A boat.");
        assert_eq!(listed(&dana, "q=mauve&tab=all"), NONE);
        assert_eq!(listed(&dana, "q=boat&tab=all"), [first.id]);
        edit(&reader, &first.receipt, "A teal boat.");
        decide(&dana, "", first.id, &[("do", "reject"), ("ground", "1")]);
        assert_eq!(listed(&dana, "q=teal&tab=all"), NONE);
        // A waiting reply is found by the text that it has.
        let second = reply(&server, &reader, "Bo", "An ochre bus.");
        edit(&reader, &second.receipt, "A sepia bus.");
        assert_eq!(listed(&dana, "q=ochre&tab=all"), NONE);
        assert_eq!(listed(&dana, "q=sepia"), [second.id]);
        for gone in [&first.receipt, &second.receipt] {
            reader.post(&format!("{gone}/withdraw"), &[]);
        }
        for words in ["boat", "sepia", "bo", "ama"] {
            assert_eq!(
                listed(&dana, &format!("q={words}&tab=all")),
                NONE,
                "{words}"
            );
        }
    });
}

#[test]
fn what_speaks_against_a_comment_is_marked_in_it() {
    let server = ferry(crate::support::Engine::Sqlite);
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    let links = "[one](https://a.example) https://b.example https://c.example";
    let linked = reply(&server, &reader, "Bo", links).id;
    let few = reply(&server, &reader, "Cy", "Only https://d.example here.").id;
    let named = reply(&server, &reader, "Dana", "I decide.").id;
    let page = list(&dana, "");
    assert_eq!(
        page.texts(&format!("#c-{linked} .c-body mark")),
        ["one", "https://b.example", "https://c.example"]
    );
    let body = page.only(&format!("#c-{linked} .c-body"));
    assert!(body.contains("one (https://a.example"), "{body}");
    assert_eq!(page.count(&format!("#c-{few} mark")), 0);
    assert_eq!(page.only(&format!("#c-{named} .c-name mark")), "Dana");
    assert_eq!(page.count(".c-body a"), 0);
}
