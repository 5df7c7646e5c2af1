//! A bug that panics in a handler costs one answer: a 500 with its page. Without this the line would break without a word.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use futures_util::future::FutureExt;

use super::error;

/// Stands around each handler, behind the router: before that nobody may hold on to the request.
pub async fn catch<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = request.request().clone();
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(answer) => Ok(answer?.map_into_boxed_body()),
        Err(_) => {
            let failure = error::Error::Internal("a handler panicked".to_owned());
            Ok(ServiceResponse::new(
                asked,
                HttpResponse::from_error(failure),
            ))
        }
    }
}
