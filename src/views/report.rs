//! Reporting a comment: the form with the comment shown back, and the page for a report that is not taken.

use askama::Template;

use super::dates::{Dates, Moment};
use super::field::{Check, Input};
use super::frame::Frame;
use super::problems::{Line, report_sentence};
use super::refused::{self, Words};
use super::{Phrases, Site, mid_sentence, render};
use crate::moderation::report::{ReportErrors, ReportField};
use crate::moderation::submission::NAME_LENGTH;
use crate::moderation::{Ground, Report};
use crate::store::reports::Reportable;
use crate::store::rules::Rule;
use crate::text::SafeHtml;
use crate::time::Timestamp;

/// What the form is filled with.
#[derive(Default)]
pub struct ReportForm {
    pub report: Report,
    pub errors: ReportErrors,
}

#[derive(Template)]
#[template(path = "reports/form.html")]
struct FormPage<'a> {
    page: Frame<'a>,
    comment: &'a Reportable,
    when: Moment,
    body: SafeHtml,
    action: String,
    /// The comment's own address, from the scheme on, and as a path.
    address: String,
    back: String,
    errors: Vec<Line>,
    choices: Vec<Choice<'a>>,
    ground_error: String,
    explanation: &'a str,
    explanation_optional: String,
    explanation_error: String,
    name: Input,
    email: Input,
    illegal: String,
    child_abuse: Check,
    good_faith: Check,
}

/// A ground to choose.
struct Choice<'a> {
    value: String,
    title: &'a str,
    /// Of the one rule that asks for more.
    illegal: bool,
    chosen: bool,
}

/// The form. `base` is the site's scheme and host, as its reader reaches it.
pub fn page(
    site: &Site,
    now: Timestamp,
    comment: &Reportable,
    rules: &[Rule],
    form: &ReportForm,
    base: &str,
) -> String {
    let phrases = site.phrases;
    let said = &form.report;
    let title = phrases.say("report-title");
    let mut frame = Frame::public(site, &title);
    if !form.errors.is_empty() {
        frame = frame.with_errors(&title, &site.name);
    }
    frame.private = true;
    frame.times = true;
    let error = |field| first(phrases, &form.errors, field);
    let illegal = rules
        .iter()
        .find(|rule| matches!(rule.ground(), Ground::Illegal(_)))
        .map_or_else(String::new, |rule| mid_sentence(&rule.title));
    let with_rule = [("rule", illegal.as_str())];
    let spam = phrases.say("spam");
    let back = format!("/comments/{}", comment.id);
    render(&FormPage {
        page: frame,
        comment,
        when: Dates::new(site, now).moment(comment.created_at),
        body: SafeHtml::stored(comment.body_html.clone()),
        action: format!("{back}/report"),
        address: format!("{base}{back}"),
        back,
        errors: summary(phrases, &form.errors),
        choices: choices(rules, &spam, said.ground),
        ground_error: error(ReportField::Ground),
        explanation: &said.explanation,
        explanation_optional: phrases.say_with("optional-explanation", &with_rule),
        explanation_error: error(ReportField::Explanation),
        name: Input {
            name: "name",
            kind: "text",
            label: phrases.say("label-your-name"),
            optional: phrases.say_with("optional-needed", &with_rule),
            autocomplete: "name",
            value: said.name.clone(),
            max: NAME_LENGTH,
            error: error(ReportField::Name),
            ..Input::default()
        },
        email: Input {
            name: "email",
            kind: "email",
            label: phrases.say("label-email"),
            optional: phrases.say_with("optional-unpublished-needed", &with_rule),
            autocomplete: "email",
            value: said.email.clone(),
            error: error(ReportField::Email),
            ..Input::default()
        },
        illegal: phrases.say_with("report-illegal", &with_rule),
        child_abuse: Check {
            name: "child_abuse",
            label: phrases.say("report-child-abuse"),
            ticked: said.child_abuse,
            error: error(ReportField::ChildAbuse),
        },
        good_faith: Check {
            name: "good_faith",
            label: phrases.say("report-good-faith"),
            ticked: said.good_faith,
            error: error(ReportField::GoodFaith),
        },
    })
}

fn choices<'a>(rules: &'a [Rule], spam: &'a str, chosen: Option<Ground>) -> Vec<Choice<'a>> {
    let of_rule = |rule: &'a Rule| Choice {
        value: rule.number.to_string(),
        title: &rule.title,
        illegal: matches!(rule.ground(), Ground::Illegal(_)),
        chosen: chosen == Some(rule.ground()),
    };
    let of_spam = Choice {
        value: "spam".to_owned(),
        title: spam,
        illegal: false,
        chosen: chosen == Some(Ground::Spam),
    };
    rules.iter().map(of_rule).chain([of_spam]).collect()
}

/// The first problem of a field; empty when there is none.
fn first(phrases: &Phrases, errors: &ReportErrors, field: ReportField) -> String {
    let found = errors.0.iter().find(|error| error.field == field);
    found.map_or_else(String::new, |error| report_sentence(phrases, error))
}

fn summary(phrases: &Phrases, errors: &ReportErrors) -> Vec<Line> {
    let line = |error| Line {
        target: target(error),
        sentence: report_sentence(phrases, error),
    };
    errors.0.iter().map(line).collect()
}

/// The id of the element to go to.
fn target(error: &crate::moderation::FieldError<ReportField>) -> &'static str {
    match error.field {
        ReportField::Comment => "comment",
        ReportField::Hidden => "send",
        field => field.key(),
    }
}

/// Why a report is not taken, however well it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    NotPublic,
    /// One from the same network waits.
    Waiting,
    /// One from the same network has been answered.
    Answered,
}

