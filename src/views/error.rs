//! Pages for what cannot be answered. Made without the database; they keep what a reader typed.

use askama::Template;

use super::closing;
use super::dates::Dates;
use super::frame::Frame;
use super::phrases::Piece;
use super::{Phrases, Site, render};
use crate::moderation::report::EXPLANATION_LENGTH;
use crate::store::closing::Closed;
use crate::time::Timestamp;

/// What went wrong.
pub struct ErrorPage {
    /// The HTTP status.
    pub status: u16,
    /// The request's id, shown with failures of ours.
    pub reference: String,
    /// What the reader typed, if anything came with the request.
    pub kept: Option<Kept>,
    /// When to try again.
    pub retry_seconds: Option<u64>,
    /// Since when and why the article takes no replies.
    pub closed: Option<Closed>,
    /// The page is for admins, and somebody else asked for it.
    pub admins_only: bool,
    /// Others download the audit log, and no more may at once.
    pub exporting: bool,
    pub now: Timestamp,
}

/// What somebody had typed into a form that was not taken.
#[derive(Debug, Clone)]
pub struct Kept {
    pub form: KeptForm,
    /// The path it was posted to.
    pub action: String,
    /// The path that it was about.
    pub back: String,
    /// Short fields, to be sent again as they are.
    pub fields: Vec<(&'static str, String)>,
    /// The field that took the time to write.
    pub text: (&'static str, String),
}

/// Which form it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptForm {
    Reply,
    Report,
    Edit,
    Appeal,
    /// A moderator's reply.
    Staff,
}

#[derive(Template)]
#[template(path = "error.html")]
struct View<'a> {
    page: Frame<'a>,
    number: String,
    title: String,
    text: String,
    /// "The editors closed replies on 26 May."
    closed: String,
    /// "You can post again in 40 seconds.", with the time in its slot.
    wait: Vec<Piece>,
    wait_time: String,
    kept: Option<KeptView<'a>>,
    /// The kept text may be sent again as it is; else it stands there to be copied.
    resend: bool,
    /// It was too much from one network.
    shared: bool,
    reference: Vec<Piece>,
    reference_value: &'a str,
}

/// The kept fields, with the words of their form.
struct KeptView<'a> {
    typed: &'a Kept,
    /// The long field may not stay empty.
    required: bool,
    label: String,
    send: String,
    back: String,
    /// Others behind the same address may have used up what one may send.
    others: String,
}

impl<'a> KeptView<'a> {
    fn new(phrases: &Phrases, typed: &'a Kept) -> Self {
        let (label, send, back, others) = match typed.form {
            KeptForm::Reply => (
                phrases.say("label-comment"),
                phrases.say("post-reply"),
                phrases.say("back-to-article"),
                phrases.say("others-used"),
            ),
            KeptForm::Edit => (
                phrases.say("label-comment"),
                phrases.say("save-edit"),
                phrases.say("back-to-receipt"),
                String::new(),
            ),
            KeptForm::Appeal => (
                phrases.say("appeal-why"),
                phrases.say("send-appeal"),
                phrases.say("back-to-receipt"),
                String::new(),
            ),
            KeptForm::Staff => (
                phrases.say("label-comment"),
                phrases.say("staff-post"),
                phrases.say("staff-back-form"),
                String::new(),
            ),
            KeptForm::Report => (
                phrases.say("label-explanation"),
                phrases.say("send-report"),
                phrases.say("back-to-comment"),
                phrases.say("others-used-reports"),
            ),
        };
        Self {
            typed,
            required: typed.form != KeptForm::Report,
            label,
            send,
            back,
            others,
        }
    }
}

