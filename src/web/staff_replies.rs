//! Moderators who write into a discussion.

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::Moderator;
use super::{articles, edits, response};
use crate::app::App;
use crate::moderation::{Decision, Field, FieldErrors, Problem};
use crate::store::decisions::Verdict;
use crate::store::search::Terms;
use crate::store::staff_replies::{self, On, StaffReplied, StaffReply};
use crate::store::{Kind, token};
use crate::text::{self, SafeHtml};
use crate::views::error::{Kept, KeptForm};
use crate::views::staff_reply::{self as view, Refusal, StaffReplyPage};

/// `GET /moderation/comments/{id}/reply`
pub async fn to_comment(
    app: web::Data<App>,
    moderator: Moderator,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let on = On::Comment(articles::id(&id)?);
    show(&app, &moderator, on, StatusCode::OK, Draft::default()).await
}

/// `POST /moderation/comments/{id}/reply`, with `do=send`, `do=approve` or `do=preview`.
pub async fn post_to_comment(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let on = On::Comment(articles::id(&id)?);
    post(&app, &request, on, payload).await
}

/// `GET /moderation/articles/{id}/reply`
pub async fn on_article(
    app: web::Data<App>,
    moderator: Moderator,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let on = On::Article(articles::id(&id)?);
    show(&app, &moderator, on, StatusCode::OK, Draft::default()).await
}

/// `POST /moderation/articles/{id}/reply`, with `do=send` or `do=preview`.
pub async fn post_on_article(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let on = On::Article(articles::id(&id)?);
    post(&app, &request, on, payload).await
}

/// What was typed, and what is to be said of it.
#[derive(Default)]
struct Draft {
    body: String,
    errors: FieldErrors,
    preview: Option<SafeHtml>,
    refused: Option<Refusal>,
    /// The version of a waiting comment that the form showed.
    seen: Option<i64>,
}

async fn post(
    app: &web::Data<App>,
    request: &HttpRequest,
    on: On,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    // Before anybody is asked who they are: whatever the answer, the text is not lost.
    let form = Form::read(request, payload, app.config.body_limit()).await?;
    let typed = form.sent("body").text;
    let kept = || Kept {
        form: KeptForm::Staff,
        action: path(on),
        back: path(on),
        fields: vec![("csrf", form.sent("csrf").text)],
        text: ("body", typed.clone()),
    };
    let moderator = match Moderator::extract(request).await {
        Ok(moderator) => moderator,
        Err(Error::SignIn { .. }) if !typed.trim().is_empty() => {
            let next: String = url::form_urlencoded::byte_serialize(path(on).as_bytes()).collect();
            let page = view::signed_out(&app.site, &typed, format!("/login?next={next}"));
            return Ok(response::private(StatusCode::FORBIDDEN, page));
        }
        Err(other) => return Err(other.keeping(kept)),
    };
    let (body, errors) = edits::read(&form, app.config.max_length);
    let mut draft = Draft {
        body,
        errors,
        seen: articles::id(&form.sent("version").text).ok(),
        ..Draft::default()
    };
    if moderator.check(&form).is_err() {
        draft.refused = Some(Refusal::OtherSession);
        return show(app, &moderator, on, StatusCode::FORBIDDEN, draft).await;
    }
    let approve = match form.plain("do")?.as_str() {
        "preview" | "send" => None,
        "approve" => Some(draft.seen.ok_or(Error::BadRequest)?),
        _ => return Err(Error::BadRequest),
    };
    let (name, source) = (moderator.person.name.clone(), draft.body.clone());
    let (html, terms) = actix_web::rt::task::spawn_blocking(move || {
        (text::comment(&source), Terms::of(&name, &source))
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))?;
    if text::is_blank(&text::plain(html.as_str())) {
        draft.errors.add(Field::Body, Problem::NothingToSee);
    }
    let preview = form.sent("do").text == "preview";
    if preview || !draft.errors.is_empty() {
        let status = if draft.errors.is_empty() {
            draft.preview = Some(html);
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        return show(app, &moderator, on, status, draft)
            .await
            .map_err(|error| error.keeping(kept));
    }
    let reply = StaffReply {
        on,
        approve: match (on, approve) {
            (On::Comment(comment), Some(version)) => {
                Some(approval(app, &moderator, comment, version))
            }
            _ => None,
        },
        moderator: moderator.person.id,
        name: moderator.person.name.clone(),
        body: draft.body.clone(),
        body_html: html.into_string(),
        html_version: text::HTML_VERSION,
        terms,
        receipt: token::receipt()?,
        now: app.config.clock.now(),
    };
    let approves = reply.approve.is_some();
    let outcome = app
        .store
        .write(Kind::Update, move |db| staff_replies::submit(db, &reply))
        .await
        .map_err(|error| Error::from(error).keeping(kept))?;
    match outcome {
        StaffReplied::Published { comment } => {
            if approves {
                app.metrics.acts.decided(Decision::Approve);
            }
            Ok(response::see_other(&format!("/comments/{comment}")))
        }
        StaffReplied::Nothing => Err(Error::NotFound),
        StaffReplied::NotAsSeen | StaffReplied::Gone => {
            draft.refused = Some(Refusal::Changed);
            show(app, &moderator, on, StatusCode::CONFLICT, draft)
                .await
                .map_err(|error| error.keeping(kept))
        }
    }
}

/// The approval of a waiting comment, as it was when the form was made.
fn approval(app: &App, moderator: &Moderator, comment: i64, version: i64) -> Verdict {
    Verdict {
        comment,
        version,
        decision: Decision::Approve,
        rule: None,
        note: String::new(),
        revision: None,
        appeal: None,
        moderator: moderator.person.id,
        now: app.config.clock.now(),
        undo_window: app.config.undo_window,
        bulk: None,
    }
}

/// Where the form stands, and where it is posted to.
fn path(on: On) -> String {
    match on {
        On::Comment(id) => format!("/moderation/comments/{id}/reply"),
        On::Article(id) => format!("/moderation/articles/{id}/reply"),
    }
}

/// The form as it was filled in, upon what stands there now.
async fn show(
    app: &web::Data<App>,
    moderator: &Moderator,
    on: On,
    mut status: StatusCode,
    mut draft: Draft,
) -> Result<HttpResponse, Error> {
    let by = moderator.person.id;
    let subject = app
        .store
        .read(move |db| staff_replies::subject(db, on, by))
        .await?
        .ok_or(Error::NotFound)?;
    let version = subject.comment.as_ref().map(|comment| comment.version);
    if draft.refused.is_none() && draft.seen.is_some() && draft.seen != version {
        draft.refused = Some(Refusal::Changed);
        status = StatusCode::CONFLICT;
    }
    let page = StaffReplyPage {
        subject: &subject,
        body: &draft.body,
        errors: &draft.errors,
        preview: draft.preview,
        refused: draft.refused,
    };
    let now = app.config.clock.now();
    let html = view::page(&app.site, now, &moderator.desk(), page);
    Ok(response::desk(status, html))
}
