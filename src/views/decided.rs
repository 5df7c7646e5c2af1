//! Decisions in words: "Dana rejected this at 14:13: personal attack (rule 1)".

use super::dates::Dates;
use super::{Phrases, mid_sentence};
use crate::moderation::{About, AppealStatus, Ground, RevisionStatus, Status};
use crate::store::queue::LatestDecision;
use crate::store::rules::Rule;

/// Who decided what, when and why; without a full stop.
pub(super) fn sentence(phrases: &Phrases, dates: &Dates<'_>, decision: &LatestDecision) -> String {
    let policy;
    let who = if decision.moderator.is_empty() {
        policy = phrases.say("hold-policy");
        &policy
    } else {
        &decision.moderator
    };
    let when = dates.sentence(decision.at);
    let said = [("who", who.as_str()), ("when", when.as_str())];
    let is = |code: i16| decision.outcome == Some(code);
    match decision.about {
        About::Status => {}
        _ if decision.is_undo => return phrases.say_with("decision-reopened", &said),
        About::Revision if is(RevisionStatus::Accepted.code()) => {
            return phrases.say_with("decision-edit-accepted", &said);
        }
        About::Revision => return phrases.say_with("decision-edit-refused", &said),
        About::Reports => return phrases.say_with("decision-reports-kept", &said),
        About::Appeal if is(AppealStatus::Upheld.code()) => {
            return phrases.say_with("decision-upheld", &said);
        }
        About::Appeal => {}
    }
    match decision.to {
        Status::Approved => phrases.say_with("decision-approved", &said),
        Status::Spam => phrases.say_with("decision-spam", &said),
        Status::Pending => phrases.say_with("decision-returned", &said),
        Status::Withdrawn => phrases.say_with("decision-withdrawn", &said),
        Status::Rejected => match decision.ground {
            Some(given) => {
                let why = ground(phrases, given, &decision.rule_title);
                let [who, when] = said;
                phrases.say_with("decision-rejected", &[who, when, ("ground", &why)])
            }
            None => phrases.say_with("decision-rejected-plain", &said),
        },
    }
}

/// "personal attack (rule 1)".
pub(super) fn ground(phrases: &Phrases, ground: Ground, title: &str) -> String {
    match ground {
        Ground::Spam => phrases.say("ground-spam"),
        Ground::Rule(number) | Ground::Illegal(number) => rule(phrases, number, title),
    }
}

/// The rule of a decision that is still to be made; its number alone when it is no longer in force.
pub(super) fn rule_among(phrases: &Phrases, rules: &[Rule], number: i16) -> String {
    let known = rules.iter().find(|rule| rule.number == number);
    rule(phrases, number, known.map_or("", |rule| &rule.title))
}

fn rule(phrases: &Phrases, number: i16, title: &str) -> String {
    let number = number.to_string();
    let title = mid_sentence(title);
    if title.is_empty() {
        return phrases.say_with("ground-number", &[("number", &number)]);
    }
    phrases.say_with("ground-rule", &[("title", &title), ("number", &number)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{AT, decision, site};

    #[test]
    fn each_verdict_has_its_sentence() {
        let site = site();
        let dates = Dates::new(&site, AT);
        let say = |decision: &LatestDecision| sentence(site.phrases, &dates, decision);
        let mut latest = decision(Status::Rejected);
        assert_eq!(
            say(&latest),
            "Dana rejected this at 19:12: personal attack (rule 1)"
        );
        latest.ground = None;
        assert_eq!(say(&latest), "Dana rejected this at 19:12");
        latest.to = Status::Spam;
        assert_eq!(say(&latest), "Dana marked this as spam at 19:12");
        latest.to = Status::Pending;
        assert_eq!(say(&latest), "Dana put this back in the queue at 19:12");
        latest.to = Status::Approved;
        latest.moderator.clear();
        assert_eq!(say(&latest), "Policy approved this at 19:12");
    }

    #[test]
    fn a_rule_that_is_gone_keeps_its_number() {
        let phrases = Phrases::of("en");
        assert_eq!(rule_among(phrases, &[], 7), "rule 7");
    }
}
