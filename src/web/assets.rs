//! Static files, embedded, under names that carry their hash: they may be kept for ever.

use std::borrow::Cow;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::RustEmbed;

use super::error::Error;
use crate::views::Assets;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

const TYPES: [(&str, &str); 3] = [
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".svg", "image/svg+xml"),
];

/// The addresses that pages link to.
pub fn addresses() -> Assets {
    Assets {
        app_css: address("app.css"),
        desk_css: address("desk.css"),
        article_js: address("article.js"),
        desk_js: address("desk.js"),
        icon: address("favicon.svg"),
    }
}

/// `app.css` is at `/static/app.0123456789ab.css`. Empty when there is no such file.
fn address(name: &str) -> String {
    match (Files::get(name), name.rsplit_once('.')) {
        (Some(file), Some((stem, ending))) => {
            let hash = file.metadata.sha256_hash();
            let hash: String = hash.iter().take(6).map(|b| format!("{b:02x}")).collect();
            format!("/static/{stem}.{hash}.{ending}")
        }
        _ => String::new(),
    }
}

/// A file as an address that holds all of it, for a page that stands alone. Empty when there is no such file.
pub fn embedded(name: &str) -> String {
    let kind = TYPES.iter().find(|(ending, _)| name.ends_with(ending));
    match (Files::get(name), kind) {
        (Some(file), Some((_, kind))) => {
            let kind = kind.replace(' ', "");
            format!("data:{kind};base64,{}", STANDARD.encode(&file.data))
        }
        _ => String::new(),
    }
}

/// `GET /static/{name}`
pub async fn show(name: web::Path<String>) -> Result<HttpResponse, Error> {
    let mut parts = name.splitn(3, '.');
    let (Some(stem), Some(_), Some(ending)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::NotFound);
    };
    let file_name = format!("{stem}.{ending}");
    if address(&file_name) != format!("/static/{name}") {
        return Err(Error::NotFound);
    }
    let file = Files::get(&file_name).ok_or(Error::NotFound)?;
    let kind = TYPES
        .iter()
        .find(|(ending, _)| file_name.ends_with(ending))
        .map(|(_, kind)| *kind)
        .ok_or(Error::NotFound)?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    Ok(match file.data {
        Cow::Borrowed(bytes) => answer.body(bytes),
        Cow::Owned(bytes) => answer.body(bytes),
    })
}
