//! What machines read: Atom feeds, counts, the sitemap, robots.txt.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::{client, response};
use crate::app::App;
use crate::store::articles::{self, Found, Seek};
use crate::store::feeds;
use crate::views::feed::{self, Home};

const ATOM: &str = "application/atom+xml; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";
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
    let now = app.config.clock.now();
    let feed = feed::articles(&app.site, &home, &page.rows, now);
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

/// `GET /api/counts?slug=…&slug=…`: `{slug: {comments, views}}` of the articles that are there, for pages of any site.
pub async fn counts(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let slugs: Vec<String> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .filter(|(key, _)| key == "slug")
        .map(|(_, value)| value.into_owned())
        .take(MOST_SLUGS + 1)
        .collect();
    if slugs.is_empty() || slugs.len() > MOST_SLUGS || slugs.iter().any(|slug| slug.contains('\0'))
    {
        return Err(Error::BadRequest);
    }
    let rows = app.store.read(move |db| feeds::counts(db, &slugs)).await?;
    let counts: serde_json::Map<_, _> = rows
        .into_iter()
        .map(|(slug, comments, views)| {
            (
                slug,
                serde_json::json!({ "comments": comments, "views": views }),
            )
        })
        .collect();
    let body = serde_json::Value::Object(counts).to_string();
    let (mut answer, _) = response::shared(&request, "application/json", body);
    answer.headers_mut().insert(
        actix_web::http::header::ACCESS_CONTROL_ALLOW_ORIGIN,
        actix_web::http::header::HeaderValue::from_static("*"),
    );
    Ok(answer)
}

/// `GET /sitemap.xml`
pub async fn sitemap(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let home = home(&app, &request)?;
    let page = app
        .store
        .read(|db| articles::newest(db, Seek::First, feeds::MAPPED))
        .await?;
    let map = feed::sitemap(&home, &page.rows);
    Ok(response::shared(&request, XML, map).0)
}

/// `GET /robots.txt`: receipts and the desk are nobody's business.
pub async fn robots(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let home = home(&app, &request)?;
    let text = format!(
        "User-agent: *\nDisallow: /replies/\nDisallow: /reports/\nDisallow: /comments/*/report\nDisallow: /moderation\nDisallow: /login\nSitemap: {}/sitemap.xml\n",
        home.base
    );
    Ok(response::shared(&request, "text/plain; charset=utf-8", text).0)
}
