//! Setting up two-factor sign-in, and the recovery codes on the one page that shows them.

use askama::Template;

use super::field::Input;
use super::frame::{Frame, PRODUCT};
use super::nav::{NavLine, Place, nav};
use super::picture::QrPicture;
use super::queue::Desk;
use super::{Site, render};
use crate::store::queue::TabCounts;

/// A secret that is proposed.
pub struct SetUp {
    /// What the picture holds.
    pub address: String,
    /// The same secret for people who type.
    pub typed: String,
    /// The first code was wrong.
    pub wrong: bool,
    pub counts: TabCounts,
}

#[derive(Template)]
#[template(path = "moderation/two_factor.html")]
struct SetUpView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    /// `None` when it would not fit a picture: then it is typed.
    picture: Option<QrPicture>,
    typed: &'a str,
    code: Input,
}

/// The page on which it is turned on.
pub fn set_up(site: &Site, desk: &Desk, shown: &SetUp) -> String {
    let phrases = site.phrases;
    let title = phrases.say("own-set-up-title");
    let mut frame = Frame::desk(site, &title);
    if shown.wrong {
        frame = frame.with_errors(&title, PRODUCT);
    }
    render(&SetUpView {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::Account, Some(&shown.counts)),
        picture: QrPicture::of(&shown.address),
        typed: &shown.typed,
        code: Input {
            name: "code",
            kind: "text",
            label: phrases.say("own-code"),
            autocomplete: "one-time-code",
            required: true,
            verbatim: true,
            error: match shown.wrong {
                true => phrases.say("own-first-code-wrong"),
                false => String::new(),
            },
            ..Input::default()
        },
    })
}

#[derive(Template)]
#[template(path = "moderation/recovery_codes.html")]
struct CodesView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    codes: &'a [String],
}

/// The page that shows new recovery codes.
pub fn codes(site: &Site, desk: &Desk, codes: &[String], counts: &TabCounts) -> String {
    let phrases = site.phrases;
    render(&CodesView {
        page: Frame::desk(site, &phrases.say("own-codes-title")),
        desk,
        nav: nav(phrases, desk, Place::Account, Some(counts)),
        codes,
    })
}
