//! "Leave a Reply": parse, check, render, store; then on to the receipt.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::device::Tokens;
use super::error::Error;
use super::form::Form;
use super::typed_reply::{Typed, kept, read};
use super::{articles, client, flood, response};
use crate::app::App;
use crate::moderation::{Field, FieldErrors, HoldMode, HoldReason, Problem, Submission, policy};
use crate::store::articles::Found;
use crate::store::authors::Remembered;
use crate::store::comments::Sort;
use crate::store::policy::InForce;
use crate::store::policy_check::{Checker, Written};
use crate::store::replies::{self, NewReply, Submitted};
use crate::store::search::Terms;
use crate::store::{self, Kind, comments, token};
use crate::telemetry::Replied;
use crate::text::{self, SafeHtml};
use crate::views::ReplyForm;

/// Times that a reply is checked anew because the policy changed meanwhile.
const POLICY_TRIES: u32 = 3;

/// `POST /articles/{slug}/replies`, with `do=send` or `do=preview`.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, app.config.body_limit()).await?;
    let typed = read(&form, slug.into_inner(), app.config.max_length);
    let wants_preview = form.sent("do").text == "preview";
    flood::admit(&app, &request).map_err(|error| {
        if !wants_preview {
            app.metrics.acts.replied(Replied::Throttled);
        }
        error.keeping(|| kept(&typed))
    })?;
    if wants_preview && typed.errors.is_empty() {
        return show_again(&app, typed, StatusCode::OK, true).await;
    }
    if !typed.errors.is_empty() {
        if !wants_preview {
            app.metrics.acts.replied(Replied::Refused);
        }
        return show_again(&app, typed, StatusCode::UNPROCESSABLE_ENTITY, false).await;
    }
    let tokens = Tokens::of(&app.config, &request, typed.remember)
        .map_err(|error| error.keeping(|| kept(&typed)))?;
    send(&app, &request, tokens, typed).await
}

/// Bytes of a text that is rendered where its request is read, in less time than it takes to wake another thread for it.
const SHORT: usize = 4_096;

/// Makes something of a text: a short one here, a longer one where it keeps no other request waiting.
async fn off_the_loop<T: Send + 'static>(
    source: &str,
    make: impl FnOnce(&str) -> T + Send + 'static,
) -> Result<T, Error> {
    if source.len() <= SHORT {
        return Ok(make(source));
    }
    let source = source.to_owned();
    actix_web::rt::task::spawn_blocking(move || make(&source))
        .await
        .map_err(|error| Error::Internal(error.to_string()))
}

/// What becomes of a text: its HTML, how many links that has, and what a search finds it by.
async fn make(written: &Submission) -> Result<(SafeHtml, u32, Terms), Error> {
    let name = written.name.clone();
    off_the_loop(&written.body, move |source| {
        let (html, links) = text::comment_with_links(source);
        (html, links, Terms::of(&name, source))
    })
    .await
}

/// Renders off the writer, stores, and answers.
async fn send(
    app: &web::Data<App>,
    request: &HttpRequest,
    tokens: Tokens,
    typed: Typed,
) -> Result<HttpResponse, Error> {
    let (body_html, links, terms) = make(&typed.submission).await?;
    let of_text = Written::of_text(&body_html);
    if text::is_blank(&of_text.words) {
        let mut typed = typed;
        typed.errors.add(Field::Body, Problem::NothingToSee);
        app.metrics.acts.replied(Replied::Refused);
        return show_again(app, typed, StatusCode::UNPROCESSABLE_ENTITY, false).await;
    }
    let written = Written {
        name: typed.submission.name.clone(),
        email: typed.submission.email.clone(),
        website: typed.submission.website.clone(),
        address: Some(client::address(&app.config, request)),
        ..of_text
    };
    let device = tokens.device();
    let receipt = token::receipt()?;
    let mut new = NewReply {
        slug: typed.slug.clone(),
        parent: typed.parent,
        body_html: body_html.as_str().to_owned(),
        html_version: text::HTML_VERSION,
        network: client::network(app, request),
        reasons: Vec::new(),
        policy: InForce::default(),
        may_lag: false,
        hold: HoldMode::All,
        links,
        may_publish: false,
        device,
        name_key: text::mimic_key(&typed.submission.name),
        terms,
        receipt: receipt.clone(),
        per_minute: app.config.replies_per_minute,
        close_after: app.config.close_after,
        undo_window: app.config.undo_window,
        now: app.config.clock.now(),
        submission: typed.submission.clone(),
    };
    let mut checker = app.policy.get();
    let mut tries = 0;
    let outcome = loop {
        new = judged(app, new, &checker, &written, typed.hidden_field_filled);
        let mut refused = FieldErrors::default();
        policy::refuse(&new.reasons, &mut refused);
        let version = checker.version();
        if refused.is_empty() {
            new.may_lag = tries == POLICY_TRIES;
            let sent = Arc::new(new);
            let outcome = submit(app, &sent).await.map_err(|error| {
                app.metrics.acts.replied(Replied::Failed);
                Error::from(error).keeping(|| kept(&typed))
            })?;
            if outcome != Submitted::PolicyChanged {
                break outcome;
            }
            new = Arc::unwrap_or_clone(sent);
        }
        checker = app
            .policy_in_force()
            .await
            .map_err(|error| Error::from(error).keeping(|| kept(&typed)))?;
        // What is refused is refused by the policy in force.
        if !refused.is_empty() && (checker.version() == version || tries == POLICY_TRIES) {
            let mut typed = typed;
            typed.errors = refused;
            app.metrics.acts.replied(Replied::Refused);
            return show_again(app, typed, StatusCode::UNPROCESSABLE_ENTITY, false).await;
        }
        tries += 1;
    };
    app.metrics.acts.replied(Replied::of(&outcome));
    match outcome {
        Submitted::Stored { remembered, .. } => on_to_receipt(app, &receipt, tokens, remembered),
        Submitted::Duplicate {
            receipt,
            remembered,
        } => on_to_receipt(app, &receipt, tokens, remembered),
        Submitted::Throttled { wait } => Err(Error::TooMany {
            seconds: seconds(wait),
            kept: Some(Box::new(kept(&typed))),
        }),
        Submitted::Closed(closed) => Err(Error::Closed(closed, Box::new(kept(&typed)))),
        Submitted::Gone => Err(Error::Gone),
        Submitted::NoArticle => Err(Error::NotFound),
        Submitted::PolicyChanged => Err(Error::Internal("a reply was not judged".to_owned())),
        Submitted::WouldPublish => Err(Error::Internal("a reply was not published".to_owned())),
        Submitted::NoParent => {
            let mut typed = typed;
            typed.errors.add(Field::Parent, Problem::ParentGone);
            show_again(app, typed, StatusCode::UNPROCESSABLE_ENTITY, false).await
        }
    }
}

