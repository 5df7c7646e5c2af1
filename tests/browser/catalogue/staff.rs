//! The desk's list of articles, and moderators who write into a discussion.

use rejoinder::store::{articles, closing, moderators, transaction};
use rejoinder::text;

use super::{ARABIC, ARTICLE, Catalogue, LIVELY, approve};

impl Catalogue {
    /// An article of every state, and replies by staff.
    pub(super) fn staff(&mut self) {
        self.server(&[("replies.close_after_days", "14")]);
        let Some(server) = self.servers.last() else {
            return;
        };
        server.seed(ARTICLE);
        for number in 1..=26 {
            server.article(&format!("article-{number}"));
        }
        let (reader, dana, stranger) =
            (server.visitor(), server.moderator("Dana"), server.visitor());
        let mut db = server.database.connect();
        transaction(&mut db, |db| {
            let account = moderators::find(db, &text::mimic_key("Dana"))?;
            moderators::set_byline(db, account.map_or(0, |account| account.id), "Ines Calloway")?;
            closing::open(db, "ferry", 1, server.now())?;
            articles::remove(db, "article-1", server.now())
        })
        .unwrap();
        let published = server.comment_at(&reader.reply("ferry", "Ama", LIVELY));
        approve(&dana, "Late");
        let waiting = server.comment_at(&reader.reply("article-25", "Ben", ARABIC));
        transaction(&mut db, |db| closing::close(db, "article-25", server.now())).unwrap();
        let rejected = server.comment_at(&reader.reply("ferry", "Cyd", "Off to the shops."));
        dana.decide("waiting", "shops", "reject", "4");
        let list = "/moderation/articles";
        let first = dana.get(list);
        let closed = first.attribute(".item form:has([value=open])", "action");
        let csrf = first.value("main [name=csrf]");
        let form = |id: i64| format!("/moderation/comments/{id}/reply");
        let say = |body| [("csrf", csrf.as_str()), ("body", body), ("do", "send")];
        dana.post(&form(published), &say(LIVELY));
        dana.post(&format!("{closed}/reply"), &say(ARABIC));

        self.get("articles", &dana, 200, list);
        let id = closed.trim_start_matches("/moderation/articles/");
        let done = format!("{list}?done={id}&did=close");
        self.get("articles, one closed", &dana, 200, &done);
        let second = first.attribute(".pager a", "href");
        self.get("articles, the last page", &dana, 200, &second);
        self.get("replies by staff", &reader, 200, "/articles/ferry");
        self.get(
            "staff on a closed article",
            &reader,
            200,
            "/articles/article-25",
        );
        self.get("staff on the desk", &dana, 200, "/moderation?tab=published");
        for (name, path) in [
            ("replying as moderator", form(published)),
            ("replying to what waits", form(waiting)),
            ("replying to what is not public", form(rejected)),
            ("commenting as moderator", format!("{closed}/reply")),
        ] {
            self.get(name, &dana, 200, &path);
        }
        let preview = [say(LIVELY)[0], say(LIVELY)[1], ("do", "preview")];
        self.post(
            "staff reply, preview",
            &dana,
            200,
            &form(published),
            &preview,
        );
        self.post(
            "staff reply, errors",
            &dana,
            422,
            &form(published),
            &say(""),
        );
        self.post(
            "staff reply, too late",
            &dana,
            409,
            &form(rejected),
            &say(LIVELY),
        );
        self.post(
            "staff reply, still waiting",
            &dana,
            409,
            &form(waiting),
            &say(LIVELY),
        );
        let lost = [("body", LIVELY), ("do", "send")];
        self.post(
            "staff reply, other session",
            &dana,
            403,
            &form(published),
            &lost,
        );
        self.post(
            "staff reply, signed out",
            &stranger,
            403,
            &form(published),
            &lost,
        );
    }
}