/// The page that says so, and keeps the explanation to be copied. It needs no database.
pub fn refused(site: &Site, why: Refused, comment: i64, explanation: &str) -> String {
    let phrases = site.phrases;
    let (title, text) = match why {
        Refused::NotPublic => (
            phrases.say("report-not-public"),
            phrases.say("report-not-public-text"),
        ),
        Refused::Waiting => (
            phrases.say("report-waiting"),
            phrases.say("report-waiting-text"),
        ),
        Refused::Answered => (
            phrases.say("report-answered"),
            phrases.say("report-answered-text"),
        ),
    };
    let public = why != Refused::NotPublic;
    refused::show(
        site,
        Words {
            title,
            sentence: text,
            field: ("explanation", phrases.say("your-explanation")),
            typed: explanation,
            hint: if public {
                phrases.say("report-first-receipt")
            } else {
                String::new()
            },
            back: if public {
                (
                    format!("/comments/{comment}"),
                    phrases.say("back-to-comment"),
                )
            } else {
                ("/".to_owned(), phrases.say("see-latest"))
            },
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moderation::Problem;
    use crate::views::fixtures::{self, AT, HOSTILE, assert_page, attributes, texts};

    fn comment() -> Reportable {
        Reportable {
            id: 42,
            name: "Harbour Sceptic".into(),
            body_html: "<p>£20.85 a <a href=\"https://a.example\">head</a></p>".into(),
            created_at: AT,
            seen: 7,
            article_removed: false,
        }
    }

    fn rules() -> Vec<Rule> {
        let mut rules = fixtures::rules();
        rules.push(Rule {
            id: 16,
            number: 6,
            kind: "illegal".into(),
            title: "Unlawful content".into(),
            text: "Nothing that the law forbids.".into(),
        });
        rules
    }

    fn shown(form: &ReportForm) -> String {
        let site = fixtures::site();
        let html = page(&site, AT, &comment(), &rules(), form, "https://a.example");
        assert_page(&html);
        html
    }

    #[test]
    fn the_comment_is_shown_back_above_the_grounds_of_the_desk() {
        let html = shown(&ReportForm::default());
        assert_eq!(
            texts(&html, "#comment p.sm"),
            ["Harbour Sceptic, 12 May, 19:12"]
        );
        assert_eq!(texts(&html, "#comment .c-body"), ["£20.85 a head"]);
        assert_eq!(
            texts(&html, "label.check:has([name=ground])"),
            ["Personal attack", "Off topic", "Unlawful content", "Spam"]
        );
        let values = attributes(&html, "[name=ground]", "value");
        assert_eq!(values, ["1", "4", "6", "spam"]);
        assert_eq!(attributes(&html, ".illegal", "value"), ["6"]);
        assert!(attributes(&html, "[checked]", "value").is_empty());
        assert_eq!(texts(&html, ".if-illegal legend"), ["For unlawful content"]);
        assert_eq!(
            texts(&html, ".if-illegal code"),
            ["https://a.example/comments/42"]
        );
        assert_eq!(attributes(&html, "[name=seen]", "value"), ["7"]);
        assert_eq!(attributes(&html, "form", "action"), ["/comments/42/report"]);
        // Nothing that may stay empty is asked for by the browser.
        assert_eq!(attributes(&html, "[required]", "name"), ["ground"; 4]);
    }

    #[test]
    fn what_was_typed_and_what_is_wrong_with_it_come_back() {
        let mut form = ReportForm {
            report: Report {
                ground: Some(Ground::Illegal(6)),
                explanation: format!("\n</textarea>{HOSTILE}"),
                name: HOSTILE.into(),
                email: HOSTILE.into(),
                child_abuse: true,
                good_faith: false,
            },
            ..ReportForm::default()
        };
        form.errors.add(ReportField::GoodFaith, Problem::Missing);
        form.errors.add(ReportField::Email, Problem::NotAnEmail);
        form.errors.add(ReportField::Comment, Problem::Missing);
        form.errors.add(ReportField::Hidden, Problem::Missing);
        let html = shown(&form);
        assert!(texts(&html, "title")[0].starts_with("Error: "));
        assert_eq!(
            attributes(&html, "#errors a", "href"),
            ["#comment", "#email", "#good_faith", "#send"]
        );
        assert_eq!(attributes(&html, "[type=radio][checked]", "value"), ["6"]);
        assert_eq!(
            attributes(&html, "[type=checkbox][checked]", "name"),
            ["child_abuse"]
        );
        assert_eq!(attributes(&html, "#name", "value"), [HOSTILE]);
        assert_eq!(attributes(&html, "#email", "aria-invalid"), ["true"]);
        assert!(html.contains(">\n\n&#60;/textarea&#62;"));
    }

    #[test]
    fn a_report_that_is_not_taken_keeps_its_explanation_and_names_no_receipt() {
        for (why, title) in [
            (Refused::NotPublic, "This comment is not public"),
            (Refused::Waiting, "A report from your connection is waiting"),
            (
                Refused::Answered,
                "A report from your connection has been answered",
            ),
        ] {
            let html = refused(&fixtures::site(), why, 42, HOSTILE);
            assert_page(&html);
            assert_eq!(texts(&html, "h1"), [title]);
            assert_eq!(texts(&html, "textarea[readonly]"), [HOSTILE]);
            let back = texts(&html, "main a[href='/comments/42']");
            assert_eq!(back.is_empty(), why == Refused::NotPublic);
            assert!(!html.contains("/reports/"));
            let bare = refused(&fixtures::site(), why, 42, "");
            assert_page(&bare);
            assert!(texts(&bare, "textarea").is_empty());
        }
    }
}
