//! Static files, embedded, under names that carry their hash: they may be kept for ever.

use std::borrow::Cow;

use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::RustEmbed;

use super::error::Error;
use super::response;
use crate::app::App;
use crate::pages::Page;
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

/// Every file as it is answered, by its address.
pub fn pages() -> impl Iterator<Item = (String, Page)> {
    Files::iter().filter_map(|name| {
        let (_, kind) = TYPES.iter().find(|(ending, _)| name.ends_with(ending))?;
        let body = match Files::get(&name)?.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        Some((address(&name), Page::new(kind, body).forever()))
    })
}

/// `GET /static/{name}`
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let page = app.pages.pinned(request.path()).ok_or(Error::NotFound)?;
    Ok(response::page(&request, page).await)
}
