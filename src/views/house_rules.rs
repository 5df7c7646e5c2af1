//! The house rules on the desk, as one form.

use askama::Template;

use super::frame::{Frame, PRODUCT};
use super::nav::{NavLine, Place, nav};
use super::queue::Desk;
use super::{Phrases, Site, render};
use crate::moderation::house_rules::{Draft, HIGHEST, Problem};
use crate::store::queue::TabCounts;
use crate::store::rules::Rule;

/// A rule as it was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The row of the rule that it continues; `None` for a new one.
    pub was: Option<i64>,
    pub number: String,
    pub illegal: bool,
    pub title: String,
    pub text: String,
    pub remove: bool,
    pub number_wrong: bool,
    pub number_twice: bool,
    pub title_wrong: bool,
    pub text_wrong: bool,
}

impl Typed {
    /// As a rule of the new set; `None` when it is to be removed. A number that is none is 0.
    pub fn draft(&self) -> Option<Draft> {
        (!self.remove).then(|| Draft {
            was: self.was,
            number: self.number.parse().unwrap_or_default(),
            illegal: self.illegal,
            title: self.title.clone(),
            text: self.text.clone(),
        })
    }

    pub fn note(&mut self, problem: Problem) {
        match problem {
            Problem::Number => self.number_wrong = true,
            Problem::NumberTwice => self.number_twice = true,
            Problem::Title => self.title_wrong = true,
            Problem::Text => self.text_wrong = true,
        }
    }

    pub fn is_wrong(&self) -> bool {
        !self.remove
            && (self.number_wrong || self.number_twice || self.title_wrong || self.text_wrong)
    }

    fn of(rule: &Rule) -> Self {
        Self {
            was: Some(rule.id),
            number: rule.number.to_string(),
            illegal: rule.kind == "illegal",
            title: rule.title.clone(),
            text: rule.text.clone(),
            ..Self::default()
        }
    }
}

/// What the page shows beside the rules in force.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub saved: bool,
    /// What was typed and has to be corrected; empty for none.
    pub typed: Vec<Typed>,
    /// What was typed while a colleague changed the rules; empty for none.
    pub kept: Vec<Typed>,
    pub too_many: bool,
}

#[derive(Template)]
#[template(path = "moderation/house_rules.html")]
struct HouseRulesView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    saved: bool,
    /// The rows that the form is made from.
    base: String,
    fields: Vec<Fields>,
    kept: &'a [Typed],
    too_many: bool,
    errors: bool,
}

/// The fields of a rule.
struct Fields {
    /// Part of their names.
    key: String,
    heading: String,
    typed: Typed,
    number_error: String,
    title_error: String,
    text_error: String,
}

/// The page.
pub fn page(
    site: &Site,
    desk: &Desk,
    counts: &TabCounts,
    current: &[Rule],
    shown: &Shown,
) -> String {
    let phrases = site.phrases;
    let heading = phrases.say("nav-rules");
    let errors = shown.too_many || !shown.typed.is_empty() || !shown.kept.is_empty();
    let mut frame = Frame::desk(site, &heading);
    if errors {
        frame = frame.with_errors(&heading, PRODUCT);
    }
    let ids: Vec<String> = current.iter().map(|rule| rule.id.to_string()).collect();
    let mut typed = match shown.typed.is_empty() {
        true => current.iter().map(Typed::of).collect(),
        false => shown.typed.clone(),
    };
    if typed.iter().all(|typed: &Typed| typed.was.is_some()) {
        let last = current.iter().map(|rule| rule.number).max().unwrap_or(0);
        typed.push(Typed {
            number: (last + 1).min(HIGHEST).to_string(),
            ..Typed::default()
        });
    }
    render(&HouseRulesView {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::Rules, Some(counts)),
        saved: shown.saved,
        base: ids.join("."),
        fields: typed
            .into_iter()
            .map(|typed| fields(phrases, typed))
            .collect(),
        kept: &shown.kept,
        too_many: shown.too_many,
        errors: shown.typed.iter().any(Typed::is_wrong),
    })
}

fn fields(phrases: &Phrases, typed: Typed) -> Fields {
    let say_if = |is: bool, words: String| match is && !typed.remove {
        true => words,
        false => String::new(),
    };
    let number = typed.number.as_str();
    Fields {
        key: typed
            .was
            .map_or_else(|| "new".to_owned(), |id| id.to_string()),
        heading: match typed.was {
            Some(_) => phrases.say_with("house-rule", &[("number", number)]),
            None => phrases.say("house-rule-new"),
        },
        number_error: match typed.number_twice {
            true => say_if(
                true,
                phrases.say_with("house-number-twice", &[("number", number)]),
            ),
            false => say_if(typed.number_wrong, phrases.say("house-number-wrong")),
        },
        title_error: say_if(typed.title_wrong, phrases.say("house-title-wrong")),
        text_error: say_if(typed.text_wrong, phrases.say("house-text-wrong")),
        typed,
    }
}
