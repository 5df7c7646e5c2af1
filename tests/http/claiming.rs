//! Claims: who is looking at what, for how long, and that nobody is ever in somebody's way.

use rejoinder::time::{MINUTE, SECOND};

use crate::desk::{claim, decide, ids, list, listed, post, reply, toast};
use crate::moderating::ferry;
use crate::support::{Client, Engine, Server, on_each_engine};

/// A server with so many replies that wait.
fn waiting(engine: Engine, count: usize) -> (Server, Vec<i64>) {
    let server = ferry(engine);
    let reader = server.visitor();
    let ids = (1..=count)
        .map(|number| reply(&server, &reader, "Ama", &format!("Number {number}.")).id)
        .collect();
    (server, ids)
}

/// What is said about who has a comment; empty for nobody.
fn line(moderator: &Client, id: i64) -> String {
    let page = list(moderator, "tab=all");
    page.texts(&format!("#c-{id} .claim")).concat()
}

fn claimed(moderator: &Client, all: &[i64]) -> Vec<i64> {
    let theirs = |id: &&i64| !line(moderator, **id).is_empty();
    all.iter().filter(theirs).copied().collect()
}

#[test]
fn a_comment_is_held_shown_to_others_taken_over_and_given_back() {
    on_each_engine(|engine| {
        let (server, all) = waiting(engine, 2);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        let id = all[0];
        let answer = claim(&dana, "tab=all", id, "claim");
        assert_eq!(
            answer.location(),
            format!("/moderation?tab=all&said=claimed#c-{id}")
        );
        assert_eq!(toast(&dana, &answer), "It is held for you.");
        assert!(line(&dana, id).starts_with("You hold this, since "));
        let said = line(&ed, id);
        assert!(said.starts_with("Dana is reviewing this, since "), "{said}");
        let (hers, his) = (list(&dana, ""), list(&ed, ""));
        assert_eq!(hers.count(".item.claimed"), 0);
        assert_eq!(his.attributes(".item.claimed", "id"), [format!("c-{id}")]);
        assert_eq!(
            hers.texts(&format!("#c-{id} form[action$='/claim']")),
            ["Give it back"]
        );
        assert_eq!(
            his.texts(&format!("#c-{id} form[action$='/claim']")),
            ["Take over"]
        );
        assert_eq!(listed(&dana, "claim=mine"), [id]);
        assert!(listed(&ed, "claim=mine").is_empty());

        // Asking for it does not take it; giving back what one does not have does nothing.
        let refused = claim(&ed, "", id, "claim");
        assert_eq!(
            toast(&ed, &refused),
            "A colleague is looking at it. You can take it over."
        );
        claim(&ed, "", id, "release");
        claim(&ed, "", id, "look");
        assert!(line(&ed, id).starts_with("Dana "));
        let taken = claim(&ed, "", id, "take-over");
        assert_eq!(toast(&ed, &taken), "It is held for you.");
        assert!(line(&dana, id).starts_with("Ed is reviewing this"));
        let released = claim(&ed, "", id, "release");
        assert_eq!(toast(&ed, &released), "It is free for everybody.");
        assert!(claimed(&dana, &all).is_empty());
    });
}

#[test]
fn a_comment_that_was_only_looked_at_gives_way_to_the_next_one() {
    on_each_engine(|engine| {
        let (server, all) = waiting(engine, 4);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        claim(&dana, "", all[0], "look");
        assert_eq!(claimed(&ed, &all), [all[0]]);
        claim(&dana, "", all[1], "look");
        assert_eq!(claimed(&ed, &all), [all[1]]);
        // Asked for, it stays.
        claim(&dana, "", all[1], "claim");
        claim(&dana, "", all[2], "look");
        claim(&dana, "", all[1], "look");
        assert_eq!(claimed(&ed, &all), [all[1]]);
        claim(&dana, "", all[2], "look");
        claim(&ed, "", all[3], "look");
        assert_eq!(claimed(&dana, &all), all[1..]);
        claim(&dana, "", all[3], "look");
        assert_eq!(claimed(&dana, &all), [all[1], all[3]]);
        assert!(line(&dana, all[3]).starts_with("Ed "));
    });
}

#[test]
fn a_claim_is_over_after_its_minutes_unless_its_moderator_decides_something() {
    on_each_engine(|engine| {
        let (server, all) = waiting(engine, 4);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        claim(&dana, "", all[0], "claim");
        claim(&dana, "", all[1], "claim");
        server.clock.advance(5 * MINUTE - SECOND);
        assert_eq!(claimed(&ed, &all), all[..2]);
        decide(&dana, "", all[2], &[("do", "approve")]);
        server.clock.advance(5 * MINUTE - SECOND);
        assert_eq!(claimed(&ed, &all), all[..2]);
        // A decision on what one holds ends the claim, and its undo does not bring it back.
        let done = decide(&dana, "", all[0], &[("do", "spam")]);
        assert!(line(&ed, all[0]).is_empty());
        dana.undo(&dana.get(&done.location()));
        assert!(line(&ed, all[0]).is_empty());
        server.clock.advance(4 * MINUTE);
        assert_eq!(listed(&dana, "claim=mine"), [all[1]]);
        server.clock.advance(MINUTE + SECOND);
        for moderator in [&dana, &ed] {
            assert!(claimed(moderator, &all).is_empty());
            assert!(listed(moderator, "claim=mine").is_empty());
            assert_eq!(list(moderator, "").count(".item.claimed"), 0);
        }
        // Nobody renews what is over, and it is anybody's.
        decide(&dana, "", all[3], &[("do", "approve")]);
        assert!(claimed(&ed, &all).is_empty());
        let taken = claim(&ed, "", all[1], "claim");
        assert_eq!(toast(&ed, &taken), "It is held for you.");
    });
}