/// The page for an error.
pub fn page(site: &Site, error: &ErrorPage) -> String {
    let phrases = site.phrases;
    let kept = error.kept.as_ref();
    let form = kept.map(|kept| kept.form);
    let (title, text) = if error.admins_only {
        (
            phrases.say("error-admins"),
            phrases.say("error-admins-text"),
        )
    } else if error.exporting {
        (
            phrases.say("error-exporting"),
            phrases.say("error-exporting-text"),
        )
    } else {
        words(site, error.status, form)
    };
    let mut frame = Frame::public(site, &title);
    frame.private = true;
    let number = error.status.to_string();
    render(&View {
        page: frame,
        number: phrases.say_with("error-number", &[("number", &number)]),
        title,
        text,
        closed: error.closed.map_or_else(String::new, |closed| {
            closing::sentence(site, &Dates::new(site, error.now), closed)
        }),
        wait: match (error.status, error.retry_seconds) {
            (429, None) => phrases.pieces("try-again-soon", &[], &[]),
            (429, Some(_)) if form == Some(KeptForm::Reply) => {
                phrases.pieces("post-again-in", &["wait"], &[])
            }
            (429 | 503, Some(_)) => phrases.pieces("try-again-in", &["wait"], &[]),
            _ => Vec::new(),
        },
        wait_time: error
            .retry_seconds
            .map_or_else(String::new, |seconds| phrases.seconds(seconds)),
        resend: matches!(error.status, 429 | 500..),
        shared: error.status == 429,
        kept: kept.map(|kept| KeptView::new(phrases, kept)),
        reference: if error.status >= 500 && !error.reference.is_empty() {
            phrases.pieces("quote-reference", &["reference"], &[])
        } else {
            Vec::new()
        },
        reference_value: &error.reference,
    })
}

