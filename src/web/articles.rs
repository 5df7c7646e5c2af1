//! The front page and the article pages.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::kept::{self, HTML};
use super::response;
use crate::app::App;
use crate::pages::{Draft, Mark, Page, Refusal};
use crate::store::articles::{self, FRONT_PAGE, Found, Seek};
use crate::store::comments::{Below, Sort};
use crate::store::{Db, comments, rules};
use crate::time::Timestamp;
use crate::views::{self, ReplyForm, Site};

/// `GET /`
pub async fn front(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let seek = seek(&request)?;
    let address = match seek {
        Seek::First => "/".to_owned(),
        Seek::Before(id) => format!("/?before={id}"),
        Seek::After(id) => format!("/?after={id}"),
    };
    let now = app.config.clock.now();
    let shared = app.clone();
    let render = async move {
        let window = kept::window(seek, FRONT_PAGE);
        let turn = shared.pages.list(window);
        let site = shared.clone();
        let read = shared.store.read(move |db| {
            let page = articles::newest(db, seek, FRONT_PAGE)?;
            let html = views::front::page(&site.site, now, seek, &page);
            Ok((
                html,
                kept::list(window, turn, &page.rows),
                seek == Seek::First || page.newer.is_some(),
            ))
        });
        let (html, mark, is_there) = read.await.map_err(kept::refusal)?;
        Ok(Draft {
            keep: is_there,
            ..Draft::new(Page::new(HTML, html.into()), vec![mark])
        })
    };
    let page = app.pages.get(Some(&address), now, render).await?;
    Ok(response::page(&request, &page).await)
}

/// Which page of a discussion is asked for.
#[derive(Debug, Clone)]
struct Asked {
    slug: String,
    sort: Sort,
    from: i64,
    reply_to: Option<i64>,
}

impl Asked {
    /// The one address of this page. A form that answers somebody has none: it is the same page again, and nobody else asks
    /// for it.
    fn address(&self) -> Option<String> {
        if self.reply_to.is_some() || !kept::is_plain(&self.slug) {
            return None;
        }
        let path = format!("/articles/{}", self.slug);
        Some(match (self.sort, self.from) {
            (Sort::Oldest, 0) => path,
            (Sort::Oldest, from) => format!("{path}?from={from}"),
            (sort, 0) => format!("{path}?sort={}", sort.word()),
            (sort, from) => format!("{path}?sort={}&from={from}", sort.word()),
        })
    }
}

/// `GET /articles/{slug}`, with `?sort=`, `?from=` and `?reply_to=`; other parameters are ignored.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let from = id_parameter(&request, "from")?.unwrap_or(0);
    let sort = parameter(&request, "sort").and_then(|word| Sort::from_word(&word));
    let asked = Asked {
        slug: slug.into_inner(),
        sort: sort.unwrap_or_default(),
        from,
        reply_to: id_parameter(&request, "reply_to")?,
    };
    let now = app.config.clock.now();
    let render = draft(app.clone(), asked.clone(), now);
    match app.pages.get(asked.address().as_deref(), now, render).await {
        Ok(page) => Ok(response::page(&request, &page).await),
        Err(Refusal::Moved(slug)) => Ok(response::moved(&request, &format!("/articles/{slug}"))),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn draft(app: web::Data<App>, asked: Asked, now: Timestamp) -> Result<Draft, Refusal> {
    let shared = app.clone();
    let read = app.store.read(move |db| {
        let article = match articles::find(db, &asked.slug)? {
            Some(Found::Article(article)) => article,
            other => return Ok(Err(kept::no_article(other))),
        };
        let parent = match asked.reply_to {
            Some(id) => comments::answerable(db, article.id, id)?,
            None => None,
        };
        let form = ReplyForm {
            parent,
            ..ReplyForm::default()
        };
        let rules = rules::version(db)?;
        let at = (asked.sort, asked.from);
        let (html, first) = render(db, &shared.site, now, &article, at, &form)?;
        let is_start =
            asked.from == 0 || (first == Some(asked.from) && asked.sort != Sort::MostReplied);
        let marks = vec![kept::article(&article), Mark::Rules { version: rules }];
        Ok(Ok((html, article.id, marks, is_start)))
    });
    let (html, article, marks, keep) = read.await.map_err(kept::refusal)??;
    let page = Page::new(HTML, html.into())
        .scripted()
        .counted(app.views.counter(article));
    Ok(Draft {
        keep,
        ..Draft::new(page, marks)
    })
}

/// An article's page with its reply form in the given state, and the comment it starts with.
pub fn render(
    db: &mut Db,
    site: &Site,
    now: Timestamp,
    article: &articles::Article,
    (sort, from): (Sort, i64),
    form: &ReplyForm,
) -> crate::store::Result<(String, Option<i64>)> {
    let discussion = comments::discussion(db, Below::Article(article.id), sort, from)?;
    let rules = rules::current(db)?;
    let first = discussion.roots.first().map(|root| root.comment.id);
    let html = views::article::page(site, now, article, &discussion, &rules, form);
    Ok((html, first))
}

/// Which page of a list the address asks for.
pub fn seek(request: &HttpRequest) -> Result<Seek, Error> {
    Ok(
        match (
            id_parameter(request, "before")?,
            id_parameter(request, "after")?,
        ) {
            (Some(id), _) => Seek::Before(id),
            (None, Some(id)) => Seek::After(id),
            (None, None) => Seek::First,
        },
    )
}

/// The first value of a query parameter.
pub fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// A query parameter that is an id.
///
/// # Errors
/// 404 when it is none.
pub fn id_parameter(request: &HttpRequest, name: &str) -> Result<Option<i64>, Error> {
    parameter(request, name)
        .filter(|value| !value.is_empty())
        .map(|value| id(&value))
        .transpose()
}

/// # Errors
/// 404 when the text is no id: digits alone, within 63 bits.
pub fn id(text: &str) -> Result<i64, Error> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::NotFound);
    }
    text.parse().map_err(|_| Error::NotFound)
}