/// The reply as this policy sees it, whatever lies in the reply itself.
fn judged(
    app: &App,
    new: NewReply,
    checker: &Checker,
    written: &Written,
    hidden_field_filled: bool,
) -> NewReply {
    let policy = checker.policy();
    let mut reasons = checker.check(written, new.now);
    if hidden_field_filled {
        reasons.push(HoldReason::HiddenField);
    }
    let hold = app.config.hold_or(policy.settings.hold);
    // What is held only adds rows; what is published at once changes counts that others change too. Whether a device that
    // shows a token is trusted turns out where the reply is stored.
    let unheld = reasons.is_empty() && hold == HoldMode::None;
    NewReply {
        may_publish: unheld || new.device.token.is_some(),
        reasons,
        policy,
        hold,
        ..new
    }
}

/// Stores it; once more, alone in its transaction, when it turns out that its article publishes what the site holds.
async fn submit(app: &App, new: &Arc<NewReply>) -> store::Result<Submitted> {
    let kind = if new.may_publish {
        Kind::Update
    } else {
        Kind::Insert
    };
    let first = Arc::clone(new);
    let outcome = app
        .store
        .write(kind, move |db| replies::submit(db, &first))
        .await?;
    if outcome != Submitted::WouldPublish {
        return Ok(outcome);
    }
    let again = NewReply {
        may_publish: true,
        ..NewReply::clone(new)
    };
    app.store
        .write(Kind::Update, move |db| replies::submit(db, &again))
        .await
}

/// On to the receipt, with the cookie by which the author is remembered if they asked for it.
fn on_to_receipt(
    app: &App,
    receipt: &str,
    tokens: Tokens,
    remembered: Remembered,
) -> Result<HttpResponse, Error> {
    let mut answer = response::see_other(&format!("/replies/{receipt}"));
    if let Some(cookie) = tokens.cookie(&app.config, remembered) {
        answer
            .add_cookie(&cookie)
            .map_err(|error| Error::Internal(error.to_string()))?;
    }
    Ok(answer)
}

/// Whole seconds, rounded up.
pub fn seconds(milliseconds: i64) -> u64 {
    u64::try_from(milliseconds).unwrap_or(0).div_ceil(1_000)
}

/// The article's page with everything that was typed.
async fn show_again(
    app: &web::Data<App>,
    typed: Typed,
    status: StatusCode,
    preview: bool,
) -> Result<HttpResponse, Error> {
    let saved = kept(&typed);
    let preview = match preview {
        true => Some(off_the_loop(&typed.submission.body, text::comment).await?),
        false => None,
    };
    let shared = app.clone();
    let now = app.config.clock.now();
    let page = app
        .store
        .read(move |db| {
            let article = match store::articles::find(db, &typed.slug)? {
                Some(Found::Article(article)) => article,
                Some(Found::Gone) => return Ok(Err(Error::Gone)),
                Some(Found::Moved(_)) | None => return Ok(Err(Error::NotFound)),
            };
            if let Some(closed) = article.replies.closed(shared.config.close_after, now) {
                return Ok(Err(Error::Closed(closed, Box::new(kept(&typed)))));
            }
            let mut form = ReplyForm {
                name: typed.submission.name.clone(),
                email: typed.submission.email.clone(),
                website: typed.submission.website.clone(),
                body: typed.submission.body.clone(),
                parent: None,
                remember: typed.remember,
                errors: typed.errors.clone(),
                preview: preview.clone(),
            };
            if let Some(id) = typed.parent {
                form.parent = comments::answerable(db, article.id, id)?;
                if form.parent.is_none() {
                    form.errors.add(Field::Parent, Problem::ParentGone);
                }
            }
            let complains = !form.errors.is_empty();
            let (html, _) =
                articles::render(db, &shared.site, now, &article, (Sort::default(), 0), &form)?;
            Ok(Ok((html, complains)))
        })
        .await
        .map_err(|error| Error::from(error).keeping(|| saved))?;
    let (html, complains) = page?;
    let status = if complains {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        status
    };
    Ok(response::private(status, html))
}
