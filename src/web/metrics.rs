//! The figures for monitoring, on an address of their own: they are nobody's business who reads the site.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{App as Actix, HttpRequest, HttpResponse, HttpServer, web};

use super::error::Error;
use super::response;
use super::server::Bound;
use crate::app::App;
use crate::store::vitals::{self, Vitals};
use crate::telemetry::metrics::{Format, Scrape};

/// A database that has not answered by then is told to be down: a scrape is given up after ten seconds, and often sooner.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Connections that there may be; further ones wait to be taken. Monitoring needs one or two.
const MOST: usize = 64;

/// Binds the address for metrics, if the configuration has one.
///
/// # Errors
/// When the address cannot be had.
pub fn bind(app: &Arc<App>) -> std::io::Result<Option<Bound>> {
    let Some(address) = app.config.metrics_listen.clone() else {
        return Ok(None);
    };
    let app = web::Data::from(Arc::clone(app));
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(app.clone())
            .service(
                web::resource("/metrics")
                    .route(web::get().to(show))
                    .default_service(web::to(HttpResponse::NotFound)),
            )
            .default_service(web::to(HttpResponse::NotFound))
    })
    .workers(1)
    .max_connections(MOST)
    .disable_signals()
    .bind(address.as_str())?;
    let addresses = server.addrs();
    let server = server.run();
    Ok(Some(Bound {
        handle: server.handle(),
        server,
        addresses,
    }))
}

/// `GET /metrics`. Answers whether or not the database does.
async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let format = format(&request);
    let vitals = vitals(&app).await;
    let scrape = Scrape {
        metrics: Arc::clone(&app.metrics),
        writer: app.store.writer_readings(),
        pool: app.store.pool_readings(),
        pages: app.pages.figures(),
        vitals,
        now: app.config.clock.now(),
        format,
    };
    let text = scrape
        .text()
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header(response::Keep::Never.header())
        .body(text))
}

/// OpenMetrics for whoever asks for it by name, as Prometheus does.
fn format(request: &HttpRequest) -> Format {
    let asked = request
        .headers()
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .any(|word| {
            word.trim()
                .eq_ignore_ascii_case("application/openmetrics-text")
        });
    match asked {
        true => Format::OpenMetrics,
        false => Format::Classic,
    }
}

/// What the database tells, if it does so in time. One question is asked at once: while one waits for a database that hangs, the
/// next ones add nothing to that.
async fn vitals(app: &web::Data<App>) -> Option<Vitals> {
    let shared = app.clone();
    let asked = async move {
        let turn = Arc::clone(&shared.scrapes).acquire_owned().await.ok()?;
        let work = actix_web::rt::spawn(async move {
            let _turn = turn;
            let (target, now) = (shared.store.target().clone(), shared.config.clock.now());
            shared
                .store
                .read(move |db| vitals::read(db, &target, now))
                .await
        });
        match work.await.ok()? {
            Ok(vitals) => Some(vitals),
            Err(error) => {
                tracing::warn!(%error, "the database did not tell its figures");
                None
            }
        }
    };
    actix_web::rt::time::timeout(PATIENCE, asked).await.ok()?
}
