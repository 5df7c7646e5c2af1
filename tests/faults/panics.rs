//! Bugs that panic: one answer each, and the server lives.

use actix_web::{HttpResponse, web};
use rejoinder::app::App;
use rejoinder::store::{Db, Kind, Result};
use rejoinder::web::routes;

use super::support::{Database, Server, on_each_engine};

/// More than there are threads, lines and workers to lose.
const TIMES: usize = 40;

fn bug(_: &mut Db) -> Result<()> {
    panic!("a bug, on purpose")
}

async fn in_a_handler() -> HttpResponse {
    panic!("a bug, on purpose")
}

async fn in_a_read(app: web::Data<App>) -> actix_web::Result<HttpResponse> {
    let read = app.store.read(bug).await;
    read.map_err(rejoinder::web::error::Error::from)?;
    Ok(HttpResponse::Ok().finish())
}

async fn in_a_write(app: web::Data<App>) -> actix_web::Result<HttpResponse> {
    let written = app.store.write(Kind::Insert, bug).await;
    written.map_err(rejoinder::web::error::Error::from)?;
    Ok(HttpResponse::Ok().finish())
}

fn bugs(routes: &mut web::ServiceConfig) {
    routes
        .service(routes::page("/bug/handler", in_a_handler))
        .service(routes::page("/bug/read", in_a_read))
        .service(routes::act("/bug/write", in_a_write));
}

#[test]
fn a_panic_costs_one_answer_and_the_server_lives() {
    on_each_engine(|engine| {
        let server = Server::with_routes(Database::new(engine), &[], bugs);
        server.article("ferry");
        let reader = server.visitor();
        for path in ["/bug/handler", "/bug/read"] {
            for _ in 0..TIMES {
                let page = reader.get(path);
                assert_eq!(page.status, 500, "{path}");
                assert_eq!(page.count("h1"), 1, "{path}");
                assert_eq!(page.header("cache-control"), Some("no-store"));
                assert!(page.header("content-security-policy").is_some());
                assert!(!page.body.contains("on purpose"), "{path}");
            }
            assert_eq!(reader.get("/articles/ferry").status, 200);
        }
        for round in 0..TIMES {
            let page = reader.post("/bug/write", &[]);
            assert_eq!(page.status, 503);
            assert!(page.header("retry-after").is_some());
            reader.reply("ferry", "Ama", &format!("Reply {round}."));
        }
        assert_eq!(server.stored_comments(), TIMES as i64);
    });
}

#[test]
fn a_panicking_write_takes_at_most_its_batch_along_and_says_so() {
    on_each_engine(|engine| {
        let server = Server::with_routes(Database::new(engine), &[], bugs);
        server.article("ferry");
        let acknowledged: i64 = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..8)
                .map(|number| {
                    let reader = server.visitor();
                    scope.spawn(move || {
                        let mut acknowledged = 0;
                        for n in 0..TIMES {
                            if number % 4 == 0 {
                                assert_eq!(reader.post("/bug/write", &[]).status, 503);
                                continue;
                            }
                            let body = format!("Reader {number}, reply {n}.");
                            let fields = [("name", "Ama"), ("body", &*body), ("do", "send")];
                            let page = reader.post("/articles/ferry/replies", &fields);
                            match page.status {
                                303 => acknowledged += 1,
                                503 => assert_eq!(page.value("[name=body]"), body),
                                status => panic!("{status}"),
                            }
                        }
                        acknowledged
                    })
                })
                .collect();
            readers.into_iter().map(|r| r.join().unwrap()).sum()
        });
        assert!(acknowledged > 0);
        assert_eq!(server.stored_comments(), acknowledged);
    });
}
