//! What machines read: Atom feeds, and counts.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::{client, response};
use crate::app::App;
use crate::store::articles::{self, Found, Seek};
use crate::store::feeds;
use crate::views::feed::{self, Home};

const ATOM: &str = "application/atom+xml; charset=utf-8";
const JSON: &str = "application/json";
/// Slugs in one question for counts.
const MOST_SLUGS: usize = 100;

fn home(app: &App, request: &HttpRequest) -> Result<Home, Error> {
    Ok(Home {
        base: client::base(app, request).ok_or(Error::BadRequest)?,
        site_id: app.site_id.clone(),
    })
}

/// `GET /feed.atom`
pub async fn site(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let home = home(&app, &request)?;
    let page = app
        .store
        .read(|db| articles::newest(db, Seek::First, feeds::ARTICLES))
        .await?;
    let feed = feed::articles(&app.site, &home, &page.rows);
    Ok(response::shared(&request, ATOM, feed).0)
}

/// `GET /articles/{slug}/feed.atom`
pub async fn article(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let home = home(&app, &request)?;
    let slug = slug.into_inner();
    let shared = app.clone();
    let feed = app
        .store
        .read(move |db| {
            Ok(match articles::find(db, &slug)? {
                None => Err(Error::NotFound),
                Some(Found::Gone) => Err(Error::Gone),
                Some(Found::Moved(slug)) => Ok(Err(slug)),
                Some(Found::Article(article)) => {
                    let comments = feeds::comments(db, article.id)?;
                    Ok(Ok(feed::comments(&shared.site, &home, &article, &comments)))
                }
            })
        })
        .await??;
    Ok(match feed {
        Ok(feed) => response::shared(&request, ATOM, feed).0,
        Err(slug) => response::moved(&request, &format!("/articles/{slug}/feed.atom")),
    })
}

/// `GET /api/counts?slug=…&slug=…`: `{slug: {comments, views}}` of the articles that are there, for pages of any site. A
/// script that asks for none or for too many is told so in JSON.
pub async fn counts(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let slugs: Vec<String> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .filter(|(key, _)| key == "slug")
        .map(|(_, value)| value.into_owned())
        .collect();
    let wrong = match slugs.len() {
        0 => "ask for at least one article: /api/counts?slug=…".to_owned(),
        1..=MOST_SLUGS => String::new(),
        many => format!("{many} slugs were asked for; {MOST_SLUGS} can be answered at once"),
    };
    let mut answer = if wrong.is_empty() {
        let rows = app.store.read(move |db| feeds::counts(db, &slugs)).await?;
        let counts: serde_json::Map<_, _> = rows
            .into_iter()
            .map(|(slug, comments, views)| {
                let counts = serde_json::json!({ "comments": comments, "views": views });
                (slug, counts)
            })
            .collect();
        let body = serde_json::Value::Object(counts).to_string();
        response::shared(&request, JSON, body).0
    } else {
        HttpResponse::BadRequest()
            .insert_header((header::CONTENT_TYPE, JSON))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(serde_json::json!({ "error": wrong }).to_string())
    };
    answer.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::HeaderValue::from_static("*"),
    );
    Ok(answer)
}
