//! Appeals of an author against a decision.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::{flood, receipts, response};
use crate::app::App;
use crate::moderation::Problem;
use crate::store::Kind;
use crate::store::appeals::{self, Appealed, NewAppeal};
use crate::text;
use crate::views::error::{Kept, KeptForm};
use crate::views::receipt::{APPEAL_LENGTH, AppealProblem};
use crate::views::refused::{self, Refused};

/// Bytes of an appeal's form, percent-encoded.
const FORM_LIMIT: usize = APPEAL_LENGTH * 12 + 8 * 1024;

/// `POST /replies/{receipt}/appeal`
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    receipt: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, FORM_LIMIT).await?;
    let receipt = receipt.into_inner();
    let sent = form.sent("why");
    let why = text::normalise(&sent.text).trim().to_owned();
    let kept = || Kept {
        form: KeptForm::Appeal,
        action: format!("/replies/{receipt}/appeal"),
        back: format!("/replies/{receipt}"),
        fields: Vec::new(),
        text: ("why", why.clone()),
    };
    flood::admit(&app, &request).map_err(|error| error.keeping(kept))?;
    if let Some(problem) = problem(&why, sent.problem.as_ref()) {
        return receipts::page(
            &app,
            &request,
            receipt,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some((why.clone(), problem)),
        )
        .await;
    }
    let new = NewAppeal {
        receipt: receipt.clone(),
        text: why.clone(),
        now: app.config.clock.now(),
    };
    let outcome = app
        .store
        .write(Kind::Update, move |db| appeals::submit(db, &new))
        .await
        .map_err(|error| Error::from(error).keeping(kept))?;
    let refuse = |refused| {
        let html = refused::page(&app.site, refused, &receipt, &why);
        response::unlisted(StatusCode::CONFLICT, html)
    };
    Ok(match outcome {
        Appealed::Done => response::see_other(&format!("/replies/{receipt}")),
        Appealed::NoReceipt => return Err(Error::NotFound),
        Appealed::NothingToAppeal => refuse(Refused::NothingToAppeal),
        Appealed::Already => refuse(Refused::AppealedBefore),
        Appealed::TooLate => refuse(Refused::AppealTooLate),
        Appealed::TextGone => refuse(Refused::TextGone),
    })
}

/// What is wrong with the text.
fn problem(why: &str, sent: Option<&Problem>) -> Option<AppealProblem> {
    if sent.is_some() || text::has_control(why, true) {
        return Some(AppealProblem::Unreadable);
    }
    if text::is_blank(why) {
        return Some(AppealProblem::Missing);
    }
    (why.chars().count() > APPEAL_LENGTH).then_some(AppealProblem::TooLong)
}
