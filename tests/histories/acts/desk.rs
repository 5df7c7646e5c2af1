//! Moderators: they read lists, decide, answer appeals, decide many at once, take it back, open and close.

use rejoinder::moderation::Decision;

use super::clients::{Line, Person, Unanswered, broken};
use super::forms::{Item, items, picked};
use super::generator::Generator;
use super::journal::Act;
use super::people::ARTICLES;

/// Comments of a bulk at most.
const BULK: usize = 12;

/// A signed-in moderator, whose session outlives the server.
#[derive(Debug, Clone)]
pub struct Desk {
    pub moderator: i64,
    pub session: String,
    pub csrf: String,
}

/// A list as it was read, less what was decided since.
#[derive(Default)]
pub struct List {
    pub article: usize,
    tab: &'static str,
    /// Its words in an address.
    view: String,
    items: Vec<Item>,
}

impl List {
    /// What can be decided on everything in it.
    fn decision(&self, random: &mut Generator) -> Option<Decision> {
        use Decision::{Approve, Reject, Spam};
        Some(match self.tab {
            "waiting" => *random.pick(&[Approve, Approve, Reject, Spam]),
            "published" => *random.pick(&[Reject, Spam]),
            "rejected" => *random.pick(&[Approve, Spam]),
            "spam" => *random.pick(&[Approve, Reject]),
            _ => return None,
        })
    }
}

impl Person {
    pub(super) fn as_moderator(
        &mut self,
        line: &Line,
        random: &mut Generator,
    ) -> Result<Option<Act>, Unanswered> {
        let draw = random.between(0, 100);
        if let (0..6, Some(article)) = (draw, self.keeps) {
            let open = !self.open;
            return Ok(Some(Act::Turn { article, open }));
        }
        if draw < 18
            && let Some(decision) = self.made.pop()
        {
            return Ok(Some(Act::Undo { decision }));
        }
        if draw < 30
            && let Some(bulk) = self.bulks.pop()
        {
            return Ok(Some(Act::UndoBulk { bulk }));
        }
        if self.list.items.is_empty() {
            self.list = self.read_list(line, random)?;
        }
        if draw >= 80 && self.in_bulk {
            return self.many(line, random);
        }
        let Some(item) = self.list.items.pop() else {
            return Ok(None);
        };
        let decision = match (random.between(0, 10), item.appeal) {
            (0..5, Some(_)) => Decision::Keep,
            (0..6, _) => Decision::Approve,
            (6..8, _) => Decision::Reject,
            _ => Decision::Spam,
        };
        Ok(Some(Act::Decide {
            moderator: self.desk.as_ref().unwrap().moderator,
            comment: item.comment,
            version: item.version,
            // A spam verdict is on the comment, whatever waits beside it.
            revision: item.revision.filter(|_| decision != Decision::Spam),
            appeal: item.appeal,
            decision,
        }))
    }

    /// A bulk: what was ticked, or what the page before it says of everything in the list.
    fn many(&mut self, line: &Line, random: &mut Generator) -> Result<Option<Act>, Unanswered> {
        let Some(decision) = self.list.decision(random) else {
            return Ok(None);
        };
        let shown_before = random.one_in(3);
        let mut picked = match shown_before {
            true => self.preview(line, decision)?,
            false => self.list.items.iter().map(Item::tick).collect(),
        };
        picked.truncate(BULK);
        self.list.items.clear();
        Ok((!picked.is_empty()).then(|| Act::Bulk {
            moderator: self.desk.as_ref().unwrap().moderator,
            picked,
            decision,
            shown_before,
        }))
    }

    fn preview(
        &self,
        line: &Line,
        decision: Decision,
    ) -> Result<Vec<rejoinder::store::bulks::Picked>, Unanswered> {
        let desk = self.desk.as_ref().unwrap();
        let fields = [
            ("csrf", desk.csrf.as_str()),
            ("view", &self.list.view),
            ("do", decision.word()),
            ("ground", "4"),
            ("everything", "1"),
        ];
        let asked = line
            .agent
            .post(format!("{}/moderation/bulk", line.base))
            .header("origin", line.base)
            .header("cookie", &desk.session);
        let mut answer = asked.send_form(fields).map_err(broken)?;
        let status = answer.status().as_u16();
        let page = answer.body_mut().read_to_string().map_err(broken)?;
        match status {
            200 => Ok(picked(&page)),
            503 => Err(Unanswered::Busy),
            _ => panic!("{status} before a bulk"),
        }
    }

    /// A list of the desk; now and then one of what is decided already.
    fn read_list(&self, line: &Line, random: &mut Generator) -> Result<List, Unanswered> {
        let tab = *random.pick(&[
            "waiting",
            "waiting",
            "waiting",
            "appeals",
            "published",
            "rejected",
            "spam",
        ]);
        let (article, order) = (random.below(ARTICLES), *random.pick(&["oldest", "newest"]));
        let view = format!("tab={tab}&article={}&sort={order}", article + 1);
        let asked = line
            .agent
            .get(format!("{}/moderation?{view}", line.base))
            .header("cookie", &self.desk.as_ref().unwrap().session);
        let mut answer = asked.call().map_err(broken)?;
        let status = answer.status().as_u16();
        let page = answer.body_mut().read_to_string().map_err(broken)?;
        match status {
            200 => {}
            503 => return Err(Unanswered::Busy),
            _ => panic!("{status} for a list"),
        }
        let items = items(&page);
        if tab == "published" {
            for item in &items {
                line.board.saw(article, item.comment);
            }
        }
        Ok(List {
            article,
            tab,
            view,
            items,
        })
    }
}
