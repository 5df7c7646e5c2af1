//! Permalinks of comments, and branches on pages of their own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::{articles, response};
use crate::app::App;
use crate::store::branches::{self, Found, Place};
use crate::store::rules;
use crate::views;

/// `GET /comments/{id}`: on to the comment's place in the discussion.
pub async fn permalink(app: web::Data<App>, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = articles::id(&id)?;
    let place = app.store.read(move |db| branches::place(db, id)).await?;
    let (path, from) = match here(place)? {
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
            Ok(match branches::find(db, id, from)? {
                Found::Here(branch) => {
                    let rules = rules::current(db)?;
                    Found::Here(views::branch::page(&shared.site, now, &branch, &rules))
                }
                Found::Gone => Found::Gone,
                Found::Nowhere => Found::Nowhere,
            })
        })
        .await?;
    Ok(response::public(&request, here(html)?).0)
}

fn here<T>(found: Found<T>) -> Result<T, Error> {
    match found {
        Found::Here(found) => Ok(found),
        Found::Gone => Err(Error::Gone),
        Found::Nowhere => Err(Error::NotFound),
    }
}
