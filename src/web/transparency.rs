//! The public report of moderation, for people and for machines; and the same as a file.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::kept::{self, HTML};
use super::{articles, assets, response};
use crate::app::App;
use crate::config::Config;
use crate::pages::{Draft, Page};
use crate::store::figures::{self, Months, Report};
use crate::time::{Month, SECOND};
use crate::views::{Assets, Site, transparency as view};

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";

/// Milliseconds for which the page of a report is kept beside the report itself.
const FRESH: i64 = 10 * SECOND;

/// `GET /transparency`, with `?month=2026-04` and `?format=csv|json`.
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let months = known(&app).await?;
    let month = match articles::parameter(&request, "month") {
        None => Some(months.shown),
        Some(word) => Month::parse(&word),
    };
    let there = month.filter(|month| (months.first..=months.current).contains(month));
    let Some(month) = there else {
        return Ok(no_report(&app, &months));
    };
    let format = match articles::parameter(&request, "format").as_deref() {
        None | Some("html") => Format::Html,
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some(_) => return Err(Error::BadRequest),
    };
    let address = format!("/transparency?month={month}&format={format:?}");
    let (shared, now) = (app.clone(), app.config.clock.now());
    let render = async move {
        let site = &shared.site;
        let report = shared
            .reports
            .month(&shared.store, &site.zone, month, now)
            .await
            .map_err(kept::refusal)?;
        let page = match format {
            Format::Html => Page::new(HTML, view::page(site, month, &months, &report).into()),
            Format::Json => Page::new(JSON, view::data::json(site, &report).into()),
            Format::Csv => {
                let name = format!("attachment; filename=\"transparency-{month}.csv\"");
                let body = view::data::csv(site, &report);
                Page::new(CSV, body.into()).with("content-disposition", name)
            }
        };
        Ok(Draft {
            fresh: FRESH,
            ..Draft::new(page, Vec::new())
        })
    };
    let page = app.pages.get(&address, now, render).await?;
    Ok(response::page(&request, &page).await)
}

/// `GET /transparency/months`, with `?before=2026-04`.
pub async fn months(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let months = known(&app).await?;
    let before = match articles::parameter(&request, "before") {
        None => None,
        Some(word) => match Month::parse(&word).filter(|before| *before > months.first) {
            Some(before) => Some(before),
            None => return Ok(no_report(&app, &months)),
        },
    };
    let html = view::list(&app.site, &months, before);
    Ok(response::shared(&request, HTML, html).await)
}

async fn known(app: &web::Data<App>) -> Result<Months, Error> {
    let now = app.config.clock.now();
    let zone = app.site.zone.clone();
    let read = app
        .store
        .read(move |db| figures::months(db, &zone, now))
        .await?;
    Ok(read)
}

fn no_report(app: &App, months: &Months) -> HttpResponse {
    response::private(StatusCode::NOT_FOUND, view::none(&app.site, months))
}

/// How a report is written into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
    /// The page, with its style in itself.
    Html,
}

/// A report as a file.
pub fn file(config: &Config, report: &Report, format: Format) -> String {
    let assets = Assets {
        app_css: assets::embedded("app.css"),
        icon: assets::embedded("favicon.svg"),
        ..Assets::default()
    };
    let site = Site::new(
        &config.site_name,
        &config.site_language,
        config.zone.clone(),
        assets,
        config.max_length,
    );
    match format {
        Format::Csv => view::data::csv(&site, report),
        Format::Json => view::data::json(&site, report),
        Format::Html => view::document(&site, report),
    }
}
