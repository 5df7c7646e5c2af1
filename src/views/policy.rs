//! The policy on the desk: its settings, and what would become of a text.

use askama::Template;

use super::dates::Dates;
use super::evidence;
use super::frame::{Frame, PRODUCT};
use super::nav::{NavLine, Place, nav};
use super::queue::Desk;
use super::{Site, render};
use crate::moderation::policy::{Settings, Standing};
use crate::moderation::{HoldMode, HoldReason, Role};
use crate::store::policy_trial::Outcome;
use crate::store::queue::TabCounts;
use crate::time::Timestamp;

/// What was done, or could not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Nothing,
    Saved,
    /// Somebody else saved meanwhile.
    Meanwhile,
}

/// The settings as the form has them.
#[derive(Debug, Clone)]
pub struct SettingsForm {
    /// The version that was shown.
    pub version: i64,
    pub settings: Settings,
    /// As typed.
    pub links: String,
    pub fast: String,
    pub links_wrong: bool,
    pub fast_wrong: bool,
}

/// A text to try, and what would become of it.
#[derive(Debug, Clone)]
pub struct TrialForm {
    pub name: String,
    pub email: String,
    pub website: String,
    pub body: String,
    /// As typed.
    pub address: String,
    pub standing: Standing,
    pub address_wrong: bool,
    pub body_wrong: bool,
    pub outcome: Option<Outcome>,
}

impl Default for TrialForm {
    fn default() -> Self {
        Self {
            name: String::new(),
            email: String::new(),
            website: String::new(),
            body: String::new(),
            address: String::new(),
            standing: Standing::New,
            address_wrong: false,
            body_wrong: false,
            outcome: None,
        }
    }
}

/// The page.
pub struct PolicyPage {
    pub said: Said,
    pub form: SettingsForm,
    /// The hold mode and where it was given, if that was outside.
    pub given: Option<(HoldMode, String)>,
    /// Entries of the lists.
    pub entries: i64,
    pub trial: TrialForm,
    pub counts: TabCounts,
}

#[derive(Template)]
#[template(path = "moderation/policy.html")]
struct View<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    saved: bool,
    meanwhile: bool,
    form: &'a SettingsForm,
    modes: Vec<Choice>,
    /// Why the hold mode cannot be changed here; empty when it can.
    given: String,
    links_error: String,
    fast_error: String,
    entries: String,
    trial: &'a TrialForm,
    standings: Vec<Choice>,
    address_error: String,
    body_error: String,
    outcome: Option<Verdict>,
}

/// One of several to choose from.
pub(super) struct Choice {
    pub word: &'static str,
    pub says: String,
    pub chosen: bool,
}

/// What would become of the text that was tried.
struct Verdict {
    class: &'static str,
    says: String,
    reasons: Vec<String>,
}

/// The page of the policy.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, shown: &PolicyPage) -> String {
    let phrases = site.phrases;
    let heading = phrases.say("nav-policy");
    let (form, trial) = (&shown.form, &shown.trial);
    let wrong = form.links_wrong || form.fast_wrong || trial.address_wrong || trial.body_wrong;
    let mut frame = Frame::desk(site, &heading);
    if wrong || shown.said == Said::Meanwhile {
        frame = frame.with_errors(&heading, PRODUCT);
    }
    let say_if = |is: bool, words: &dyn Fn() -> String| if is { words() } else { String::new() };
    let held = shown.given.as_ref();
    let chosen = held.map_or(form.settings.hold, |(mode, _)| *mode);
    let length = i64::try_from(site.max_length).unwrap_or(i64::MAX);
    let length = phrases.number(length);
    render(&View {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::Policy, Some(&shown.counts)),
        saved: shown.said == Said::Saved,
        meanwhile: shown.said == Said::Meanwhile,
        form,
        modes: HoldMode::ALL
            .into_iter()
            .map(|mode| Choice {
                word: mode.word(),
                says: match mode {
                    HoldMode::All => phrases.say("policy-hold-all"),
                    HoldMode::First => phrases.say("policy-hold-first"),
                    HoldMode::None => phrases.say("policy-hold-none"),
                },
                chosen: mode == chosen,
            })
            .collect(),
        given: held.map_or_else(String::new, |(_, source)| {
            phrases.say_with("policy-given", &[("source", source)])
        }),
        links_error: say_if(form.links_wrong, &|| phrases.say("policy-links-wrong")),
        fast_error: say_if(form.fast_wrong, &|| phrases.say("policy-fast-wrong")),
        entries: phrases.count("policy-entries", shown.entries),
        trial,
        standings: [Standing::New, Standing::Known, Standing::Trusted]
            .into_iter()
            .map(|standing| Choice {
                word: match standing {
                    Standing::New => "new",
                    Standing::Known => "known",
                    Standing::Trusted => "trusted",
                },
                says: match standing {
                    Standing::New => phrases.say("policy-try-new"),
                    Standing::Known => phrases.say("policy-try-known"),
                    Standing::Trusted => phrases.say("policy-try-trusted"),
                },
                chosen: standing == trial.standing,
            })
            .collect(),
        address_error: say_if(trial.address_wrong, &|| {
            phrases.say("policy-try-address-wrong")
        }),
        body_error: say_if(trial.body_wrong, &|| {
            phrases.say_with("policy-try-long", &[("limit", &length)])
        }),
        outcome: trial
            .outcome
            .as_ref()
            .map(|outcome| verdict(site, now, outcome)),
    })
}

fn verdict(site: &Site, now: Timestamp, outcome: &Outcome) -> Verdict {
    let phrases = site.phrases;
    let (class, says, reasons): (_, _, &[HoldReason]) = match outcome {
        Outcome::Published => ("ok", phrases.say("policy-would-publish"), &[]),
        Outcome::Held(reasons) => ("warn", phrases.say("policy-would-hold"), reasons),
        Outcome::Spam(reasons) => ("no", phrases.say("policy-would-spam"), reasons),
        Outcome::Refused(reasons) => ("no", phrases.say("policy-would-refuse"), reasons),
    };
    Verdict {
        class,
        says,
        reasons: self::reasons(site, now, reasons),
    }
}

/// Why a reply is held or more, a sentence each.
pub fn reasons(site: &Site, now: Timestamp, reasons: &[HoldReason]) -> Vec<String> {
    let dates = Dates::new(site, now);
    let sentence = |reason| evidence::reason(site.phrases, &dates, reason, Role::Admin);
    reasons.iter().map(sentence).collect()
}
