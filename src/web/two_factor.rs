//! Two-factor sign-in of one's own account: set up, turned off, its recovery codes.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::account::FORM_LIMIT;
use super::error::Error;
use super::form::Form;
use super::own_account::refuse;
use super::second_step::proof;
use super::session::{Moderator, SignedIn};
use super::throttle::{self, Asked};
use super::{client, replies, response};
use crate::app::App;
use crate::second_factor;
use crate::store::two_factor::{self, Proof, recovery_hash};
use crate::store::{Kind, queue, token};
use crate::text;
use crate::views::own_account::Wrong;
use crate::views::two_factor::{self as view, SetUp};

const PATH: &str = "/moderation/account";
/// Random bytes of a recovery code, each of which gives five bits.
const CODE_BYTES: usize = 16;

/// `GET /moderation/account/two-factor`: the secret, while it is proposed.
pub async fn show(app: web::Data<App>, moderator: Moderator) -> Result<HttpResponse, Error> {
    set_up(&app, &moderator, false).await
}

async fn set_up(
    app: &web::Data<App>,
    moderator: &Moderator,
    wrong: bool,
) -> Result<HttpResponse, Error> {
    let id = moderator.person.id;
    let (state, counts) = app
        .store
        .read(move |db| Ok((two_factor::of(db, id)?, queue::counts(db)?)))
        .await?;
    let (Some(secret), None) = (state.secret, state.since) else {
        return Ok(response::see_other(PATH));
    };
    let address = second_factor::address(&secret, &app.site.name, &moderator.person.name)
        .ok_or_else(|| Error::Internal("the secret of an account makes no code".to_owned()))?;
    let page = SetUp {
        address,
        typed: second_factor::typed(&secret),
        wrong,
        counts,
    };
    let status = match wrong {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let html = view::set_up(&app.site, &moderator.desk(), &page);
    Ok(response::desk(status, html))
}

/// `POST /moderation/account/two-factor`, with `do=propose|cancel|confirm|off|codes`.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    match form.plain("do")?.as_str() {
        "propose" => propose(&app, &moderator, true).await,
        "cancel" => propose(&app, &moderator, false).await,
        "confirm" => confirm(&app, &moderator, &form.plain("code")?).await,
        "off" => with_proof(&app, &request, &moderator, &form, false).await,
        "codes" => with_proof(&app, &request, &moderator, &form, true).await,
        _ => Err(Error::BadRequest),
    }
}

/// Proposes a new secret, or takes the proposal back.
async fn propose(app: &App, moderator: &Moderator, whether: bool) -> Result<HttpResponse, Error> {
    let id = moderator.person.id;
    let secret = whether
        .then(token::random::<{ second_factor::SECRET_BYTES }>)
        .transpose()?;
    app.store
        .write(Kind::Update, move |db| {
            two_factor::propose(db, id, secret.as_ref().map(<[u8; 20]>::as_slice))
        })
        .await?;
    Ok(match whether {
        true => response::see_other(&format!("{PATH}/two-factor")),
        false => response::see_other(PATH),
    })
}

/// The first right code turns it on.
async fn confirm(
    app: &web::Data<App>,
    moderator: &Moderator,
    typed: &str,
) -> Result<HttpResponse, Error> {
    let (id, now) = (moderator.person.id, app.config.clock.now());
    let state = app.store.read(move |db| two_factor::of(db, id)).await?;
    let secret = state.secret.filter(|_| state.since.is_none());
    let proof = proof(id, secret.as_deref(), typed, now.0);
    let Some(Proof::Code { secret, step }) = proof else {
        return set_up(app, moderator, true).await;
    };
    let (codes, hashes) = new_codes(id)?;
    let on = app
        .store
        .write(Kind::Update, move |db| {
            two_factor::turn_on(db, id, (&secret, step), &hashes, now)
        })
        .await?;
    if !on {
        return set_up(app, moderator, true).await;
    }
    tracing::info!(moderator = id, "two-factor sign-in is on");
    show_codes(app, moderator, codes).await
}

/// Turns it off, or makes the recovery codes anew: both ask for the password and a code.
async fn with_proof(
    app: &web::Data<App>,
    request: &HttpRequest,
    moderator: &Moderator,
    form: &Form,
    anew: bool,
) -> Result<HttpResponse, Error> {
    let who = SignedIn {
        moderator: moderator.clone(),
        must_change: false,
    };
    let wrong = Wrong {
        proof: true,
        ..Wrong::default()
    };
    let (id, typed) = (moderator.person.id, form.plain("code")?);
    let password = form.plain("password")?;
    let (asked, _) = throttle::own_password(app, request, moderator, password).await?;
    if !matches!(asked, Asked::Right(_)) {
        return refuse(app, &who, &asked, wrong).await;
    }
    // Codes are counted by account too, as at sign-in.
    let name_key = text::mimic_key(&moderator.person.name);
    let attempt = throttle::attempt(app, request, client::codes(app, &name_key));
    let before = throttle::failures(app, &attempt).await?;
    if before.account_wait > 0 {
        let asked = Asked::Wait(replies::seconds(before.account_wait));
        return refuse(app, &who, &asked, wrong).await;
    }
    let state = app.store.read(move |db| two_factor::of(db, id)).await?;
    let now = attempt.now;
    let Some(proof) = proof(id, state.secret.as_deref(), &typed, now.0) else {
        throttle::note(app, &attempt).await?;
        return refuse(app, &who, &asked, wrong).await;
    };
    let (codes, hashes) = new_codes(id)?;
    let done = app
        .store
        .write(Kind::Update, move |db| match anew {
            true => two_factor::renew_codes(db, id, &proof, &hashes, now),
            false => two_factor::turn_off(db, id, &proof, now),
        })
        .await?;
    if !done {
        throttle::note(app, &attempt).await?;
        return refuse(app, &who, &asked, wrong).await;
    }
    if anew {
        return show_codes(app, moderator, codes).await;
    }
    tracing::info!(moderator = id, "two-factor sign-in is off");
    Ok(response::see_other(&format!("{PATH}?said=off")))
}

/// New recovery codes, and what the database knows them by.
fn new_codes(moderator: i64) -> Result<(Vec<String>, Vec<Vec<u8>>), Error> {
    let mut codes = Vec::new();
    for _ in 0..second_factor::RECOVERY_CODES {
        codes.push(second_factor::code(&token::random::<CODE_BYTES>()?));
    }
    let hash = |code: &String| recovery_hash(moderator, &second_factor::plain(code));
    let hashes = codes.iter().map(hash).collect();
    Ok((codes, hashes))
}

/// The only page that ever shows them: they are nowhere else.
async fn show_codes(
    app: &web::Data<App>,
    moderator: &Moderator,
    codes: Vec<String>,
) -> Result<HttpResponse, Error> {
    let counts = app.store.read(queue::counts).await?;
    let html = view::codes(&app.site, &moderator.desk(), &codes, &counts);
    Ok(response::desk(StatusCode::OK, html))
}
