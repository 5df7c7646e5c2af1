//! Answers: pages, redirections, and the policies by which they may be kept.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

/// How long an answer may be kept, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Pages for everybody: kept, but asked after each time (an ETag makes that cheap).
    Revalidate,
    /// Receipts, forms with somebody's text, and the whole desk.
    Never,
}

impl Keep {
    fn value(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Revalidate => "no-cache",
            Self::Never => "no-store",
        })
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
        .insert_header((header::CACHE_CONTROL, Keep::Never.value()))
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
    answer.headers_mut().insert(
        header::CONTENT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    answer
}

/// An answer to the desk's script.
pub fn desk_json(answer: &impl serde::Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(answer)
}

/// A page for everybody: see [`shared`].
pub fn public(request: &HttpRequest, html: String) -> (HttpResponse, bool) {
    shared(request, "text/html; charset=utf-8", html)
}

/// An answer for everybody, with its ETag; 304 when the client has it already. The flag says whether it was sent whole.
pub fn shared(
    request: &HttpRequest,
    content_type: &'static str,
    body: String,
) -> (HttpResponse, bool) {
    let hash = Sha256::digest(body.as_bytes());
    let mut tag = String::from("W/\"");
    for byte in hash.iter().take(12) {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push('"');
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',').any(|known| {
                known.trim() == "*" || known.trim().trim_start_matches("W/") == &tag[2..]
            })
        });
    let mut answer = if known {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, content_type))
            .body(body)
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, Keep::Revalidate.value());
    (answer, !known)
}

/// 303 to a path of ours.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, Keep::Never.value()))
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
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .finish()
}
