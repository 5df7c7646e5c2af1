//! The house rules.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::kept::{self, HTML};
use super::{articles, response};
use crate::app::App;
use crate::pages::{Draft, Mark, Page, Refusal};
use crate::store::{house_rules, rules};
use crate::views;

/// `GET /rules`; with `?version=`, those that were in force before.
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let asked = articles::id_parameter(&request, "version")?;
    let now = app.config.clock.now();
    let address = match asked {
        None => "/rules".to_owned(),
        Some(number) => format!("/rules?version={number}"),
    };
    let shared = app.clone();
    let render = async move {
        let site = shared.clone();
        let read = shared.store.read(move |db| {
            let version = rules::version(db)?;
            let versions = house_rules::versions(db)?;
            let number = asked.map(|number| usize::try_from(number).unwrap_or_default());
            let shown = number.map(|number| versions.iter().find(|v| v.number == number));
            let (rules, shown) = match shown {
                None => (rules::current(db)?, None),
                Some(None) => return Ok(None),
                Some(Some(version)) => (house_rules::of_version(db, version)?, Some(version)),
            };
            let html = views::rules::page(&site.site, now, &rules, &versions, shown);
            Ok(Some((html, version)))
        });
        let (html, version) = read.await.map_err(kept::refusal)?.ok_or(Refusal::Nowhere)?;
        let page = Page::new(HTML, html.into());
        Ok(Draft::new(page, vec![Mark::Rules { version }]))
    };
    let page = app.pages.get(Some(&address), now, render).await?;
    Ok(response::page(&request, &page).await)
}
