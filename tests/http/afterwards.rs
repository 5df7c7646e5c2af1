//! What the desk says when something changed behind it: an edit of a public comment, a reply taken back, a hold that ended.

use rejoinder::time::HOUR;

use crate::desk::{claim, date, decide, edit, list, listed, post, reply, reply_from};
use crate::moderating::ferry;
use crate::recognising::PROXIED;
use crate::support::{Server, on_each_engine};

const LINKS: &str = "https://a.example https://b.example https://c.example";

#[test]
fn an_edit_of_a_public_comment_weighs_as_much_as_what_it_is_held_for() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let public = reply(&server, &reader, "Ama", "A point.");
        decide(&dana, "", public.id, &[("do", "approve")]);
        let plain = reply(&server, &reader, "Bo", "Another point.");
        edit(&reader, &public.receipt, LINKS);
        assert_eq!(listed(&dana, "sort=risk"), [public.id, plain.id]);
        // Another edit without links is as light as any reply, and the older one comes first.
        edit(&reader, &public.receipt, "A better point.");
        let other = reply(&server, &reader, "Cy", LINKS);
        assert_eq!(listed(&dana, "sort=risk"), [other.id, public.id, plain.id]);
    });
}

#[test]
fn a_reply_that_its_author_takes_back_is_nobodys_claim() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let sent = reply(&server, &reader, "Ama", "A point.");
        claim(&dana, "", sent.id, "claim");
        reader.post(&format!("{}/withdraw", sent.receipt), &[("sure", "yes")]);
        let all = list(&server.moderator("Ed"), "tab=all");
        assert_eq!(all.only(".item .badge"), "Withdrawn");
        assert_eq!(all.count(".claim"), 0);
        assert!(listed(&dana, "tab=all&claim=mine").is_empty());
    });
}

#[test]
fn a_hold_that_ended_is_gone_from_receipts_and_anothers_hold_is_no_concern_of_the_trusted() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED, ("replies.hold", "none")]);
        server.article("ferry");
        let (ama, dana) = (server.visitor(), server.moderator("Dana"));
        let home = "198.51.100.1";
        let first = [("name", "Ama"), ("body", "First."), ("remember", "1")];
        reply_from(&server, &ama, home, &first);
        let author = "/moderation/authors/1";
        let until = date(&server, 3);
        let hold = [("do", "hold"), ("until", &*until), ("reason", "Baits.")];
        post(&dana, author, &hold);
        let held = reply_from(&server, &ama, home, &[("name", "Ama"), ("body", "Second.")]);
        let told = "A moderator reads your replies";
        assert!(ama.get(&held.receipt).text().contains(told));
        post(&dana, author, &[("do", "free")]);
        let receipt = ama.get(&held.receipt);
        assert_eq!(receipt.only("h1"), "Your reply is awaiting moderation");
        assert!(!receipt.text().contains(told));

        // Somebody else who writes from there is held; Ama is trusted, and is not.
        let other = reply_from(
            &server,
            &server.visitor(),
            home,
            &[("name", "Bo"), ("body", "Third.")],
        );
        post(
            &dana,
            &format!("/moderation/comments/{}/author", other.id),
            &hold,
        );
        post(&dana, author, &[("do", "trust")]);
        server.clock.advance(HOUR);
        let hers = reply_from(&server, &ama, home, &[("name", "Ama"), ("body", "Fourth.")]);
        let his = reply_from(
            &server,
            &server.visitor(),
            home,
            &[("name", "Bo"), ("body", "Fifth.")],
        );
        let waiting = listed(&dana, "");
        assert!(
            !waiting.contains(&hers.id) && waiting.contains(&his.id),
            "{waiting:?}"
        );
    });
}

#[test]
fn an_undone_approval_takes_back_the_trust_that_came_with_it_and_the_hold_that_it_ended() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana) = (server.visitor(), server.moderator("Dana"));
        let first = [
            ("name", "Ama"),
            ("body", "First."),
            ("remember", "1"),
            ("do", "send"),
        ];
        let receipt = ama.post("/articles/ferry/replies", &first).location();
        let id = server.comment_at(&receipt);
        let author = "/moderation/authors/1";
        let until = date(&server, 3);
        let hold = [("do", "hold"), ("until", &*until), ("reason", "Baits.")];
        post(&dana, author, &hold);
        let trusted = decide(&dana, "", id, &[("do", "trust")]);
        assert_eq!(dana.get(author).only("h1 + .badge"), "Trusted");
        dana.undo(&dana.get(&trusted.location()));
        assert_eq!(
            dana.get(author).only("h1 + .badge"),
            "Read before publishing"
        );
        assert_eq!(listed(&dana, ""), [id]);
    });
}

#[test]
fn a_rejection_that_is_undone_after_its_author_objected_leaves_no_appeal_behind() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let sent = reply(&server, &reader, "Ama", "A point.");
        decide(&dana, "", sent.id, &[("do", "approve")]);
        let rejected = decide(
            &dana,
            "tab=published",
            sent.id,
            &[("do", "reject"), ("ground", "4")],
        );
        let toast = dana.get(&rejected.location());
        server.clock.advance(HOUR);
        let why = [("why", "It is the very point.")];
        let appealed = reader.post(&format!("{}/appeal", sent.receipt), &why);
        assert_eq!(appealed.status, 303, "{}", appealed.text());
        assert_eq!(listed(&dana, "tab=appeals"), [sent.id]);
        dana.undo(&toast);
        assert!(listed(&dana, "tab=appeals").is_empty());
        let receipt = reader.get(&sent.receipt);
        assert_eq!(receipt.only("h1"), "Your reply is published");
        assert!(
            !receipt.text().contains("A different moderator reads"),
            "{}",
            receipt.text()
        );
    });
}
