//! The cross-site check: every unsafe method must come from a page of ours.

use actix_web::HttpResponse;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;
use actix_web::web;
use url::Url;

use super::error::Error;
use super::session;
use crate::app::App;

/// Refuses unsafe requests from elsewhere, before anything else looks at them.
pub async fn check<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if request.method().is_safe() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let public_url = request
        .app_data::<web::Data<App>>()
        .and_then(|app| app.config.public_url.as_ref());
    let has_session = session::carries_cookie(request.request());
    if is_ours(request.headers(), public_url, has_session) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    tracing::info!("a request from another site was refused");
    let refusal = HttpResponse::from_error(Error::CrossOrigin);
    Ok(request.into_response(refusal).map_into_right_body())
}

/// Browsers say where a request comes from in `Sec-Fetch-Site` (to https and localhost alone) or in `Origin`. A client that
/// says neither is no browser of today: it may post as a reader, but never with somebody's session.
fn is_ours(headers: &HeaderMap, public_url: Option<&Url>, has_session: bool) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else {
        return !has_session;
    };
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    if public_url.is_some_and(|public| public.origin() == origin.origin()) {
        return true;
    }
    text("host").is_some_and(|host| is_host_of(host, &origin))
}

/// Whether a `Host` header names the host and port of this origin.
fn is_host_of(host: &str, origin: &Url) -> bool {
    let Ok(host) = Url::parse(&format!("{}://{host}", origin.scheme())) else {
        return false;
    };
    origin.host().is_some()
        && host.host() == origin.host()
        && host.port_or_known_default() == origin.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn ours(headers: &[(&str, &str)], has_session: bool) -> bool {
        let mut request = TestRequest::default();
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        let request = request.to_http_request();
        let public = Url::parse("https://news.example").ok();
        is_ours(request.headers(), public.as_ref(), has_session)
    }

    #[test]
    fn a_request_is_ours_by_fetch_metadata_or_by_origin() {
        let host = ("host", "192.168.1.9:8080");
        assert!(ours(&[("sec-fetch-site", "same-origin")], true));
        assert!(ours(&[("sec-fetch-site", "none")], true));
        assert!(ours(&[host, ("origin", "http://192.168.1.9:8080")], true));
        assert!(ours(
            &[("host", "[::1]:80"), ("origin", "http://[::1]")],
            true
        ));
        assert!(ours(
            &[("host", "10.0.0.1"), ("origin", "https://news.example")],
            true
        ));
        assert!(ours(&[host], false));
    }

    #[test]
    fn everything_else_is_refused() {
        let host = ("host", "192.168.1.9:8080");
        assert!(!ours(&[("sec-fetch-site", "cross-site")], false));
        assert!(!ours(&[("sec-fetch-site", "same-site")], false));
        assert!(!ours(
            &[
                host,
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://192.168.1.9:8080")
            ],
            false
        ));
        assert!(!ours(&[host, ("origin", "null")], false));
        assert!(!ours(&[host, ("origin", "http://192.168.1.9")], false));
        assert!(!ours(
            &[host, ("origin", "http://192.168.1.9:8080.evil.example")],
            false
        ));
        assert!(!ours(&[host, ("origin", "http://evil.example")], false));
        assert!(!ours(&[host], true));
    }
}
