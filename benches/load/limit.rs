//! The limit: actix-web with nothing on it, which sends from memory what the real server answered.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::request::Get;

/// What was asked, and what the real server answered.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    path: String,
    encoding: String,
    conditional: bool,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Headers that actix-web writes itself.
const OWN: [&str; 4] = ["date", "content-length", "transfer-encoding", "connection"];

impl Kept {
    pub fn new(asked: &Get, answer: &Answer) -> Self {
        let headers = answer.headers.iter();
        Self {
            path: asked.path.clone(),
            encoding: asked.encoding.to_owned(),
            conditional: asked.known.is_some(),
            status: answer.status,
            headers: headers
                .filter(|(name, _)| !OWN.contains(&name.as_str()))
                .cloned()
                .collect(),
            body: answer.body.clone(),
        }
    }
}

/// The same bytes and headers, whatever their order, dates and ways of transfer aside.
pub fn is_same(ours: &Answer, limit: &Answer) -> bool {
    let headers = |answer: &Answer| {
        let mut headers: Vec<_> = answer
            .headers
            .iter()
            .filter(|(name, _)| !OWN.contains(&name.as_str()))
            .cloned()
            .collect();
        headers.sort();
        headers
    };
    ours.status == limit.status && ours.body == limit.body && headers(ours) == headers(limit)
}

struct Ready {
    /// `Accept-Encoding`, and whether the client has the page already.
    encoding: String,
    conditional: bool,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// By path; there, the few ways of asking for it.
type Answers = HashMap<String, Vec<Ready>>;

/// Serves the answers of this file, with as many workers as the real server has, until it is killed.
pub fn run(file: &Path, address: SocketAddr) -> std::io::Result<()> {
    let kept: Vec<Kept> = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut answers = Answers::new();
    for one in kept {
        let mut headers = HeaderMap::new();
        for (name, value) in &one.headers {
            headers.append(
                HeaderName::try_from(name.as_str()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let ready = Ready {
            encoding: one.encoding,
            conditional: one.conditional,
            status: StatusCode::from_u16(one.status).unwrap(),
            headers,
            body: one.body.into(),
        };
        answers.entry(one.path).or_default().push(ready);
    }
    let answers = web::Data::new(answers);
    actix_web::rt::System::new().block_on(async {
        HttpServer::new(move || {
            App::new()
                .app_data(answers.clone())
                .default_service(web::to(answer))
        })
        .keep_alive(std::time::Duration::from_secs(75))
        .bind(address)?
        .run()
        .await
    })
}

async fn answer(request: HttpRequest, answers: web::Data<Answers>) -> HttpResponse {
    let path = request.uri().path_and_query();
    let found = path.and_then(|path| answers.get(path.as_str()));
    let headers = request.headers();
    let encoding = headers
        .get(header::ACCEPT_ENCODING)
        .map(HeaderValue::as_bytes);
    let conditional = headers.contains_key(header::IF_NONE_MATCH);
    let found = found.and_then(|ways| {
        ways.iter()
            .find(|way| Some(way.encoding.as_bytes()) == encoding && way.conditional == conditional)
    });
    let Some(ready) = found else {
        return HttpResponse::NotFound().finish();
    };
    let mut answer = HttpResponse::with_body(ready.status, BoxBody::new(ready.body.clone()));
    for (name, value) in &ready.headers {
        answer.headers_mut().append(name.clone(), value.clone());
    }
    answer
}
