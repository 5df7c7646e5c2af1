//! The headers of every answer.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::response;

const WITH_SCRIPT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const WITHOUT_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// Routes whose pages have a script. Where they refuse, they show an error page, which has none.
const SCRIPTED: &[&str] = &[
    "/articles/{slug}",
    "/articles/{slug}/replies",
    "/replies/{receipt}",
    "/threads/{id}",
    "/moderation",
];

const FIXED: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    // Not `no-referrer`: that makes browsers send `Origin: null` with forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

pub async fn set<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut answer = next.call(request).await?;
    let whole = matches!(
        answer.status(),
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::UNPROCESSABLE_ENTITY
    );
    let scripted = whole
        && answer
            .request()
            .match_pattern()
            .is_some_and(|pattern| SCRIPTED.contains(&pattern.as_str()));
    response::take_off_unpacked(answer.headers_mut());
    add(answer.headers_mut(), scripted);
    Ok(answer)
}

/// Adds them to an answer; `scripted` when its page runs a script of ours.
pub fn add(headers: &mut HeaderMap, scripted: bool) {
    let policy = if scripted {
        WITH_SCRIPT
    } else {
        WITHOUT_SCRIPT
    };
    for (name, value) in FIXED {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
}
