//! Reports of comments: the form, what becomes of it, and the receipt that follows it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::replies::seconds;
use super::typed_reply::HONEYPOT;
use super::{articles, client, flood, response};
use crate::app::App;
use crate::moderation::report::{ReportErrors, ReportField};
use crate::moderation::{Ground, Problem, Report};
use crate::store::reports::{self, NewReport, Reportable, Submitted};
use crate::store::rules::{self, Rule};
use crate::store::{Kind, reported, token};
use crate::telemetry::Reported;
use crate::text;
use crate::views::error::{Kept, KeptForm};
use crate::views::report::Refused;
use crate::views::{self, ReportForm};

/// Bytes of a report's form: 2,000 characters of explanation, percent-encoded, and the rest.
const FORM_LIMIT: usize = 32 * 1024;
/// What a ticked box sends.
const YES: &str = "yes";

/// `GET /comments/{id}/report`
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (comment, rules) = subject(&app, articles::id(&id)?)
        .await?
        .ok_or(Error::NotFound)?;
    if comment.article_removed {
        return Err(Error::Gone);
    }
    let empty = ReportForm::default();
    Ok(page(
        &app,
        &request,
        StatusCode::OK,
        &comment,
        &rules,
        &empty,
    ))
}

/// `POST /comments/{id}/report`
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, FORM_LIMIT).await?;
    let mut typed = read(&form, articles::id(&id)?);
    flood::admit(&app, &request).map_err(|error| {
        app.metrics.acts.reported(Reported::Throttled);
        error.keeping(|| typed.kept())
    })?;
    let found = subject(&app, typed.comment)
        .await
        .map_err(|error| error.keeping(|| typed.kept()))?;
    let Some((comment, rules)) = found.filter(|(comment, _)| !comment.article_removed) else {
        app.metrics.acts.reported(Reported::Refused);
        return Ok(refuse(&app, Refused::NotPublic, &typed));
    };
    let rule = typed.judge(&rules, comment.seen);
    if !typed.form.errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        app.metrics.acts.reported(Reported::Refused);
        return Ok(page(&app, &request, status, &comment, &rules, &typed.form));
    }
    let new = NewReport {
        comment: typed.comment,
        seen: comment.seen,
        report: typed.form.report.clone(),
        rule,
        network: client::network(&app, &request).hashes,
        receipt: token::receipt()?,
        per_minute: app.config.replies_per_minute,
        undo_window: app.config.undo_window,
        now: app.config.clock.now(),
    };
    let receipt = new.receipt.clone();
    let outcome = app
        .store
        .write(Kind::Update, move |db| reports::submit(db, &new))
        .await
        .map_err(|error| {
            app.metrics.acts.reported(Reported::Failed);
            Error::from(error).keeping(|| typed.kept())
        })?;
    app.metrics.acts.reported(match &outcome {
        Submitted::Stored => Reported::Stored,
        Submitted::Duplicate { .. } => Reported::Duplicate,
        Submitted::Throttled { .. } => Reported::Throttled,
        Submitted::Again { .. } | Submitted::NotPublic | Submitted::Edited => Reported::Refused,
    });
    match outcome {
        Submitted::Stored => Ok(response::see_other(&format!("/reports/{receipt}"))),
        Submitted::Duplicate { receipt } => Ok(response::see_other(&format!("/reports/{receipt}"))),
        Submitted::Throttled { wait } => Err(Error::TooMany {
            seconds: seconds(wait),
            kept: Some(Box::new(typed.kept())),
        }),
        Submitted::Again { answered: false } => Ok(refuse(&app, Refused::Waiting, &typed)),
        Submitted::Again { answered: true } => Ok(refuse(&app, Refused::Answered, &typed)),
        Submitted::NotPublic => Ok(refuse(&app, Refused::NotPublic, &typed)),
        Submitted::Edited => edited(&app, &request, typed).await,
    }
}

/// What was typed, and what is wrong with it.
struct Typed {
    comment: i64,
    /// As the form has it: a rule's number, or `spam`.
    ground: String,
    /// The state of the comment that the form was made for; empty where it does not say.
    seen: String,
    form: ReportForm,
}

/// Reads the fields. One-line fields lose spaces at their ends and characters that only steer the direction of text.
fn read(form: &Form, comment: i64) -> Typed {
    let mut errors = ReportErrors::default();
    let mut field = |field: ReportField| {
        let sent = form.sent(field.key());
        if let Some(problem) = sent.problem {
            errors.add(field, problem);
        }
        let one_line = matches!(field, ReportField::Name | ReportField::Email);
        // Looked for here, because line breaks are white space, which is folded below. A tab is pasted now and then.
        let breaks = |c: char| c.is_control() && c != '\t';
        if one_line && sent.text.trim().contains(breaks) {
            errors.add(field, Problem::ControlCharacter);
        }
        sent.text
    };
    let seen = field(ReportField::Comment);
    let ground = field(ReportField::Ground);
    let explanation = text::normalise(&field(ReportField::Explanation));
    let report = Report {
        ground: None,
        explanation: explanation.trim_end().trim_start_matches('\n').to_owned(),
        name: text::one_line(&field(ReportField::Name)),
        email: text::one_line(&field(ReportField::Email)),
        child_abuse: !field(ReportField::ChildAbuse).is_empty(),
        good_faith: !field(ReportField::GoodFaith).is_empty(),
    };
    // Given back empty, so that a person is through at the second attempt; a program is not.
    if !form.sent(HONEYPOT).text.trim().is_empty() {
        errors.add(ReportField::Hidden, Problem::Missing);
    }
    Typed {
        comment,
        ground,
        seen,
        form: ReportForm { report, errors },
    }
}

