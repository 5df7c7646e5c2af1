//! Edits of a reply by its author.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::{flood, response};
use crate::app::App;
use crate::moderation::submission::Limits;
use crate::moderation::{Field, FieldErrors, Problem, Status, Submission, policy};
use crate::store::policy_check::Written;
use crate::store::revisions::{self, Edit, Editable, Edited};
use crate::store::{Kind, history};
use crate::text;
use crate::views::edit::EditPage;
use crate::views::error::{Kept, KeptForm};
use crate::views::refused::{self, Refused};

/// `GET /replies/{receipt}/edit`
pub async fn show(app: web::Data<App>, receipt: web::Path<String>) -> Result<HttpResponse, Error> {
    let receipt = receipt.into_inner();
    let text = find(&app, &receipt).await?;
    if let Some(why) = closed(&app, &text).await? {
        return Ok(refuse(&app, why, &receipt, ""));
    }
    let form = EditPage {
        receipt: &receipt,
        published: text.status.is_public(),
        body: &text.body,
        seen: &revisions::mark(&text.body),
        errors: &FieldErrors::default(),
        preview: None,
        changed: None,
    };
    Ok(page(&app, StatusCode::OK, &form))
}

/// `POST /replies/{receipt}/edit`, with `do=send` or `do=preview`.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    receipt: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, app.config.body_limit()).await?;
    let receipt = receipt.into_inner();
    let seen = form.sent("seen").text;
    let kept = || Kept {
        form: KeptForm::Edit,
        action: format!("/replies/{receipt}/edit"),
        back: format!("/replies/{receipt}"),
        fields: vec![("seen", seen.clone())],
        text: ("body", form.sent("body").text),
    };
    flood::admit(&app, &request).map_err(|error| error.keeping(kept))?;
    let text = find(&app, &receipt)
        .await
        .map_err(|error| error.keeping(kept))?;
    let (body, mut errors) = read(&form, app.config.max_length);
    let source = body.clone();
    let (html, links) =
        actix_web::rt::task::spawn_blocking(move || text::comment_with_links(&source))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?;
    if text::is_blank(&text::plain(html.as_str())) {
        errors.add(Field::Body, Problem::NothingToSee);
    }
    let now = app.config.clock.now();
    let checker = app
        .policy_in_force()
        .await
        .map_err(|error| Error::from(error).keeping(kept))?;
    let mut reasons = checker.check(&Written::of_text(&html), now);
    policy::refuse(&reasons, &mut errors);
    reasons.extend(checker.policy().settings.links(links));
    let preview = form.sent("do").text == "preview";
    if preview || !errors.is_empty() {
        let again = EditPage {
            receipt: &receipt,
            published: text.status.is_public(),
            body: &body,
            seen: &seen,
            preview: (preview && errors.is_empty()).then_some(html),
            errors: &errors,
            changed: None,
        };
        let status = if errors.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        return Ok(page(&app, status, &again));
    }
    let edit = Edit {
        receipt: receipt.clone(),
        body: body.clone(),
        body_html: html.into_string(),
        html_version: text::HTML_VERSION,
        reasons,
        links,
        seen: seen.clone(),
        window: app.config.edit_window,
        now,
    };
    let outcome = app
        .store
        .write(Kind::Update, move |db| revisions::edit(db, &edit))
        .await
        .map_err(|error| Error::from(error).keeping(kept))?;
    Ok(match outcome {
        Edited::Done => response::see_other(&format!("/replies/{receipt}")),
        Edited::NoReceipt => return Err(Error::NotFound),
        Edited::Changed { body: current } => {
            let again = EditPage {
                receipt: &receipt,
                published: text.status.is_public(),
                body: &body,
                seen: &revisions::mark(&current),
                errors: &FieldErrors::default(),
                preview: None,
                changed: Some(&current),
            };
            page(&app, StatusCode::CONFLICT, &again)
        }
        Edited::Deciding => refuse(&app, Refused::EditWhileDeciding, &receipt, &body),
        Edited::TooLate => refuse(&app, Refused::EditTooLate, &receipt, &body),
        Edited::Final => refuse(&app, Refused::EditFinal, &receipt, &body),
    })
}

async fn find(app: &web::Data<App>, receipt: &str) -> Result<Editable, Error> {
    let receipt = receipt.to_owned();
    app.store
        .read(move |db| revisions::find(db, &receipt))
        .await?
        .ok_or(Error::NotFound)
}

/// Why there is no form; the author of a reply that was just judged still gets one, for they are not to know yet.
async fn closed(app: &web::Data<App>, text: &Editable) -> Result<Option<Refused>, Error> {
    let now = app.config.clock.now();
    let id = text.id;
    Ok(match text.status {
        Status::Pending => None,
        Status::Approved => {
            let in_time = revisions::is_in_time(text.published_at, app.config.edit_window, now);
            (!in_time).then_some(Refused::EditTooLate)
        }
        Status::Withdrawn => Some(Refused::EditFinal),
        judged @ (Status::Rejected | Status::Spam) => {
            let known = app
                .store
                .read(move |db| history::known_to_author(db, id, now))
                .await?;
            known
                .is_some_and(|decision| decision.to == judged)
                .then_some(Refused::EditFinal)
        }
    })
}

/// The text, by the rules for any reply.
pub fn read(form: &Form, max_length: usize) -> (String, FieldErrors) {
    let mut errors = FieldErrors::default();
    let body = text::normalise(&form.text(Field::Body, &mut errors));
    let body = body.trim_end().trim_start_matches('\n').to_owned();
    let submission = Submission {
        body,
        ..Submission::default()
    };
    for error in submission.check(Limits { body: max_length }).0 {
        if error.field == Field::Body {
            errors.add(error.field, error.problem);
        }
    }
    (submission.body, errors)
}

fn page(app: &App, status: StatusCode, form: &EditPage<'_>) -> HttpResponse {
    response::unlisted(status, crate::views::edit::page(&app.site, form))
}

fn refuse(app: &App, why: Refused, receipt: &str, text: &str) -> HttpResponse {
    let html = refused::page(&app.site, why, receipt, text);
    response::unlisted(StatusCode::CONFLICT, html)
}
