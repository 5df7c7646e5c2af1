//! Names that mimic somebody in the thread: the reply waits, whoever else it is.

use crate::support::{Client, Engine, Server, on_each_engine};

const TARGET: &str = "/articles/ferry/replies";
const REASON: &str = "the name is like that of another author in this thread";

fn ferry(engine: Engine, hold: &str) -> Server {
    let settings = [("replies.hold", hold), ("trusted_proxies", "127.0.0.1/32")];
    let server = Server::with(engine, &settings);
    server.article("ferry");
    server
}

/// A reply from a network; `remember` is "1" or nothing. Its comment's id.
fn reply(
    server: &Server,
    client: &Client,
    network: &str,
    (name, parent, remember): (&str, Option<i64>, &str),
) -> i64 {
    let parent = parent.map_or_else(String::new, |id| id.to_string());
    let body = format!("Words number {}.", server.stored_comments());
    let fields = [
        ("name", name),
        ("body", &body),
        ("parent", &parent),
        ("remember", remember),
        ("do", "send"),
    ];
    let sent = client.post_from(network, TARGET, &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    server.comment_at(&sent.location())
}

/// Why a comment waits; nothing when it is public.
fn held(moderator: &Client, id: i64) -> Vec<String> {
    let list = moderator.get("/moderation");
    list.texts(&format!("#c-{id} .evid li"))
}

const HERE: &str = "198.51.100.1";
const THERE: &str = "198.51.100.2";

#[test]
fn a_name_like_that_of_another_author_of_the_thread_holds_the_reply() {
    on_each_engine(|engine| {
        let server = ferry(engine, "none");
        let moderator = server.moderator("Dana");
        let anybody = server.visitor();
        let post = |network, name, parent| reply(&server, &anybody, network, (name, parent, ""));
        let root = post(HERE, "Lia Quill", None);
        let answer = post(THERE, "Bo", Some(root));
        let other = post(THERE, "Otto", None);
        for alike in [
            "Lia Quill",
            "lia  quill",
            "LIA-QUILL",
            "Líа Quill",
            "Ｌｉａ Quill",
            "Lia\u{200b} Qu\u{ad}ill",
            "1ia QuiII",
            "Iia Quil|",
        ] {
            let id = post(THERE, alike, Some(answer));
            assert_eq!(held(&moderator, id), [REASON], "{alike}");
        }
        let id = post(HERE, "B0", Some(answer));
        assert_eq!(held(&moderator, id), [REASON]);
        // A name of one's own, the same name in another thread or at the top of one of its own, and one's own name again.
        for (network, name, parent) in [
            (THERE, "Lia Quilla", Some(root)),
            (THERE, "Lia Quill", Some(other)),
            (THERE, "Lia Quill", None),
            (HERE, "Lia Quill", Some(answer)),
            (THERE, "★", Some(root)),
            (HERE, "★", Some(root)),
        ] {
            let id = post(network, name, parent);
            assert_eq!(held(&moderator, id), [""; 0], "{name} from {network}");
        }
        let public = anybody.get("/articles/ferry").count(".comment");
        assert_eq!(public, 9);
    });
}

#[test]
fn who_is_recognised_is_told_apart_by_that_and_by_nothing_else() {
    on_each_engine(|engine| {
        let server = ferry(engine, "none");
        let moderator = server.moderator("Dana");
        let (ama, bo, anybody) = (server.visitor(), server.visitor(), server.visitor());
        let root = reply(&server, &ama, HERE, ("Ama", None, "1"));
        let post = |client, network, name| reply(&server, client, network, (name, Some(root), ""));
        // Her network changes, and she is still herself; her neighbour is not.
        assert_eq!(held(&moderator, post(&ama, THERE, "Ama")), [""; 0]);
        assert_eq!(held(&moderator, post(&anybody, HERE, "Ama")), [REASON]);
        reply(&server, &bo, HERE, ("Bo", Some(root), "1"));
        assert_eq!(held(&moderator, post(&bo, HERE, "Ama")), [REASON]);
        // Somebody who ticks the box only with the second reply is who they were.
        let late = server.visitor();
        post(&late, HERE, "Late");
        let id = reply(&server, &late, HERE, ("Late", Some(root), "1"));
        assert_eq!(held(&moderator, id), [""; 0]);
        assert_eq!(held(&moderator, post(&late, HERE, "Late")), [""; 0]);
        assert_eq!(held(&moderator, post(&bo, THERE, "Late")), [REASON]);
    });
}

#[test]
fn only_what_is_public_can_be_mimicked_and_a_withdrawn_name_is_free() {
    on_each_engine(|engine| {
        let server = ferry(engine, "all");
        let moderator = server.moderator("Dana");
        let anybody = server.visitor();
        let post = |network, name, parent| reply(&server, &anybody, network, (name, parent, ""));
        let approve = |id: i64| {
            let list = moderator.get("/moderation");
            moderator.decide_from(&list, id, "approve", "");
        };
        let every = "every reply is read first";
        let root = post(HERE, "Lia", None);
        approve(root);
        let waiting = post(HERE, "Otto", Some(root));
        assert_eq!(held(&moderator, post(THERE, "Otto", Some(root))), [every]);
        approve(waiting);
        let copy = post(THERE, "0tto", Some(root));
        assert_eq!(held(&moderator, copy), [REASON, every]);

        let fields = [
            ("name", "Gone"),
            ("email", "gone@a.example"),
            ("body", "Soon gone."),
            ("parent", &*root.to_string()),
            ("do", "send"),
        ];
        let receipt = anybody.post_from(HERE, TARGET, &fields).location();
        approve(server.comment_at(&receipt));
        anybody.post(&format!("{receipt}/withdraw"), &[]);
        use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
        use rejoinder::store::schema::comments;
        let left: i64 = comments::table
            .find(server.comment_at(&receipt))
            .filter(comments::name_key.eq(""))
            .filter(comments::email_key.eq(""))
            .count()
            .get_result(&mut server.database.connect())
            .unwrap();
        assert_eq!(left, 1);
        assert_eq!(held(&moderator, post(THERE, "Gone", Some(root))), [every]);
    });
}
