//! Refusals and failures, and the pages that say so. None of them needs the database.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError, web};

use super::response;
use super::telemetry::RequestId;
use crate::app::App;
use crate::store;
use crate::store::closing::Closed;
use crate::views::error::{ErrorPage, Kept};

/// Why a request is not answered as it hoped.
#[derive(Debug)]
pub enum Error {
    /// The form or the address makes no sense.
    BadRequest,
    /// Nobody is signed in: on to the sign-in page, and back here afterwards.
    SignIn {
        next: String,
        json: bool,
    },
    /// Somebody else set the password: on to the account's page, where it is changed.
    MustChange {
        json: bool,
    },
    /// The form came from another site.
    CrossOrigin,
    /// The page is for admins.
    AdminsOnly,
    NotFound,
    MethodNotAllowed,
    /// The discussion closed meanwhile; the text is kept.
    Closed(Closed, Box<Kept>),
    /// The article was removed.
    Gone,
    TooLarge,
    /// The form did not arrive in time; what arrived of its text is kept.
    TooSlow(Option<Box<Kept>>),
    WrongType,
    /// Try again after so many seconds; the text is kept.
    TooMany {
        seconds: u64,
        kept: Option<Box<Kept>>,
    },
    /// The database cannot answer now; the text is kept.
    Busy {
        cause: String,
        kept: Option<Box<Kept>>,
    },
    /// As many files of the audit log are on their way as may be at once.
    Exporting,
    Internal(String),
}

/// Seconds after which a busy server is worth another try.
const BUSY_SECONDS: u64 = 5;
/// Seconds after which one of the files that are on their way may have arrived.
const EXPORT_SECONDS: u64 = 30;

impl Error {
    /// The same failure with what the reader had typed.
    pub fn keeping(self, text: impl FnOnce() -> Kept) -> Self {
        match self {
            Self::Busy { cause, .. } => Self::Busy {
                cause,
                kept: Some(Box::new(text())),
            },
            Self::TooMany { seconds, .. } => Self::TooMany {
                seconds,
                kept: Some(Box::new(text())),
            },
            other => other,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy { cause, .. } | Self::Internal(cause) => f.write_str(cause),
            Self::Exporting => f.write_str("too many exports at once"),
            other => write!(f, "{}", other.status_code()),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        let cause = error.to_string();
        match error {
            store::Error::Query(_) | store::Error::Corrupt(_) | store::Error::Panicked => {
                Self::Internal(cause)
            }
            store::Error::Unavailable(_)
            | store::Error::Contended(_)
            | store::Error::Busy
            | store::Error::Lost => Self::Busy { cause, kept: None },
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::SignIn { json: true, .. } | Self::MustChange { json: true } => {
                StatusCode::UNAUTHORIZED
            }
            Self::SignIn { json: false, .. } | Self::MustChange { json: false } => {
                StatusCode::SEE_OTHER
            }
            Self::CrossOrigin | Self::AdminsOnly => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Closed(..) => StatusCode::CONFLICT,
            Self::Gone => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy { .. } | Self::Exporting => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Self::SignIn { next, json: false } => {
                answer
                    .insert_header((header::LOCATION, sign_in_path(next)))
                    .insert_header(response::Keep::Never.header());
            }
            Self::MustChange { json: false } => {
                answer
                    .insert_header((header::LOCATION, "/moderation/account"))
                    .insert_header(response::Keep::Never.header());
            }
            // What was sent is not read to its end.
            Self::TooLarge | Self::TooSlow(_) => {
                answer.insert_header((header::CONNECTION, "close"));
            }
            Self::TooMany { seconds, .. } => {
                answer.insert_header((header::RETRY_AFTER, *seconds));
            }
            Self::Busy { .. } => {
                answer.insert_header((header::RETRY_AFTER, BUSY_SECONDS));
            }
            Self::Exporting => {
                answer.insert_header((header::RETRY_AFTER, EXPORT_SECONDS));
            }
            _ => {}
        }
        answer.finish()
    }
}

fn sign_in_path(next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/login?next={next}")
}

/// Gives every bare failure its page, and logs the server's own faults once, with the reference that the page shows.
pub async fn dress<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let answer = next.call(request).await?;
    let status = answer.status();
    let bare = status.is_client_error() || status.is_server_error();
    let (Some(app), true, false) = (
        app,
        bare,
        answer.headers().contains_key(header::CONTENT_TYPE),
    ) else {
        return Ok(answer.map_into_left_body());
    };
    let reference = RequestId::of(answer.request().extensions().get::<RequestId>());
    let error = answer.response().error();
    let ours = error.and_then(|error| error.as_error::<Error>());
    if status.is_server_error() {
        let cause = error.map_or_else(|| status.to_string(), ToString::to_string);
        tracing::error!(%cause, status = status.as_u16(), "a request failed");
    }
    let (kept, retry_seconds) = match ours {
        Some(Error::Closed(_, kept)) => (Some(kept.as_ref().clone()), None),
        Some(Error::TooSlow(kept)) => (kept.as_deref().cloned(), None),
        Some(Error::TooMany { seconds, kept }) => (kept.as_deref().cloned(), Some(*seconds)),
        Some(Error::Busy { kept, .. }) => (kept.as_deref().cloned(), None),
        Some(Error::Exporting) => (None, Some(EXPORT_SECONDS)),
        _ => (None, None),
    };
    let page = crate::views::error::page(
        &app.site,
        &ErrorPage {
            status: status.as_u16(),
            reference,
            kept,
            retry_seconds,
            closed: match ours {
                Some(Error::Closed(closed, _)) => Some(*closed),
                _ => None,
            },
            admins_only: matches!(ours, Some(Error::AdminsOnly)),
            exporting: matches!(ours, Some(Error::Exporting)),
            now: app.config.clock.now(),
        },
    );
    let (request, old) = answer.into_parts();
    let mut dressed = HttpResponse::build(status).body(page);
    for (name, value) in old.headers() {
        dressed.headers_mut().insert(name.clone(), value.clone());
    }
    response::mark_html(&mut dressed);
    dressed
        .headers_mut()
        .insert(header::CACHE_CONTROL, response::Keep::Never.value());
    Ok(ServiceResponse::new(request, dressed).map_into_right_body())
}
