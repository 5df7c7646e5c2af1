//! What machines read: Atom feeds, and counts.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::{client, kept, response};
use crate::app::App;
use crate::pages::{Draft, Mark, Page, Refusal};
use crate::store::articles::{self, Found, Seek};
use crate::store::feeds::{self, Counts};
use crate::views::feed::{self, Home};

const ATOM: &str = "application/atom+xml; charset=utf-8";
const JSON: &str = "application/json";
/// Slugs in one question for counts.
const MOST_SLUGS: usize = 100;

/// The scheme and host that were asked, where no `public_url` says where links lead: then each host has pages of its own, kept
/// under addresses that begin with it. Else a page is one for all hosts, and kept under its path, as the door looks for it.
fn host(app: &App, request: &HttpRequest) -> Result<Option<String>, Error> {
    if !app.site.base.is_empty() {
        return Ok(None);
    }
    let host = client::asked_base(request).ok_or(Error::BadRequest)?;
    Ok(Some(host))
}

fn home<'a>(app: &'a App, host: Option<&'a str>) -> Home<'a> {
    Home {
        base: host.unwrap_or(app.site.base.as_str()),
        site_id: &app.site_id,
    }
}

/// `GET /feed.atom`
pub async fn site(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let host = host(&app, &request)?;
    let address = format!("{}/feed.atom", host.as_deref().unwrap_or_default());
    let shared = app.clone();
    let render = async move {
        let window = kept::window(Seek::First, feeds::ARTICLES);
        let turn = shared.pages.list(window);
        let read = shared
            .store
            .read(|db| articles::newest(db, Seek::First, feeds::ARTICLES));
        let rows = read.await.map_err(kept::refusal)?.rows;
        let home = home(&shared, host.as_deref());
        let feed = feed::articles(&shared.site, &home, &rows);
        let mark = kept::list(window, turn, &rows);
        Ok(Draft::new(Page::new(ATOM, feed.into()), vec![mark]))
    };
    let page = app
        .pages
        .get(Some(&address), app.config.clock.now(), render)
        .await?;
    Ok(response::page(&request, &page).await)
}

/// `GET /articles/{slug}/feed.atom`
pub async fn article(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let host = host(&app, &request)?;
    let slug = slug.into_inner();
    let before = host.as_deref().unwrap_or_default();
    let address = kept::is_plain(&slug).then(|| format!("{before}/articles/{slug}/feed.atom"));
    let shared = app.clone();
    let render = async move {
        let site = shared.clone();
        let read = shared.store.read(move |db| {
            let article = match articles::find(db, &slug)? {
                Some(Found::Article(article)) => article,
                other => return Ok(Err(kept::no_article(other))),
            };
            let comments = feeds::comments(db, article.id)?;
            let home = home(&site, host.as_deref());
            let feed = feed::comments(&site.site, &home, &article, &comments);
            Ok(Ok((feed, kept::article(&article))))
        });
        let (feed, mark) = read.await.map_err(kept::refusal)??;
        Ok(Draft::new(Page::new(ATOM, feed.into()), vec![mark]))
    };
    let now = app.config.clock.now();
    match app.pages.get(address.as_deref(), now, render).await {
        Ok(page) => Ok(response::page(&request, &page).await),
        Err(Refusal::Moved(slug)) => Ok(response::moved(
            &request,
            &format!("/articles/{slug}/feed.atom"),
        )),
        Err(refusal) => Err(refusal.into()),
    }
}

/// `GET /api/counts?slug=…&slug=…`: `{slug: {comments, views}}` of the articles that are there, for pages of any site. A
/// script that asks for none or for too many is told so in JSON.
pub async fn counts(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let mut slugs: Vec<String> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .filter(|(key, _)| key == "slug")
        .map(|(_, value)| value.into_owned())
        .collect();
    let wrong = match slugs.len() {
        0 => "ask for at least one article: /api/counts?slug=…".to_owned(),
        1..=MOST_SLUGS => String::new(),
        many => format!("{many} slugs were asked for; {MOST_SLUGS} can be answered at once"),
    };
    if !wrong.is_empty() {
        return Ok(HttpResponse::BadRequest()
            .insert_header((header::CONTENT_TYPE, JSON))
            .insert_header(response::Keep::Never.header())
            .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
            .body(serde_json::json!({ "error": wrong }).to_string()));
    }
    // In one order, and each once: the same counts are the same page.
    slugs.sort_unstable();
    slugs.dedup();
    let address = slugs
        .iter()
        .all(|slug| kept::is_plain(slug))
        .then(|| format!("/api/counts?slug={}", slugs.join("&slug=")));
    let asked = slugs.len();
    let shared = app.clone();
    let render = async move {
        let read = shared.store.read(move |db| feeds::counts(db, &slugs));
        let rows = read.await.map_err(kept::refusal)?;
        Ok(Draft {
            // Of an article that is not there nobody would hear that it came.
            keep: rows.len() == asked,
            ..draft_of_counts(&rows)
        })
    };
    let now = app.config.clock.now();
    let page = app.pages.get(address.as_deref(), now, render).await?;
    Ok(response::page(&request, &page).await)
}

fn draft_of_counts(rows: &[Counts]) -> Draft {
    let counts = rows
        .iter()
        .map(|row| {
            let counts = serde_json::json!({ "comments": row.comments, "views": row.views });
            (row.slug.clone(), counts)
        })
        .collect();
    let body = serde_json::Value::Object(counts).to_string();
    let page = Page::new(JSON, body.into()).with("access-control-allow-origin", "*");
    let mark = |row: &Counts| Mark::Article {
        id: row.article,
        version: row.page_version,
    };
    Draft::new(page, rows.iter().map(mark).collect())
}
