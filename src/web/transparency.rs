//! The public report of moderation, for people and for machines; and the same as a file.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::kept::{self, HTML};
use super::{articles, assets, response};
use crate::app::App;
use crate::config::Config;
use crate::pages::{Draft, Page, Refusal};
use crate::store::figures::{self, Months, Report};
use crate::time::{Month, SECOND};
use crate::views::{Assets, Site, transparency as view};

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";

/// Milliseconds for which the page of a report is kept beside the report itself.
const FRESH: i64 = 10 * SECOND;

/// `GET /transparency`, with `?month=2026-04` and `?format=csv|json`.
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let word = articles::parameter(&request, "month");
    let asked = word.as_deref().map(Month::parse);
    let format = match articles::parameter(&request, "format").as_deref() {
        None | Some("html") => Format::Html,
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some(_) => return Err(Error::BadRequest),
    };
    let address = match asked {
        None => Some("/transparency".to_owned()),
        Some(month) => month.map(|month| format!("/transparency?month={month}")),
    };
    let address = match format {
        Format::Html => address,
        // Named once more, so that no file is taken for the page.
        other => address.map(|address| format!("{address}#{other:?}")),
    };
    let (shared, now) = (app.clone(), app.config.clock.now());
    let render = async move {
        let months = known(&shared).await?;
        let month = asked.unwrap_or(Some(months.shown));
        let there = month.filter(|month| (months.first..=months.current).contains(month));
        let month = there.ok_or(Refusal::Nowhere)?;
        let site = &shared.site;
        let report = shared
            .reports
            .month(&shared.store, &site.zone, month, now)
            .await
            .map_err(kept::refusal)?;
        Ok(passing(match format {
            Format::Html => Page::new(HTML, view::page(site, month, &months, &report).into()),
            Format::Json => Page::new(JSON, view::data::json(site, &report).into()),
            Format::Csv => {
                let name = format!("attachment; filename=\"transparency-{month}.csv\"");
                let body = view::data::csv(site, &report);
                Page::new(CSV, body.into()).with("content-disposition", name)
            }
        }))
    };
    answer(&app, &request, address.as_deref(), render).await
}

/// `GET /transparency/months`, with `?before=2026-04`.
pub async fn months(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let word = articles::parameter(&request, "before");
    let asked = word.as_deref().map(Month::parse);
    let address = match asked {
        None => Some("/transparency/months".to_owned()),
        Some(month) => month.map(|month| format!("/transparency/months?before={month}")),
    };
    let shared = app.clone();
    let render = async move {
        let months = known(&shared).await?;
        let before = match asked {
            None => None,
            Some(month) => {
                let all = months.first..=months.current;
                let latest = month.and_then(|before| before.plus(-1));
                latest
                    .filter(|latest| all.contains(latest))
                    .ok_or(Refusal::Nowhere)?;
                month
            }
        };
        let html = view::list(&shared.site, &months, before);
        Ok(passing(Page::new(HTML, html.into())))
    };
    answer(&app, &request, address.as_deref(), render).await
}

/// Nobody tells when figures change: their pages are kept for a short time alone.
fn passing(page: Page) -> Draft {
    Draft {
        fresh: FRESH,
        ..Draft::new(page, Vec::new())
    }
}

async fn answer(
    app: &web::Data<App>,
    request: &HttpRequest,
    address: Option<&str>,
    render: impl Future<Output = Result<Draft, Refusal>> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let now = app.config.clock.now();
    match app.pages.get(address, now, render).await {
        Ok(page) => Ok(response::page(request, &page).await),
        Err(Refusal::Nowhere) => Ok(no_report(app, &known(app).await?)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn known(app: &web::Data<App>) -> Result<Months, Refusal> {
    let now = app.config.clock.now();
    let zone = app.site.zone.clone();
    let read = app
        .store
        .read_at_length(move |db| figures::months(db, &zone, now));
    read.await.map_err(kept::refusal)
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
