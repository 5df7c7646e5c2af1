//! The house rules.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::{articles, response};
use crate::app::App;
use crate::store::{house_rules, rules};
use crate::views;

/// `GET /rules`; with `?version=`, those that were in force before.
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let asked = articles::id_parameter(&request, "version")?;
    let (shared, now) = (app.clone(), app.config.clock.now());
    let html = app
        .store
        .read(move |db| {
            let versions = house_rules::versions(db)?;
            let Some(asked) = asked else {
                let rules = rules::current(db)?;
                return Ok(Some(views::rules::page(
                    &shared.site,
                    now,
                    &rules,
                    &versions,
                    None,
                )));
            };
            let number = usize::try_from(asked).unwrap_or_default();
            let Some(version) = versions.iter().find(|version| version.number == number) else {
                return Ok(None);
            };
            let rules = house_rules::of_version(db, version)?;
            let shown = Some(version);
            Ok(Some(views::rules::page(
                &shared.site,
                now,
                &rules,
                &versions,
                shown,
            )))
        })
        .await?;
    let html = html.ok_or(Error::NotFound)?;
    Ok(response::public(&request, html).0)
}
