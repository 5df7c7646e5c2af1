//! The door of the desk.

use askama::Template;

use super::field::Input;
use super::frame::{Frame, PRODUCT};
use super::phrases::Piece;
use super::{Site, render};

/// Why the sign-in form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFailure {
    /// Name or password is wrong, or the account is off: never which.
    Mismatch,
    TooMany {
        /// Until the next try is taken.
        seconds: u64,
    },
    /// Too many sign-ins are being checked at once.
    Busy,
    /// The session ended while a decision was being sent.
    SignedOutMidway,
    /// The code came too late, or was wrong too often.
    CodeOver,
}

/// Why the second step's form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFailure {
    Wrong,
    TooMany {
        /// Until the next try is taken.
        seconds: u64,
    },
}

#[derive(Template)]
#[template(path = "moderation/sign_in_code.html")]
struct CodePage<'a> {
    page: Frame<'a>,
    /// Empty when nothing failed.
    failed: String,
    code: Input,
    next: &'a str,
}

/// The form for the code, once the password was right. `next` is the path to go on to.
pub fn sign_in_code(site: &Site, failed: Option<CodeFailure>, next: &str) -> String {
    let phrases = site.phrases;
    let title = phrases.say("code-title");
    let mut frame = Frame::desk(site, &title);
    if failed.is_some() {
        frame = frame.with_errors(&title, PRODUCT);
    }
    render(&CodePage {
        page: frame,
        failed: match failed {
            None => String::new(),
            Some(CodeFailure::Wrong) => phrases.say("code-wrong"),
            Some(CodeFailure::TooMany { seconds }) => {
                sentence(site, SignInFailure::TooMany { seconds })
            }
        },
        code: Input {
            name: "code",
            kind: "text",
            label: phrases.say("code-label"),
            autocomplete: "one-time-code",
            required: true,
            verbatim: true,
            ..Input::default()
        },
        next,
    })
}

#[derive(Template)]
#[template(path = "moderation/sign_in.html")]
struct SignInPage<'a> {
    page: Frame<'a>,
    lead: String,
    /// Empty when nothing failed.
    failed: String,
    /// Nothing was wrong with what was typed.
    midway: bool,
    name: Input,
    password: Input,
    next: &'a str,
    lost: Vec<Piece>,
}

/// The sign-in form. `name` is what was typed before, `next` the path to go on to.
pub fn sign_in(site: &Site, name: &str, failed: Option<SignInFailure>, next: &str) -> String {
    let phrases = site.phrases;
    let title = phrases.say("sign-in");
    let midway = failed == Some(SignInFailure::SignedOutMidway);
    let mut frame = Frame::desk(site, &title);
    if failed.is_some() && !midway {
        frame = frame.with_errors(&title, PRODUCT);
    }
    render(&SignInPage {
        page: frame,
        lead: phrases.say_with("sign-in-for", &[("site", &site.name)]),
        failed: failed.map_or_else(String::new, |why| sentence(site, why)),
        midway,
        name: Input {
            name: "name",
            kind: "text",
            label: phrases.say("label-name"),
            autocomplete: "username",
            required: true,
            value: name.to_owned(),
            verbatim: true,
            ..Input::default()
        },
        password: Input {
            name: "password",
            kind: "password",
            label: phrases.say("label-password"),
            autocomplete: "current-password",
            required: true,
            ..Input::default()
        },
        next,
        lost: phrases.pieces("lost-password", &["command"], &[]),
    })
}

fn sentence(site: &Site, failure: SignInFailure) -> String {
    let phrases = site.phrases;
    match failure {
        SignInFailure::Mismatch => phrases.say("sign-in-mismatch"),
        SignInFailure::TooMany { seconds } => {
            let wait = phrases.seconds(seconds);
            phrases.say_with("sign-in-too-many", &[("wait", &wait)])
        }
        SignInFailure::Busy => phrases.say("sign-in-busy"),
        SignInFailure::SignedOutMidway => phrases.say("sign-in-midway"),
        SignInFailure::CodeOver => phrases.say("code-over"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{self, HOSTILE, assert_page, attributes, texts};

    #[test]
    fn the_form_asks_for_a_name_and_a_password_and_remembers_where_to_go() {
        let html = sign_in(&fixtures::site(), "", None, "/moderation?tab=spam");
        assert_page(&html);
        assert_eq!(texts(&html, "title"), ["Sign in · Rejoinder"]);
        assert_eq!(
            attributes(&html, "form input", "name"),
            ["next", "name", "password"]
        );
        assert_eq!(
            attributes(&html, "input[name=next]", "value"),
            ["/moderation?tab=spam"]
        );
        assert!(html.contains("rejoinder moderator passwd NAME"));
    }

    #[test]
    fn a_failure_is_announced_and_never_says_which_part_is_wrong() {
        let shown = |failure| sign_in(&fixtures::site(), HOSTILE, Some(failure), HOSTILE);
        let html = shown(SignInFailure::Mismatch);
        assert_page(&html);
        assert_eq!(texts(&html, "title"), ["Error: Sign in · Rejoinder"]);
        assert_eq!(texts(&html, "[role=alert] h2"), ["You are not signed in"]);
        assert_eq!(
            texts(&html, "[role=alert] p"),
            ["The name or password does not match."]
        );
        assert_eq!(attributes(&html, "#name", "value"), [HOSTILE]);
        let html = shown(SignInFailure::TooMany { seconds: 40 });
        assert!(texts(&html, "[role=alert] p")[0].ends_with("again in 40 seconds."));
        assert_page(&shown(SignInFailure::Busy));
    }

    #[test]
    fn signing_in_again_midway_is_no_error() {
        let html = sign_in(
            &fixtures::hostile_site(),
            "",
            Some(SignInFailure::SignedOutMidway),
            "",
        );
        assert_page(&html);
        assert_eq!(texts(&html, "title"), ["Sign in · Rejoinder"]);
        assert_eq!(
            texts(&html, ".note"),
            ["Sign in to continue. Your decision has not been made yet."]
        );
    }
}
