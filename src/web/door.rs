//! The door: pages that are in memory are handed out here, before anything else looks at the request. Whatever is not found
//! goes on to its handler.

use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::{Method, header};
use futures_util::future::{Either, MapOk, TryFutureExt};

use super::watch::Watch;
use super::{headers, response};
use crate::app::App;
use crate::pages::Page;
use crate::telemetry::Route;

/// How the paths begin and end that are found here, and the routes that they are counted with.
const ROUTES: [(&str, &str, &str); 10] = [
    ("/articles/", "/feed.atom", "/articles/{slug}/feed.atom"),
    ("/articles/", "", "/articles/{slug}"),
    ("/threads/", "", "/threads/{id}"),
    ("/static/", "", "/static/{name}"),
    ("/feed.atom", "", "/feed.atom"),
    ("/api/counts", "", "/api/counts"),
    ("/rules", "", "/rules"),
    ("/transparency/months", "", "/transparency/months"),
    ("/transparency", "", "/transparency"),
    ("/", "", "/"),
];

/// Made once for each worker.
#[derive(Clone)]
pub struct Door(pub Arc<App>);

impl<S, B> Transform<S, ServiceRequest> for Door
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = Doorway<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, behind: S) -> Self::Future {
        let requests = &self.0.metrics.requests;
        ready(Ok(Doorway {
            routes: ROUTES.map(|(start, end, pattern)| (start, end, requests.route(pattern))),
            app: Arc::clone(&self.0),
            behind,
        }))
    }
}

pub struct Doorway<S> {
    routes: [(&'static str, &'static str, Route); ROUTES.len()],
    app: Arc<App>,
    behind: S,
}

type Answer<B> = Result<ServiceResponse<EitherBody<B>>, Error>;
type Mapped<B> = fn(ServiceResponse<B>) -> ServiceResponse<EitherBody<B>>;

impl<S, B> Service<ServiceRequest> for Doorway<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Either<Ready<Answer<B>>, MapOk<S::Future, Mapped<B>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.behind.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let begun = Instant::now();
        if let Some(watch) = request.conn_data::<Rc<Watch>>() {
            watch.head_is_here(body_length(&request));
        }
        match self.at_once(&request) {
            Some(answer) => {
                let (method, status) = (request.method().as_str(), answer.status().as_u16());
                let route = self.route(request.path());
                let requests = &self.app.metrics.requests;
                requests.count(route, method, status, begun.elapsed());
                let answer = request.into_response(answer).map_into_right_body();
                Either::Left(ready(Ok(answer)))
            }
            None => {
                let mapped: Mapped<B> = ServiceResponse::map_into_left_body;
                Either::Right(self.behind.call(request).map_ok(mapped))
            }
        }
    }
}

/// Bytes of the body, as its head has it.
fn body_length(request: &ServiceRequest) -> u64 {
    let headers = request.headers();
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return u64::MAX;
    }
    let length = headers.get(header::CONTENT_LENGTH);
    length
        .and_then(|length| length.to_str().ok()?.trim().parse().ok())
        .unwrap_or(0)
}

impl<S> Doorway<S> {
    fn route(&self, path: &str) -> Route {
        let found = self.routes.iter().find(|(start, end, _)| {
            path.strip_prefix(*start)
                .is_some_and(|rest| rest.ends_with(*end))
        });
        found.map_or(Route::NONE, |(_, _, route)| *route)
    }

    fn at_once(&self, request: &ServiceRequest) -> Option<actix_web::HttpResponse> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return None;
        }
        let page = self.page(request)?;
        let mut answer = response::page_at_once(request.request(), &page)?;
        headers::add(answer.headers_mut(), page.scripted);
        Some(answer)
    }

    fn page(&self, request: &ServiceRequest) -> Option<Arc<Page>> {
        let address = request.uri().path_and_query()?.as_str();
        let pages = &self.app.pages;
        if let Some(page) = pages.pinned(address) {
            return Some(Arc::clone(page));
        }
        pages.find(address, self.app.config.clock.now())
    }
}
