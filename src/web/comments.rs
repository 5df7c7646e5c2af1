//! Permalinks of comments.

use actix_web::{HttpResponse, web};

use super::articles;
use super::error::Error;
use crate::app::App;
use crate::store::comments;

/// `GET /comments/{id}` and, until branches have pages of their own, `GET /threads/{id}`: on to the place in the discussion.
pub async fn permalink(app: web::Data<App>, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = articles::id(&id)?;
    let place = app
        .store
        .read(move |db| comments::place(db, id))
        .await?
        .ok_or(Error::NotFound)?;
    let (slug, from) = place;
    let from = if from > 0 {
        format!("?from={from}")
    } else {
        String::new()
    };
    Ok(HttpResponse::Found()
        .insert_header(("location", format!("/articles/{slug}{from}#c-{id}")))
        .insert_header(("cache-control", "no-cache"))
        .finish())
}