/// Title and first sentence; `form` is what came with the request.
fn words(site: &Site, status: u16, form: Option<KeptForm>) -> (String, String) {
    let phrases = site.phrases;
    match status {
        403 => (phrases.say("error-403"), phrases.say("error-403-text")),
        404 => (phrases.say("error-404"), phrases.say("error-404-text")),
        405 => (phrases.say("error-405"), phrases.say("error-405-text")),
        408 => (phrases.say("slow-form"), phrases.say("slow-form-text")),
        409 => (phrases.say("error-409"), phrases.say("error-409-text")),
        410 => (phrases.say("error-410"), phrases.say("error-410-text")),
        413 => {
            let limit = phrases.number(i64::try_from(site.max_length).unwrap_or(i64::MAX));
            let report = i64::try_from(EXPLANATION_LENGTH).unwrap_or(i64::MAX);
            let limits = [
                ("limit", limit.as_str()),
                ("report", &phrases.number(report)),
            ];
            let text = phrases.say_with("error-413-text", &limits);
            (phrases.say("error-413"), text)
        }
        415 => (phrases.say("error-415"), phrases.say("error-415-text")),
        429 if form == Some(KeptForm::Reply) => (phrases.say("error-429-reply"), String::new()),
        429 if form == Some(KeptForm::Report) => (phrases.say("error-429-report"), String::new()),
        429 => (phrases.say("error-429"), String::new()),
        503 => (phrases.say("error-503"), phrases.say("error-503-text")),
        500.. if form.is_some() => (phrases.say("error-500"), phrases.say("error-500-kept")),
        500.. => (phrases.say("error-500"), phrases.say("error-500-text")),
        _ => (phrases.say("error-400"), phrases.say("error-400-text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{self, AT, HOSTILE, assert_page, attributes, texts};

    fn kept() -> Kept {
        Kept {
            form: KeptForm::Reply,
            action: "/articles/ferry/replies".into(),
            back: "/articles/ferry".into(),
            fields: vec![
                ("name", "Sana".into()),
                ("email", "sana@example.org".into()),
                ("website", HOSTILE.into()),
                ("parent", "7".into()),
                ("remember", "1".into()),
            ],
            text: ("body", "\n</textarea>£26".into()),
        }
    }

    fn kept_report() -> Kept {
        Kept {
            form: KeptForm::Report,
            action: "/comments/42/report".into(),
            back: "/comments/42".into(),
            fields: vec![("ground", "6".into()), ("good_faith", "yes".into())],
            text: ("explanation", HOSTILE.into()),
        }
    }

    fn shown(status: u16, kept: Option<Kept>, retry_seconds: Option<u64>) -> String {
        let error = ErrorPage {
            status,
            reference: "7f3a-21c9".into(),
            kept,
            retry_seconds,
            closed: (status == 409).then_some(Closed::ByEditors { at: Some(AT) }),
            admins_only: false,
            exporting: false,
            now: AT,
        };
        let html = page(&fixtures::site(), &error);
        assert_page(&html);
        html
    }

    #[test]
    fn every_status_has_a_page_with_a_way_on() {
        for status in [
            400, 403, 404, 405, 408, 409, 410, 413, 415, 429, 500, 502, 503,
        ] {
            for kept in [None, Some(kept()), Some(kept_report())] {
                let html = shown(status, kept, None);
                assert_eq!(texts(&html, "main .soft")[0], format!("Error {status}"));
                assert!(!texts(&html, "main a").is_empty(), "{status}");
                assert!(
                    !texts(&html, "main p").join("").contains("error-"),
                    "{status}"
                );
            }
        }
        let html = shown(404, None, None);
        assert_eq!(texts(&html, "h1"), ["There is no page at this address"]);
    }

    #[test]
    fn a_throttled_reply_can_be_sent_again_with_every_field() {
        let html = shown(429, Some(kept()), Some(40));
        assert_eq!(texts(&html, "h1"), ["Too many replies in a short time"]);
        assert_eq!(texts(&html, "main p b"), ["40 seconds"]);
        let form = "form[method=post][action='/articles/ferry/replies']";
        let value = |name: &str| attributes(&html, &format!("{form} [name={name}]"), "value");
        assert_eq!(value("name"), ["Sana"]);
        assert_eq!(value("email"), ["sana@example.org"]);
        assert_eq!(value("website"), [HOSTILE]);
        assert_eq!(value("parent"), ["7"]);
        assert_eq!(value("remember"), ["1"]);
        assert_eq!(value("do"), ["send"]);
        assert!(html.contains(">\n\n&#60;/textarea&#62;£26</textarea>"));
    }

    #[test]
    fn a_throttled_report_can_be_sent_again_with_every_field() {
        let html = shown(429, Some(kept_report()), Some(40));
        assert_eq!(texts(&html, "h1"), ["Too many reports in a short time"]);
        let form = "form[method=post][action='/comments/42/report']";
        let value = |name: &str| attributes(&html, &format!("{form} [name={name}]"), "value");
        assert_eq!(value("ground"), ["6"]);
        assert_eq!(value("good_faith"), ["yes"]);
        assert_eq!(
            texts(&html, &format!("{form} [name=explanation]")),
            [HOSTILE]
        );
        assert!(attributes(&html, "[required]", "name").is_empty());
        assert_eq!(
            texts(&html, "a[href='/comments/42']"),
            ["Back to the comment"]
        );
        assert!(!texts(&html, "main").join("").contains("repl"));
    }

    #[test]
    fn a_reply_to_a_closed_article_is_there_to_copy() {
        let html = shown(409, Some(kept()), None);
        assert!(texts(&html, "main p")[1].contains("The editors closed replies on 12 May."));
        assert!(texts(&html, "form").is_empty());
        assert_eq!(texts(&html, "textarea[readonly]"), ["</textarea>£26"]);
        assert_eq!(
            texts(&html, "a[href='/articles/ferry']"),
            ["Back to the article"]
        );
    }

    #[test]
    fn only_a_failure_of_ours_shows_its_reference() {
        assert_eq!(texts(&shown(500, None, None), "code"), ["7f3a-21c9"]);
        assert_eq!(texts(&shown(503, None, Some(2)), "code"), ["7f3a-21c9"]);
        assert!(texts(&shown(404, None, None), "code").is_empty());
    }
}