impl Typed {
    /// Checks it against the rules in force and the comment as it is. Says which rule it is about.
    fn judge(&mut self, rules: &[Rule], seen: i64) -> Option<i64> {
        let number = self.ground.parse::<i16>().ok();
        let rule = rules.iter().find(|rule| Some(rule.number) == number);
        let ReportForm { report, errors } = &mut self.form;
        report.ground = match rule {
            Some(rule) => Some(rule.ground()),
            None => (self.ground == "spam").then_some(Ground::Spam),
        };
        if !self.seen.is_empty() && self.seen != seen.to_string() {
            errors.add(ReportField::Comment, Problem::Missing);
        }
        for error in report.check().0 {
            errors.add(error.field, error.problem);
        }
        // Nobody can read what cannot be seen, where something has to be said.
        if report.is_of_illegal() {
            let needed = [
                (ReportField::Explanation, &report.explanation),
                (ReportField::Name, &report.name),
            ];
            for (field, typed) in needed {
                if !typed.is_empty() && text::is_blank(typed) {
                    errors.add(field, Problem::NothingToSee);
                }
            }
        }
        rule.map(|rule| rule.id)
    }

    fn kept(&self) -> Kept {
        let report = &self.form.report;
        let box_of = |ticked: bool| if ticked { YES } else { "" }.to_owned();
        let back = format!("/comments/{}", self.comment);
        Kept {
            form: KeptForm::Report,
            action: format!("{back}/report"),
            back,
            fields: vec![
                (ReportField::Comment.key(), self.seen.clone()),
                (ReportField::Ground.key(), self.ground.clone()),
                (ReportField::Name.key(), report.name.clone()),
                (ReportField::Email.key(), report.email.clone()),
                (ReportField::ChildAbuse.key(), box_of(report.child_abuse)),
                (ReportField::GoodFaith.key(), box_of(report.good_faith)),
            ],
            text: (ReportField::Explanation.key(), report.explanation.clone()),
        }
    }
}

/// The public comment and the rules in force.
async fn subject(app: &App, comment: i64) -> Result<Option<(Reportable, Vec<Rule>)>, Error> {
    let read = app.store.read(move |db| {
        let Some(comment) = reports::reportable(db, comment)? else {
            return Ok(None);
        };
        Ok(Some((comment, rules::current(db)?)))
    });
    Ok(read.await?)
}

fn page(
    app: &App,
    request: &HttpRequest,
    status: StatusCode,
    comment: &Reportable,
    rules: &[Rule],
    form: &ReportForm,
) -> HttpResponse {
    let base = client::base(app, request).unwrap_or_default();
    let now = app.config.clock.now();
    let html = views::report::page(&app.site, now, comment, rules, form, &base);
    response::unlisted(status, html)
}

/// The form once more, below the comment as it reads now.
async fn edited(app: &App, request: &HttpRequest, mut typed: Typed) -> Result<HttpResponse, Error> {
    let found = subject(app, typed.comment)
        .await
        .map_err(|error| error.keeping(|| typed.kept()))?;
    let Some((comment, rules)) = found else {
        return Ok(refuse(app, Refused::NotPublic, &typed));
    };
    let errors = &mut typed.form.errors;
    errors.add(ReportField::Comment, Problem::Missing);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page(app, request, status, &comment, &rules, &typed.form))
}

fn refuse(app: &App, why: Refused, typed: &Typed) -> HttpResponse {
    let status = match why {
        // The same for a comment that waits and for one that never was.
        Refused::NotPublic => StatusCode::NOT_FOUND,
        Refused::Waiting | Refused::Answered => StatusCode::CONFLICT,
    };
    let said = &typed.form.report.explanation;
    let html = views::report::refused(&app.site, why, typed.comment, said);
    response::unlisted(status, html)
}

/// `GET /reports/{receipt}`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    receipt: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let base = client::base(&app, &request)
        .unwrap_or_default()
        .into_owned();
    let receipt = receipt.into_inner();
    let now = app.config.clock.now();
    let shared = app.clone();
    let html = app
        .store
        .read(move |db| {
            let found = reported::receipt(db, &receipt, shared.config.undo_window, now)?;
            Ok(found.map(|report| views::report_receipt::page(&shared.site, now, &report, &base)))
        })
        .await?
        .ok_or(Error::NotFound)?;
    Ok(response::unlisted(StatusCode::OK, html))
}
