//! Every route on one page.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, get, head, post, resource};
use actix_web::{Handler, Resource, Responder};

use super::error::Error;
use super::telemetry::Pattern;
use super::{
    account, appeals, articles, assets, audit, authors, bulks, claims, comments, desk_articles,
    edits, feeds, health, house_rules, moderation, notes, own_account, panics, people, policy,
    policy_lists, queue, receipts, replies, reports, rules, saved_replies, second_step, sitemap,
    staff_replies, today, transparency, two_factor,
};

pub fn all(routes: &mut ServiceConfig) {
    routes
        // Readers
        .service(page("/", articles::front))
        .service(page("/articles/{slug}", articles::show))
        .service(act("/articles/{slug}/replies", replies::post))
        .service(page("/comments/{id}", comments::permalink))
        .service(page("/comments/{id}/report", reports::form).route(post().to(reports::post)))
        .service(page("/reports/{receipt}", reports::show))
        .service(page("/threads/{id}", comments::thread))
        .service(page("/replies/{receipt}", receipts::show))
        .service(page("/replies/{receipt}/edit", edits::show).route(post().to(edits::post)))
        .service(act("/replies/{receipt}/withdraw", receipts::withdraw))
        .service(act("/replies/{receipt}/appeal", appeals::post))
        .service(act("/replies/{receipt}/forget", receipts::forget))
        .service(page("/rules", rules::show))
        .service(page("/transparency", transparency::show))
        .service(page("/transparency/months", transparency::months))
        // The desk
        .service(page("/login", account::show).route(post().to(account::enter)))
        .service(act("/logout", account::leave))
        .service(page("/moderation", queue::show))
        .service(page("/moderation/counts", queue::counts))
        .service(page("/moderation/today", today::show))
        .service(act("/moderation/claims", claims::take))
        .service(act("/moderation/comments/{id}/claim", claims::claim))
        .service(act("/moderation/comments/{id}/notes", notes::note))
        .service(page("/moderation/authors/{id}", authors::show).route(post().to(authors::post)))
        .service(
            page("/moderation/comments/{id}/author", authors::show_of_comment)
                .route(post().to(authors::post_of_comment)),
        )
        .service(
            page("/moderation/saved-replies", saved_replies::show)
                .route(post().to(saved_replies::post)),
        )
        .service(act("/moderation/bulk", bulks::post))
        .service(act("/moderation/bulks/{id}/undo", bulks::undo))
        .service(act("/moderation/comments/{id}/decide", moderation::decide))
        .service(act("/moderation/decisions/{id}/undo", moderation::undo))
        .service(page("/moderation/audit", audit::show))
        .service(page("/moderation/audit.csv", audit::csv))
        .service(page("/moderation/audit.jsonl", audit::json_lines))
        .service(page("/moderation/rules", house_rules::show).route(post().to(house_rules::post)))
        .service(
            page("/moderation/comments/{id}/reply", staff_replies::to_comment)
                .route(post().to(staff_replies::post_to_comment)),
        )
        .service(page("/moderation/articles", desk_articles::list))
        .service(act("/moderation/articles/{id}", desk_articles::change))
        .service(
            page("/moderation/articles/{id}/reply", staff_replies::on_article)
                .route(post().to(staff_replies::post_on_article)),
        )
        .service(page("/moderation/policy", policy::show).route(post().to(policy::save)))
        .service(act("/moderation/policy/try", policy::try_it))
        .service(
            page("/moderation/policy/lists", policy_lists::show)
                .route(post().to(policy_lists::post)),
        )
        // People
        .service(page("/login/code", second_step::show).route(post().to(second_step::enter)))
        .service(page("/moderation/account", own_account::show))
        .service(act(
            "/moderation/account/password",
            own_account::change_password,
        ))
        .service(act(
            "/moderation/account/sessions",
            own_account::end_sessions,
        ))
        .service(
            page("/moderation/account/two-factor", two_factor::show)
                .route(post().to(two_factor::post)),
        )
        .service(page("/moderation/people", people::show).route(post().to(people::add)))
        .service(act("/moderation/people/{id}", people::change))
        // Machines
        .service(page("/feed.atom", feeds::site))
        .service(page("/articles/{slug}/feed.atom", feeds::article))
        .service(page("/api/counts", feeds::counts))
        .service(page("/sitemap.xml", sitemap::whole))
        .service(page("/sitemaps/{block}.xml", sitemap::block))
        .service(page("/robots.txt", sitemap::robots))
        .service(page("/healthz", health::live))
        .service(page("/readyz", health::ready))
        .service(page("/static/{name}", assets::show))
        .default_service(web::to(|| async { Err::<&str, _>(Error::NotFound) }));
}

/// A page answers GET and HEAD.
pub fn page<F, Args>(
    path: &'static str,
    handler: F,
) -> Resource<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
>
where
    F: Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    resource(path)
        .app_data(Pattern::new(path))
        .route(get().to(handler.clone()))
        .route(head().to(handler))
        .default_service(web::to(not_allowed))
        .wrap(from_fn(panics::catch))
}

/// An act answers POST alone.
pub fn act<F, Args>(
    path: &'static str,
    handler: F,
) -> Resource<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
>
where
    F: Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    resource(path)
        .app_data(Pattern::new(path))
        .route(post().to(handler))
        .default_service(web::to(not_allowed))
        .wrap(from_fn(panics::catch))
}

async fn not_allowed() -> Result<&'static str, Error> {
    Err(Error::MethodNotAllowed)
}
