//! The desk's day.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::error::Error;
use super::response;
use super::session::Moderator;
use crate::app::App;
use crate::store::queue;
use crate::store::today::Day;
use crate::views;
use crate::views::today::Shown;

/// `GET /moderation/today`
pub async fn show(app: web::Data<App>, moderator: Moderator) -> Result<HttpResponse, Error> {
    let now = app.config.clock.now();
    let period = app.site.zone.day_of(now).ok_or(Error::NotFound)?;
    let (shared, desk) = (app.clone(), moderator.desk());
    let html = app
        .store
        .read(move |db| {
            let shown = Shown {
                counts: queue::counts(db)?,
                oldest_waiting: queue::oldest_waiting(db)?,
                day: Day::of(db, period, desk.who.id)?,
            };
            Ok(views::today::page(&shared.site, now, &desk, &shown))
        })
        .await?;
    Ok(response::desk(StatusCode::OK, html))
}
