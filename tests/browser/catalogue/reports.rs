//! The pages around reports.

use rejoinder::moderation::ReportStatus;
use rejoinder::store::{history, reports, transaction};
use rejoinder::time::{HOUR, MINUTE, SECOND};

use super::{ARABIC, ARTICLE, Catalogue, LIVELY, MINUTES_OF_HASTE};

/// Clients are told apart by what the proxy says.
const PROXIED: (&str, &str) = ("trusted_proxies", "127.0.0.1/32");

impl Catalogue {
    /// Readers who report, and what comes of it.
    pub(super) fn reports(&mut self) {
        self.server(&[("replies.hold", "none"), PROXIED]);
        let server = &self.servers[4];
        server.seed(ARTICLE);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let at = |name: &str, body: &str| server.comment_at(&reader.reply("ferry", name, body));
        let lively = at("Ama", LIVELY);
        let arabic = at("Ben", ARABIC);
        let kept = at("Cyd", "Here to stay.");
        let gone = at("Dov", "Soon removed.");
        let form = |id: i64| format!("/comments/{id}/report");
        let send = |network: &str, id: i64, fields: &[(&str, &str)]| {
            reader.post_from(network, &form(id), fields).location()
        };
        let rule = [("ground", "4"), ("explanation", LIVELY)];
        let illegal = [
            ("ground", "6"),
            ("explanation", ARABIC),
            ("child_abuse", "yes"),
            ("good_faith", "yes"),
        ];
        let open = send("198.51.100.1", lively, &rule);
        let spam = send("198.51.100.2", lively, &[("ground", "spam")]);
        send("198.51.100.3", lively, &illegal);
        send("198.51.100.4", arabic, &illegal);
        let stays = send("198.51.100.1", kept, &rule);
        let removed = send("198.51.100.1", gone, &illegal);
        dana.decide("published", "Soon removed.", "reject", "6");
        let mut db = server.database.connect();
        transaction(&mut db, |db| {
            let decision = history::standing(db, &[gone])?[0].id;
            // The one decision there is stands for both.
            for (comment, status) in [(kept, ReportStatus::Kept), (gone, ReportStatus::Removed)] {
                reports::resolve(db, comment, decision, status, server.now())?;
            }
            reports::comment_withdrawn(db, arabic, server.now())
        })
        .unwrap();
        server.clock.advance(HOUR);

        let illegal_but: Vec<_> = illegal.iter().copied().take(2).collect();
        self.get("report", &reader, 200, &form(lively));
        self.get("report of illegal content", &reader, 200, &form(lively));
        self.then("document.querySelector('.illegal').click()");
        self.post("report, errors", &reader, 422, &form(lively), &illegal_but);
        self.post("report, nothing chosen", &reader, 422, &form(arabic), &[]);
        self.post("report, not public", &reader, 404, &form(gone), &rule);
        reader.post(&form(kept), &rule);
        let other = [("ground", "5"), ("explanation", ARABIC)];
        self.post("report, second", &reader, 409, &form(kept), &other);
        for (name, receipt) in [
            ("report receipt, open", open),
            ("report receipt, spam", spam),
            ("report receipt, kept", stays),
            ("report receipt, removed", removed),
        ] {
            self.get(name, &reader, 200, &receipt);
        }
        let tab = "/moderation?tab=reported";
        self.get("reported", &dana, 200, tab);
        self.get("answering reports", &dana, 200, tab);
        self.then("document.querySelector('.drop').open = true");
    }

    /// Somebody who reports too much.
    pub(super) fn too_many_reports(&mut self) {
        self.server(&[("replies.per_minute", "1"), ("replies.hold", "none")]);
        let server = &self.servers[5];
        server.article("ferry");
        let reader = server.visitor();
        let form = [("ground", "4"), ("explanation", LIVELY)];
        let mut path = String::new();
        for minute in 0..=MINUTES_OF_HASTE {
            let receipt = reader.reply("ferry", "Ama", &format!("Number {minute}."));
            path = format!("/comments/{}/report", server.comment_at(&receipt));
            if minute < MINUTES_OF_HASTE {
                reader.post(&path, &form);
                server.clock.advance(MINUTE + SECOND);
            }
        }
        server.clock.advance(-MINUTES_OF_HASTE * (MINUTE + SECOND));
        self.post("too many reports", &reader, 429, &path, &form);
    }
}
