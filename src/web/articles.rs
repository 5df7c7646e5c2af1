//! The front page and the article pages.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::response;
use super::session;
use crate::app::App;
use crate::store::articles::{self, FRONT_PAGE, Found, Seek};
use crate::store::comments::{Below, Sort};
use crate::store::{Db, comments, rules};
use crate::views::{self, ReplyForm, Site};

/// `GET /`
pub async fn front(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let seek = seek(&request)?;
    let shared = app.clone();
    let now = app.config.clock.now();
    let html = app
        .store
        .read(move |db| {
            let page = articles::newest(db, seek, FRONT_PAGE)?;
            Ok(views::front::page(&shared.site, now, seek, &page))
        })
        .await?;
    Ok(response::public(&request, html).0)
}

/// `GET /articles/{slug}`, with `?sort=`, `?from=` and `?reply_to=`; other parameters are ignored.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let from = id_parameter(&request, "from")?.unwrap_or(0);
    let sort = parameter(&request, "sort").and_then(|word| Sort::from_word(&word));
    let sort = sort.unwrap_or_default();
    let reply_to = id_parameter(&request, "reply_to")?;
    let shared = app.clone();
    let now = app.config.clock.now();
    let wanted = slug.into_inner();
    let found = app
        .store
        .read(move |db| {
            let Some(found) = articles::find(db, &wanted)? else {
                return Ok(Shown::Nothing);
            };
            let article = match found {
                Found::Moved(slug) => return Ok(Shown::Moved(slug)),
                Found::Gone => return Ok(Shown::Gone),
                Found::Article(article) => article,
            };
            let parent = match reply_to {
                Some(id) => comments::answerable(db, article.id, id)?,
                None => None,
            };
            let form = ReplyForm {
                parent,
                ..ReplyForm::default()
            };
            let html = render(db, &shared.site, now, &article, (sort, from), &form)?;
            Ok(Shown::Page(article.id, html))
        })
        .await?;
    match found {
        Shown::Nothing => Err(Error::NotFound),
        Shown::Gone => Err(Error::Gone),
        Shown::Moved(slug) => Ok(response::moved(&request, &format!("/articles/{slug}"))),
        Shown::Page(id, html) => {
            let (answer, whole) = response::public(&request, html);
            if whole && request.method() == Method::GET && !session::carries_cookie(&request) {
                app.views.count(id);
            }
            Ok(answer)
        }
    }
}

enum Shown {
    Nothing,
    Gone,
    Moved(String),
    Page(i64, String),
}

/// An article's page with its reply form in the given state.
pub fn render(
    db: &mut Db,
    site: &Site,
    now: crate::time::Timestamp,
    article: &articles::Article,
    (sort, from): (Sort, i64),
    form: &ReplyForm,
) -> crate::store::Result<String> {
    let discussion = comments::discussion(db, Below::Article(article.id), sort, from)?;
    let rules = rules::current(db)?;
    Ok(views::article::page(
        site,
        now,
        article,
        &discussion,
        &rules,
        form,
    ))
}

/// Which page of a list the address asks for.
pub fn seek(request: &HttpRequest) -> Result<Seek, Error> {
    Ok(
        match (
            id_parameter(request, "before")?,
            id_parameter(request, "after")?,
        ) {
            (Some(id), _) => Seek::Before(id),
            (None, Some(id)) => Seek::After(id),
            (None, None) => Seek::First,
        },
    )
}

/// The first value of a query parameter.
pub fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// A query parameter that is an id.
///
/// # Errors
/// 404 when it is none.
pub fn id_parameter(request: &HttpRequest, name: &str) -> Result<Option<i64>, Error> {
    parameter(request, name)
        .filter(|value| !value.is_empty())
        .map(|value| id(&value))
        .transpose()
}

/// # Errors
/// 404 when the text is no id: digits alone, within 63 bits.
pub fn id(text: &str) -> Result<i64, Error> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::NotFound);
    }
    text.parse().map_err(|_| Error::NotFound)
}
