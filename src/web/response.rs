//! Answers: pages, redirections, and the policies by which they may be kept.

use std::sync::atomic::Ordering;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

use super::session;
use crate::pages::{Encoding, Page};

/// The encoding of a body that no middleware and no proxy is to pack.
const UNPACKED: &str = "identity";

/// The same as [`Keep::Page`] for shared caches that read a header of their own (RFC 9213). The others take `s-maxage` to forbid what is
/// stale, errors or not (RFC 9111, 5.2.2.10), unless they are told otherwise.
const FOR_CDNS: &str = "max-age=1, stale-if-error=600";

/// How long an answer may be kept, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Pages for everybody. Browsers ask after them each time (an ETag makes that cheap). A cache in front may answer for one
    /// second on its own, which is how long other instances take to hear of a decision; and for ten minutes, as we do
    /// ourselves, while the server fails.
    Page,
    /// Redirections of articles that moved: hardly ever taken back.
    Moved,
    /// Files whose address carries their hash.
    Forever,
    /// Where something is found, and lists too long to be made twice: to be asked after each time.
    Ask,
    /// Receipts, forms with somebody's text, and the whole desk.
    Never,
}

impl Keep {
    pub fn value(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page => "public, max-age=0, s-maxage=1, stale-if-error=600",
            Self::Moved => "public, max-age=3600",
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Ask => "no-cache",
            Self::Never => "no-store",
        })
    }

    /// As a header.
    pub fn header(self) -> (HeaderName, HeaderValue) {
        (header::CACHE_CONTROL, self.value())
    }
}

/// Marks a body as HTML.
pub fn mark_html(answer: &mut HttpResponse) {
    answer.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
}

/// A page that only its reader may see.
pub fn private(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(Keep::Never.header())
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .body(html)
}

/// A private page that no search engine is to list, whoever finds its address.
pub fn unlisted(status: StatusCode, html: String) -> HttpResponse {
    let mut answer = private(status, html);
    answer.headers_mut().insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    answer
}

/// A page of the desk. It carries a token beside text that others wrote, so it is never compressed (BREACH).
pub fn desk(status: StatusCode, html: String) -> HttpResponse {
    let mut answer = private(status, html);
    leave_unpacked(&mut answer);
    answer
}

fn leave_unpacked(answer: &mut HttpResponse) {
    answer
        .headers_mut()
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static(UNPACKED));
}

/// An answer to the desk's script.
pub fn desk_json(answer: &impl serde::Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(Keep::Never.header())
        .json(answer)
}

/// A page for everybody that nothing keeps.
pub async fn shared(request: &HttpRequest, kind: &'static str, body: String) -> HttpResponse {
    page(request, &Page::new(kind, body.into())).await
}

/// A page for everybody, with its ETag; 304 when the client has it already. Sent whole to a reader, it is a view.
pub async fn page(request: &HttpRequest, page: &Page) -> HttpResponse {
    if is_known(request, page) {
        return not_modified(page);
    }
    let (encoding, body) = page.body(encoding(request)).await;
    count_view(request, page);
    let mut answer = whole(page, encoding, body);
    if encoding.name().is_none() {
        // Whoever takes no form that is kept gets the page as the door hands it out: plain.
        leave_unpacked(&mut answer);
    }
    answer
}

/// Takes off what [`page`] says of a plain page to the middleware that would pack it.
pub fn take_off_unpacked(headers: &mut HeaderMap) {
    let encoding = headers.get(header::CONTENT_ENCODING);
    let unpacked = encoding.is_some_and(|encoding| encoding == UNPACKED);
    if unpacked && headers.contains_key(header::ETAG) {
        headers.remove(header::CONTENT_ENCODING);
    }
}

/// The same without waiting; `None` when the body has not been made yet as this client likes it.
pub fn page_at_once(request: &HttpRequest, page: &Page) -> Option<HttpResponse> {
    if is_known(request, page) {
        return Some(not_modified(page));
    }
    let encoding = encoding(request);
    let body = page.made(encoding)?;
    count_view(request, page);
    Some(whole(page, encoding, body))
}

fn is_known(request: &HttpRequest, page: &Page) -> bool {
    let tags = request.headers().get(header::IF_NONE_MATCH);
    tags.and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| page.is_known(tags))
}

fn encoding(request: &HttpRequest) -> Encoding {
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    accepted
        .and_then(|accepted| accepted.to_str().ok())
        .map_or(Encoding::Identity, Encoding::accepted)
}

/// Programs that only look at the head, and staff, are no readers.
fn count_view(request: &HttpRequest, page: &Page) {
    if let Some(views) = &page.views
        && request.method() == Method::GET
        && !session::carries_cookie(request)
    {
        views.fetch_add(1, Ordering::Relaxed);
    }
}

fn not_modified(page: &Page) -> HttpResponse {
    let mut answer = HttpResponse::NotModified().finish();
    set_headers(&mut answer, page);
    answer
}

fn whole(page: &Page, encoding: Encoding, body: Bytes) -> HttpResponse {
    let mut answer = HttpResponse::Ok().body(body);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.kind));
    if let Some(name) = encoding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    set_headers(&mut answer, page);
    answer
}

fn set_headers(answer: &mut HttpResponse, page: &Page) {
    let headers = answer.headers_mut();
    if let Ok(tag) = HeaderValue::from_maybe_shared(page.etag.clone()) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep = if page.forever {
        Keep::Forever
    } else {
        Keep::Page
    };
    headers.insert(header::CACHE_CONTROL, keep.value());
    if keep == Keep::Page {
        let value = HeaderValue::from_static(FOR_CDNS);
        headers.insert(header::CDN_CACHE_CONTROL, value);
    }
    for (name, value) in &page.extra {
        if let Ok(value) = HeaderValue::from_maybe_shared(value.clone()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// 303 to a path of ours.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .insert_header(Keep::Never.header())
        .finish()
}

/// 301 to a path of ours, with the query that came.
pub fn moved(request: &HttpRequest, path: &str) -> HttpResponse {
    let query = request.query_string();
    let location = if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    };
    // As bytes: an address may come with letters beyond ASCII that nobody encoded.
    let location = HeaderValue::from_bytes(location.as_bytes());
    HttpResponse::MovedPermanently()
        .insert_header((
            header::LOCATION,
            location.unwrap_or(HeaderValue::from_static("/")),
        ))
        .insert_header(Keep::Moved.header())
        .finish()
}
