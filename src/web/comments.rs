//! Permalinks of comments, and branches on pages of their own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::{articles, response};
use crate::app::App;
use crate::store::articles::is_over;
use crate::store::branches::{self, Place};
use crate::store::rules;
use crate::views;

/// `GET /comments/{id}`: on to the comment's place in the discussion.
pub async fn permalink(app: web::Data<App>, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = articles::id(&id)?;
    let place = app
        .store
        .read(move |db| branches::place(db, id))
        .await?
        .ok_or(Error::NotFound)?;
    let (path, from) = match place {
        Place::Article { slug, from } => (format!("/articles/{slug}"), from),
        Place::Branch { head, from } => (format!("/threads/{head}"), from),
    };
    let from = if from > 0 {
        format!("?from={from}")
    } else {
        String::new()
    };
    Ok(HttpResponse::Found()
        .insert_header(("location", format!("{path}{from}#c-{id}")))
        .insert_header(("cache-control", "no-cache"))
        .finish())
}

/// `GET /threads/{id}`, with `?from=`
pub async fn thread(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let id = articles::id(&id)?;
    let from = articles::id_parameter(&request, "from")?.unwrap_or(0);
    let now = app.config.clock.now();
    let shared = app.clone();
    let html = app
        .store
        .read(move |db| {
            let Some(mut branch) = branches::find(db, id, from)? else {
                return Ok(None);
            };
            branch.open &= !is_over(branch.published_at, shared.config.close_after, now);
            let rules = rules::current(db)?;
            Ok(Some(views::branch::page(
                &shared.site,
                now,
                &branch,
                &rules,
            )))
        })
        .await?
        .ok_or(Error::NotFound)?;
    Ok(response::public(&request, html).0)
}
