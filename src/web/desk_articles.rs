//! The desk's list of articles, and what moderators change there.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::session::Moderator;
use super::{articles, response};
use crate::app::App;
use crate::store::article_desk::{self, Change};
use crate::store::{Kind, policy, queue};
use crate::views::desk_articles::{self as view, AS_THE_SITE, ArticlesPage};

/// Bytes of a change's form.
const FORM_LIMIT: usize = 4 * 1024;

/// `GET /moderation/articles`, with a keyset; `?done=` names the article that was changed, `?did=` how.
pub async fn list(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
) -> Result<HttpResponse, Error> {
    let seek = articles::seek(&request)?;
    let did = articles::parameter(&request, "did").unwrap_or_default();
    let mode = articles::parameter(&request, "hold").unwrap_or_default();
    let done = articles::id_parameter(&request, "done")?.zip(change_of(&did, &mode));
    let now = app.config.clock.now();
    let shared = app.clone();
    let desk = moderator.desk();
    let html = app
        .store
        .read(move |db| {
            let page = ArticlesPage {
                seek,
                articles: article_desk::page(db, seek)?,
                counts: queue::counts(db)?,
                site_hold: shared.config.hold_or(policy::in_force(db)?.settings.hold),
                done: match done {
                    Some((id, change)) => article_desk::one(db, id)?.map(|line| (change, line)),
                    None => None,
                },
            };
            Ok(view::page(&shared.site, now, &desk, &page))
        })
        .await?;
    Ok(response::desk(StatusCode::OK, html))
}

/// What a form asks for, in its words for the act and the mode.
fn change_of(act: &str, mode: &str) -> Option<Change> {
    Some(match (act, mode) {
        ("open", _) => Change::Open,
        ("close", _) => Change::Close,
        ("hold", AS_THE_SITE) => Change::Hold(None),
        ("hold", mode) => Change::Hold(Some(mode.parse().ok()?)),
        _ => return None,
    })
}

/// `POST /moderation/articles/{id}`, with `do=open`, `do=close` or `do=hold`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let id = articles::id(&id)?;
    let (act, mode) = (form.plain("do")?, form.plain("hold")?);
    let change = change_of(&act, &mode).ok_or(Error::BadRequest)?;
    let mut back = url::form_urlencoded::Serializer::new(String::new());
    for field in ["before", "after"] {
        let mark = form.plain(field)?;
        if !mark.is_empty() {
            articles::id(&mark).map_err(|_| Error::BadRequest)?;
            back.append_pair(field, &mark);
        }
    }
    let (by, close_after) = (moderator.person.id, app.config.close_after);
    let now = app.config.clock.now();
    let found = app
        .store
        .write(Kind::Update, move |db| {
            article_desk::change(db, id, change, by, close_after, now)
        })
        .await?;
    if !found {
        return Err(Error::NotFound);
    }
    back.append_pair("done", &id.to_string());
    back.append_pair("did", &act);
    if let Change::Hold(_) = change {
        back.append_pair("hold", &mode);
    }
    let back = back.finish();
    Ok(response::see_other(&format!("/moderation/articles?{back}")))
}
