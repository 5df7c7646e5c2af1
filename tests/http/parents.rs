//! Replies to comments that cannot be answered.

use crate::support::{Server, on_each_engine};

#[test]
fn only_a_public_comment_of_this_article_can_be_answered() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        server.article("tram");
        let reader = server.visitor();
        let moderator = server.moderator("Dana");
        let public = server.comment_at(&reader.reply("ferry", "Ama", "Public words."));
        moderator.decide("waiting", "Public words.", "approve", "");
        let waiting = server.comment_at(&reader.reply("ferry", "Bo", "Waiting words."));
        let rejected = server.comment_at(&reader.reply("ferry", "Bo", "Rejected words."));
        moderator.decide("waiting", "Rejected words.", "reject", "4");
        let stored = server.stored_comments();
        let gone = "The comment you answer is no longer public: send again to reply to the article";
        let (public, waiting, rejected) = (
            public.to_string(),
            waiting.to_string(),
            rejected.to_string(),
        );
        for (slug, parent) in [
            ("ferry", waiting.as_str()),
            ("ferry", &rejected),
            ("ferry", "999999"),
            ("ferry", "0"),
            ("ferry", "-1"),
            ("ferry", "x"),
            ("ferry", "9223372036854775808"),
            ("tram", &public),
        ] {
            for verb in ["send", "preview"] {
                let fields = [
                    ("name", "Cy"),
                    ("body", "My answer."),
                    ("parent", parent),
                    ("do", verb),
                ];
                let page = reader.post(&format!("/articles/{slug}/replies"), &fields);
                assert_eq!(page.status, 422, "{slug} {parent} {verb}");
                assert_eq!(page.texts("#errors li a"), [gone]);
                assert_eq!(page.value("textarea#body"), "My answer.");
                for words in ["Waiting words.", "Rejected words."] {
                    assert!(!page.body.contains(words), "{slug} {parent}");
                }
                // Sent again as the page has it now, it goes to the article.
                assert_eq!(page.value("input[name=parent]"), "");
            }
        }
        assert_eq!(server.stored_comments(), stored);
        for parent in [waiting, rejected] {
            let page = reader.get(&format!("/articles/ferry?reply_to={parent}"));
            assert!(
                !page.body.contains("Waiting words.") && !page.body.contains("Rejected words.")
            );
        }
    });
}
