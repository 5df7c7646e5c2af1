//! A number for every request, and one line in the log when it is answered.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use tracing::Instrument;

use crate::app::App;
use crate::telemetry::{Requests, Route};

/// What a failure's page shows, and the log repeats: `7f3a-21c9`.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(u32);

static SERIAL: AtomicU32 = AtomicU32::new(0);

impl RequestId {
    /// Consecutive numbers, spread so that two of them cannot be mistaken for each other: a multiplication by an odd number
    /// visits every value before it repeats one (Knuth's multiplicative hashing).
    fn next() -> Self {
        Self(
            SERIAL
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9e37_79b1)
                .wrapping_add(std::process::id()),
        )
    }

    /// The reference of a request, empty where none was given.
    pub fn of(id: Option<&Self>) -> String {
        id.map(ToString::to_string).unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}-{:04x}", self.0 >> 16, self.0 & 0xffff)
    }
}

/// What a route is called, and its place among the counts once that is known. Each worker has its own.
#[derive(Debug)]
pub struct Pattern {
    path: &'static str,
    route: OnceLock<Route>,
}

impl Pattern {
    pub fn new(path: &'static str) -> Self {
        Self {
            path,
            route: OnceLock::new(),
        }
    }
}

/// The route of a request, and its pattern, empty where there is none.
fn route(request: &HttpRequest, requests: &Requests) -> (Route, Cow<'static, str>) {
    if let Some(Pattern { path, route }) = request.app_data::<Pattern>() {
        let route = *route.get_or_init(|| requests.route(path));
        return (route, Cow::Borrowed(path));
    }
    // Turned away before it reached its route, or there is none.
    match request.match_pattern() {
        Some(pattern) => (requests.route(&pattern), Cow::Owned(pattern)),
        None => (Route::NONE, Cow::Borrowed("")),
    }
}

/// A method as the log has it: a stranger may send any word, of any length.
fn known(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    if known.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}

/// Names the request for everything below, counts it, and logs its outcome. The address is logged as the pattern of its route: a
/// receipt is a secret.
pub async fn trace<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = RequestId::next();
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    let begun = Instant::now();
    let span = tracing::info_span!("request", %id);
    let answer = next.call(request).instrument(span.clone()).await?;
    let status = answer.status().as_u16();
    let took = begun.elapsed();
    let mut pattern = Cow::Borrowed("");
    if let Some(app) = answer.request().app_data::<web::Data<App>>() {
        let requests = &app.metrics.requests;
        let (route, path) = route(answer.request(), requests);
        requests.count(route, method.as_str(), status, took);
        pattern = path;
    }
    let method = known(&method);
    let milliseconds = took.as_micros() as f64 / 1_000.0;
    let _entered = span.enter();
    let dull =
        (method == "GET" || method == "HEAD") && (matches!(status, 200..=299) || status == 304);
    if dull {
        tracing::debug!(method, route = %pattern, status, milliseconds, "answered");
    } else {
        tracing::info!(method, route = %pattern, status, milliseconds, "answered");
    }
    Ok(answer)
}
