//! An act as a request, and its answer.

use rejoinder::moderation::Decision;

use super::clients::{Line, Person, Unanswered, broken};
use super::forms::hidden;
use super::journal::{Act, Outcome};

/// The house rule by which is rejected; only a rejection names one.
fn ground(decision: Decision) -> &'static str {
    match decision {
        Decision::Reject => "4",
        _ => "",
    }
}

impl Person {
    pub fn send(&self, line: &Line, act: &Act) -> Result<Outcome, Unanswered> {
        let desk = |fields: &[(&'static str, &str)]| {
            let mut all = vec![("csrf", self.desk.as_ref().unwrap().csrf.clone())];
            all.extend(
                fields
                    .iter()
                    .map(|(key, value)| (*key, (*value).to_owned())),
            );
            all
        };
        let plain = |fields: &[(&'static str, &str)]| {
            let owned = fields
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned()));
            owned.collect::<Vec<_>>()
        };
        match act {
            Act::Post {
                article,
                parent,
                word,
            } => {
                let path = format!("/articles/article-{article}/replies");
                let parent = parent.map_or_else(String::new, |id| id.to_string());
                let body = format!("I say {word}.");
                let fields = [
                    ("name", "Ama"),
                    ("body", body.as_str()),
                    ("parent", &parent),
                    ("do", "send"),
                ];
                self.post(line, &path, &plain(&fields), None)
            }
            Act::Edit { receipt, word } => {
                let path = format!("/replies/{receipt}/edit");
                let address = format!("{}{path}", line.base);
                let mut form = line.agent.get(address).call().map_err(broken)?;
                let page = form.body_mut().read_to_string().map_err(broken)?;
                let Some(seen) = hidden(&page, "seen") else {
                    return match form.status().as_u16() {
                        503 => Err(Unanswered::Busy),
                        status => Ok(Outcome::Refused(status)),
                    };
                };
                let body = format!("I say {word} now.");
                let fields = [("seen", seen.as_str()), ("body", &body), ("do", "send")];
                self.post(line, &path, &plain(&fields), None)
            }
            Act::Withdraw { receipt } => {
                self.post(line, &format!("/replies/{receipt}/withdraw"), &[], None)
            }
            Act::Decide {
                comment,
                version,
                revision,
                appeal,
                decision,
                ..
            } => {
                let shown = |id: &Option<i64>| id.map_or_else(String::new, |id| id.to_string());
                let note = match appeal {
                    Some(_) => "We have read it again.",
                    None => "",
                };
                let fields = desk(&[
                    ("version", &version.to_string()),
                    ("view", ""),
                    ("revision", &shown(revision)),
                    ("appeal", &shown(appeal)),
                    ("do", decision.word()),
                    ("ground", ground(*decision)),
                    ("note", note),
                ]);
                let path = format!("/moderation/comments/{comment}/decide");
                self.post(line, &path, &fields, None)
            }
            Act::Undo { decision } => {
                let path = format!("/moderation/decisions/{decision}/undo");
                self.post(line, &path, &desk(&[("view", "")]), None)
            }
            Act::Appeal { receipt, word } => {
                let why = format!("I object: {word}.");
                let path = format!("/replies/{receipt}/appeal");
                self.post(line, &path, &plain(&[("why", &why)]), None)
            }
            Act::Bulk {
                picked,
                decision,
                shown_before,
                ..
            } => {
                let words: Vec<String> = picked.iter().map(|one| one.word()).collect();
                let ground = ground(*decision);
                let mut fields = desk(&[("view", ""), ("do", decision.word()), ("ground", ground)]);
                // Tick boxes are a field each; the page before the act has one for all.
                match shown_before {
                    true => fields.push(("sel", words.join(" "))),
                    false => fields.extend(words.into_iter().map(|word| ("sel", word))),
                }
                self.post(line, "/moderation/bulk", &fields, None)
            }
            Act::UndoBulk { bulk } => {
                let path = format!("/moderation/bulks/{bulk}/undo");
                self.post(line, &path, &desk(&[("view", "")]), None)
            }
            Act::Report {
                comment,
                word,
                network,
            } => {
                let said = format!("It says {word}.");
                let fields = [("ground", "4"), ("explanation", said.as_str())];
                let path = format!("/comments/{comment}/report");
                self.post(line, &path, &plain(&fields), Some(network))
            }
            Act::Turn { article, open } => {
                let path = format!("/moderation/articles/{}", article + 1);
                let act = if *open { "open" } else { "close" };
                self.post(line, &path, &desk(&[("do", act), ("hold", "")]), None)
            }
        }
    }

    fn post(
        &self,
        line: &Line,
        path: &str,
        fields: &[(&str, String)],
        network: Option<&String>,
    ) -> Result<Outcome, Unanswered> {
        let mut request = line
            .agent
            .post(format!("{}{path}", line.base))
            .header("origin", line.base);
        if let Some(desk) = &self.desk {
            request = request.header("cookie", &desk.session);
        }
        if let Some(network) = network {
            request = request.header("x-forwarded-for", network);
        }
        let fields = fields.iter().map(|(key, value)| (*key, value.as_str()));
        let answer = request.send_form(fields).map_err(broken)?;
        match answer.status().as_u16() {
            303 => {
                let location = answer.headers().get("location").unwrap();
                let location = location.to_str().unwrap().to_owned();
                assert!(!location.starts_with("/login"), "a session is lost");
                Ok(Outcome::Done(location))
            }
            503 => Err(Unanswered::Busy),
            status @ (404 | 409 | 422) => Ok(Outcome::Refused(status)),
            status => panic!("{status} for {path} with {:?}", fields_of(answer)),
        }
    }
}

fn fields_of(mut answer: ureq::http::Response<ureq::Body>) -> String {
    answer.body_mut().read_to_string().unwrap_or_default()
}
