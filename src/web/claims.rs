//! Claims of comments: what colleagues see of each other.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::queue::{back_to, list_of, reader};
use super::session::{self, Moderator};
use super::{articles, response};
use crate::app::App;
use crate::store::Kind;
use crate::store::claims::{self, Hold};
use crate::store::listing::{Listing, Seek};
use crate::views;

/// Bytes of these forms: a word and the list it stands in.
const FORM_LIMIT: usize = 8 * 1024;

/// `POST /moderation/comments/{id}/claim`, with `do=claim|look|take-over|release`.
pub async fn claim(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let comment = articles::id(&id)?;
    let list = list_of(&form)?;
    let (reader, span) = (reader(&app, &moderator), app.config.claim_span);
    let hold = match form.plain("do")?.as_str() {
        "claim" => Some(Hold::Firm),
        "look" => Some(Hold::Light),
        "take-over" => Some(Hold::TakeOver),
        "release" => None,
        _ => return Err(Error::BadRequest),
    };
    let claimed = app
        .store
        .write(Kind::Update, move |db| match hold {
            Some(hold) => {
                let claimed = claims::claim(db, comment, reader, span, hold)?;
                claims::renew(db, reader.moderator, reader.now, span)?;
                Ok(claimed)
            }
            None => claims::release(db, comment, reader.moderator).map(|()| None),
        })
        .await?;
    if hold.is_some() && claimed.is_none() {
        return Err(Error::NotFound);
    }
    if session::wants_json(&request) {
        let shared = app.clone();
        let says = match claimed {
            Some(false) => {
                app.store
                    .read(move |db| {
                        let claim = claims::on(db, &[comment], reader.now)?.remove(&comment);
                        Ok(claim.map(|claim| views::queue::claimed(&shared.site, reader, &claim)))
                    })
                    .await?
            }
            _ => None,
        };
        return Ok(response::desk_json(&match says {
            Some(says) => serde_json::json!({ "claimed": claimed, "says": says }),
            None => serde_json::json!({ "claimed": claimed }),
        }));
    }
    let told = match claimed {
        Some(true) => "said=claimed",
        Some(false) => "said=unclaimed",
        None => "said=released",
    };
    Ok(response::see_other(&back_to(&list, told, Some(comment))))
}

/// `POST /moderation/claims`: the next few comments of a list that nobody has.
pub async fn take(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let list = list_of(&form)?;
    let (reader, span) = (reader(&app, &moderator), app.config.claim_span);
    let wanted = Listing {
        mine: false,
        ..list.clone()
    };
    let taken = app
        .store
        .write(Kind::Update, move |db| {
            claims::claim_next(db, &wanted, reader, span)
        })
        .await?;
    let mine = Listing {
        mine: true,
        seek: Seek::First,
        ..list
    };
    let told = format!("said=taken-{taken}");
    Ok(response::see_other(&back_to(&mine, &told, None)))
}
