//! The sitemap, streamed from the database, and what crawlers are asked to leave alone.

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;

use super::error::Error;
use super::{client, response};
use crate::app::App;
use crate::store::{self, sitemap};
use crate::views;

const XML: &str = "application/xml; charset=utf-8";

fn base(app: &App, request: &HttpRequest) -> Result<String, Error> {
    let base = client::base(app, request).ok_or(Error::BadRequest)?;
    Ok(base.into_owned())
}

/// `GET /sitemap.xml`: every page, or where there are too many for one sitemap, the list of `/sitemaps/{block}.xml`.
pub async fn whole(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let base = base(&app, &request)?;
    let mut blocks = app.store.read(sitemap::blocks).await?;
    if blocks.iter().all(|block| *block == 0) {
        return Ok(answer(app, base, 0));
    }
    // The first one has the pages that every site has, whether or not there are articles in it.
    if blocks.first() != Some(&0) {
        blocks.insert(0, 0);
    }
    let index = views::sitemap::index(&base, &blocks);
    Ok(response::shared(&request, XML, index).await)
}

/// `GET /sitemaps/{block}.xml`
pub async fn block(
    app: web::Data<App>,
    request: HttpRequest,
    block: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let base = base(&app, &request)?;
    let block = super::articles::id(&block)?;
    let first = app
        .store
        .read(move |db| sitemap::slice(db, block, 0))
        .await?;
    if first.is_empty() && block != 0 {
        return Err(Error::NotFound);
    }
    Ok(answer(app, base, block))
}

/// What has been sent of a sitemap.
enum Sent {
    Nothing,
    /// Everything up to this article.
    UpTo(i64),
    Everything,
}

/// A sitemap as it is read. When the database fails on the way, the connection breaks, so that nobody takes a part for the
/// whole.
fn answer(app: web::Data<App>, base: String, block: i64) -> HttpResponse {
    let pieces = stream::try_unfold(Sent::Nothing, move |sent| {
        let (app, base) = (app.clone(), base.clone());
        async move {
            let after = match sent {
                Sent::Nothing => {
                    let fixed = match block {
                        0 => views::sitemap::fixed(&base),
                        _ => String::new(),
                    };
                    let head = [views::sitemap::HEAD, &fixed].concat();
                    return Ok(Some((Bytes::from(head), Sent::UpTo(0))));
                }
                Sent::UpTo(id) => id,
                Sent::Everything => return Ok::<_, store::Error>(None),
            };
            let rows = app
                .store
                .read(move |db| sitemap::slice(db, block, after))
                .await?;
            Ok(Some(match rows.last() {
                Some(last) => (
                    Bytes::from(views::sitemap::articles(&app.site, &base, &rows)),
                    Sent::UpTo(last.id),
                ),
                None => (
                    Bytes::from_static(views::sitemap::TAIL.as_bytes()),
                    Sent::Everything,
                ),
            }))
        }
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, XML))
        .insert_header(response::Keep::Ask.header())
        .streaming(pieces)
}

/// `GET /robots.txt`: receipts and the desk are nobody's business, and a form to reply is the same page again.
pub async fn robots(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let base = base(&app, &request)?;
    let text = format!(
        "User-agent: *\nDisallow: /replies/\nDisallow: /reports/\nDisallow: /comments/*/report\n\
         Disallow: /articles/*?reply_to=\nDisallow: /moderation\nDisallow: /login\n\nSitemap: {base}/sitemap.xml\n"
    );
    Ok(response::shared(&request, "text/plain; charset=utf-8", text).await)
}