#[test]
fn ten_are_taken_that_nobody_has() {
    on_each_engine(|engine| {
        let (server, all) = waiting(engine, 15);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        claim(&ed, "", all[1], "look");
        let take = |who: &Client, view: &str| post(who, "/moderation/claims", &[("view", view)]);
        let taken = take(&dana, "");
        assert_eq!(taken.location(), "/moderation?claim=mine&said=taken-10");
        let page = dana.get(&taken.location());
        assert_eq!(page.only("main .toast p"), "10 comments are held for you.");
        let hers: Vec<i64> = [&all[..1], &all[2..11]].concat();
        assert_eq!(ids(&page), hers);
        assert_eq!(
            page.texts(".filters + p")[0],
            "Held for you Remove Held for you · Show the whole list"
        );
        assert_eq!(
            toast(&ed, &take(&ed, "claim=mine")),
            "5 comments are held for you."
        );
        let his: Vec<i64> = [&all[1..2], &all[11..]].concat();
        assert_eq!(listed(&ed, "claim=mine"), his);
        let flo = server.moderator("Flo");
        assert_eq!(
            toast(&flo, &take(&flo, "")),
            "There is nothing left to take."
        );
        // Of a filtered list only what it shows, and in its order.
        server.clock.advance(6 * MINUTE);
        let taken = take(&flo, "q=15&sort=newest");
        assert_eq!(
            taken.location(),
            "/moderation?q=15&claim=mine&sort=newest&said=taken-1"
        );
        assert_eq!(listed(&flo, "claim=mine"), all[14..]);
        take(&dana, "sort=newest");
        let newest: Vec<i64> = all[4..14].to_vec();
        assert_eq!(listed(&dana, "claim=mine"), newest);
    });
}

#[test]
fn whoever_goes_on_passes_over_what_colleagues_hold() {
    on_each_engine(|engine| {
        let (server, all) = waiting(engine, 6);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        claim(&ed, "", all[1], "claim");
        claim(&ed, "", all[2], "claim");
        claim(&dana, "", all[3], "claim");
        let leads = |answer: crate::support::Page, to: i64| {
            assert_eq!(answer.status, 303);
            let address = answer.location();
            assert!(address.ends_with(&format!("#c-{to}")), "{address}");
            address
        };
        leads(decide(&dana, "", all[0], &[("do", "approve")]), all[3]);
        let skipped = leads(decide(&dana, "", all[3], &[("do", "skip")]), all[4]);
        assert_eq!(skipped, format!("/moderation#c-{}", all[4]));
        // Whoever skips one leaves it to others.
        assert!(line(&ed, all[3]).is_empty());
        let skipped = leads(
            decide(&dana, "sort=oldest", all[5], &[("do", "skip")]),
            all[3],
        );
        assert_eq!(skipped, format!("/moderation?sort=oldest#c-{}", all[3]));
        for id in &all[3..] {
            claim(&ed, "", *id, "claim");
        }
        let alone = decide(&dana, "", all[5], &[("do", "skip")]);
        assert_eq!(alone.location(), "/moderation");
        // He goes through what is his, and after the claims' time everybody does.
        leads(decide(&ed, "", all[1], &[("do", "spam")]), all[2]);
        server.clock.advance(6 * MINUTE);
        leads(decide(&dana, "", all[2], &[("do", "spam")]), all[3]);
    });
}

#[test]
fn a_claim_never_keeps_a_colleague_from_deciding() {
    on_each_engine(|engine| {
        let (server, all) = waiting(engine, 2);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        claim(&dana, "", all[0], "claim");
        let done = decide(&ed, "", all[0], &[("do", "reject"), ("ground", "1")]);
        assert_eq!(toast(&ed, &done), "Rejected: Ama.");
        assert!(line(&dana, all[0]).is_empty());
        assert_eq!(listed(&dana, ""), all[1..]);
        assert!(listed(&dana, "claim=mine&tab=all").is_empty());
    });
}

#[test]
fn there_has_to_be_something_to_claim() {
    on_each_engine(|engine| {
        let (server, all) = waiting(engine, 1);
        let dana = server.moderator("Dana");
        let reader = server.visitor();
        let gone = reply(&server, &reader, "Bo", "Gone soon.");
        reader.post(&format!("{}/withdraw", gone.receipt), &[]);
        for id in ["999", "x", "-1", &gone.id.to_string()] {
            for act in ["claim", "look", "take-over"] {
                let path = format!("/moderation/comments/{id}/claim");
                let answer = post(&dana, &path, &[("view", "tab=all"), ("do", act)]);
                assert_eq!(answer.status, 404, "{act} {id}");
            }
        }
        let path = format!("/moderation/comments/{}/claim", all[0]);
        for fields in [
            &[("view", "")][..],
            &[("view", ""), ("do", "steal")],
            &[("view", "tab=none"), ("do", "claim")],
            &[("view", ""), ("do", "claim"), ("do", "release")],
        ] {
            assert_eq!(post(&dana, &path, fields).status, 400, "{fields:?}");
        }
        assert_eq!(
            post(&dana, "/moderation/claims", &[("view", "tab=x")]).status,
            400
        );
        assert!(listed(&dana, "tab=all&claim=mine").is_empty());
        // The desk's script is told in its own way.
        let csrf = dana.get("/moderation").value("input[name=csrf]");
        let body = format!("csrf={csrf}&view=&do=look");
        let headers = [("origin", dana.base()), ("accept", "application/json")];
        let answer = dana.post_raw(&path, body.as_bytes(), &headers);
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, r#"{"claimed":true}"#)
        );
    });
}
