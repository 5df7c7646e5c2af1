//! The desk's lists.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::Moderator;
use super::{articles, response};
use crate::app::App;
use crate::store::listed::Reader;
use crate::store::listing::{Listing, Seek};
use crate::store::{self, Db, bulks, desk, history, moderators, queue, rules, saved_replies};
use crate::time::Timestamp;
use crate::views;
use crate::views::queue::{QueuePage, Said};
use crate::views::toast::Done;

/// `GET /moderation`, with the words of a [`Listing`]; `?done=`, `?bulk=` and `?said=` tell what was done just now.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
) -> Result<HttpResponse, Error> {
    let list = Listing::parse(request.query_string()).ok_or(Error::NotFound)?;
    let told = Told::of(&request)?;
    let shared = app.clone();
    let desk = moderator.desk();
    let reader = reader(&app, &moderator);
    let html = app
        .store
        .read(move |db| {
            let mut list = list.clone();
            let mut page = queue::items(db, &list, reader)?;
            // A page whose comments have all been decided: the list begins anew.
            if page.items.is_empty() && list.seek != Seek::First && !list.is_filtered() {
                list.seek = Seek::First;
                page = queue::items(db, &list, reader)?;
            }
            let nothing = page.items.is_empty();
            let today = match nothing && !list.is_filtered() {
                true => Some(desk::since(db, shared.site.midnight(reader.now))?),
                false => None,
            };
            let page = QueuePage {
                counts: queue::counts(db)?,
                items: page.items,
                rules: rules::current(db)?,
                saved: saved_replies::all(db)?,
                chosen: desk::chosen(db, &list)?,
                alone: !moderators::has_others(db, desk.who.id)?,
                said: told.said(db)?,
                oldest_waiting: queue::oldest_waiting(db)?,
                today,
                back: page.back.map(|place| list.at(Seek::Until(place))),
                onward: page.onward.map(|place| list.at(Seek::From(place))),
                cut: page.cut,
                list: list.clone(),
            };
            Ok(views::queue::page(&shared.site, reader.now, &desk, &page))
        })
        .await?;
    Ok(response::desk(StatusCode::OK, html))
}

/// `GET /moderation/counts`: what the tabs say, for the desk's script.
pub async fn counts(app: web::Data<App>, _: Moderator) -> Result<HttpResponse, Error> {
    Ok(response::desk_json(&tab_counts(&app).await?))
}

/// What the tabs say, by their words.
pub async fn tab_counts(app: &App) -> Result<serde_json::Map<String, serde_json::Value>, Error> {
    let counts = app.store.read(queue::counts).await?;
    Ok(views::queue::counts(&app.site, &counts)
        .into_iter()
        .map(|(tab, count)| (tab.to_owned(), count.into()))
        .collect())
}

/// Who reads a list, and when.
pub fn reader(app: &App, moderator: &Moderator) -> Reader {
    Reader {
        moderator: moderator.person.id,
        now: app.config.clock.now(),
    }
}

/// What an address says was done just now.
pub struct Told {
    done: Option<i64>,
    bulk: Option<i64>,
    word: String,
}

impl Told {
    /// # Errors
    /// 404 when a number is none.
    pub fn of(request: &HttpRequest) -> Result<Self, Error> {
        Ok(Self {
            done: articles::id_parameter(request, "done")?,
            bulk: articles::id_parameter(request, "bulk")?,
            word: articles::parameter(request, "said").unwrap_or_default(),
        })
    }

    /// # Errors
    /// Those of the engine.
    pub fn said(&self, db: &mut Db) -> store::Result<Option<Said>> {
        if let Some(id) = self.done {
            let done = history::done(db, id)?;
            return Ok(done.map(|(done, undone)| Said::Decided(Done::of(done, undone))));
        }
        if let Some(id) = self.bulk {
            return Ok(bulks::find(db, id)?.map(Said::Bulk));
        }
        let (word, number) = self.word.split_once('-').unwrap_or((&self.word, ""));
        let number = number.parse::<i64>().ok().filter(|number| *number >= 0);
        Ok(match (word, number) {
            ("taken", Some(count)) => Some(Said::Taken(count)),
            ("claimed", _) => Some(Said::Claimed(true)),
            ("unclaimed", _) => Some(Said::Claimed(false)),
            ("released", _) => Some(Said::Released),
            ("noted", _) => Some(Said::Noted),
            ("trusted", _) => Some(Said::Trusted),
            ("untrusted", _) => Some(Said::Untrusted),
            ("held", Some(until)) => Some(Said::HeldUntil(Timestamp(until))),
            ("freed", _) => Some(Said::HoldEnded),
            ("nothing", _) => Some(Said::NothingPicked),
            ("groundless", _) => Some(Said::NoGround),
            _ => None,
        })
    }
}

/// The address of a list that tells what was done, at one of its comments.
pub fn back_to(list: &Listing, told: &str, comment: Option<i64>) -> String {
    let words = [list.words(), told.to_owned()];
    let words: Vec<String> = words.into_iter().filter(|part| !part.is_empty()).collect();
    let begin = if words.is_empty() { "" } else { "?" };
    let at = comment.map_or_else(String::new, |id| format!("#c-{id}"));
    format!("/moderation{begin}{}{at}", words.join("&"))
}

/// The list that a form was part of.
///
/// # Errors
/// 400 when it is none.
pub fn list_of(form: &Form) -> Result<Listing, Error> {
    Listing::parse(&form.plain("view")?).ok_or(Error::BadRequest)
}
