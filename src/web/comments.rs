//! Permalinks of comments, and branches on pages of their own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::kept::{self, HTML};
use super::{articles, response};
use crate::app::App;
use crate::pages::{Draft, Mark, Page};
use crate::store::branches::{self, Place};
use crate::store::rules;
use crate::views;

/// `GET /comments/{id}`: on to the comment's place in the discussion.
pub async fn permalink(app: web::Data<App>, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = articles::id(&id)?;
    let place = app.store.read(move |db| branches::place(db, id)).await?;
    let (path, from) = match kept::branch(place)? {
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
        .insert_header(response::Keep::Ask.header())
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
    let address = match from {
        0 => format!("/threads/{id}"),
        from => format!("/threads/{id}?from={from}"),
    };
    let shared = app.clone();
    let render = async move {
        let site = shared.clone();
        let read = shared.store.read(move |db| {
            let branch = match kept::branch(branches::find(db, id, from)?) {
                Ok(branch) => branch,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let version = rules::version(db)?;
            let rules = rules::current(db)?;
            let html = views::branch::page(&site.site, now, &branch, &rules);
            Ok(Ok((html, branch, version)))
        });
        let (html, branch, version) = read.await.map_err(kept::refusal)??;
        let first = branch.replies.roots.first().map(|root| root.comment.id);
        let page = Page::new(HTML, html.into()).scripted();
        let article = Mark::Article {
            id: branch.article,
            version: branch.page_version,
        };
        Ok(Draft {
            keep: from == 0 || first == Some(from),
            ..Draft::new(page, vec![article, Mark::Rules { version }])
        })
    };
    let page = app.pages.get(Some(&address), now, render).await?;
    Ok(response::page(&request, &page).await)
}
