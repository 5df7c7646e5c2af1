//! What monitoring asks.

use crate::support::{Server, on_each_engine};

#[test]
fn a_server_that_serves_says_that_it_lives_and_is_ready() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let client = server.visitor();
        for (path, word) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
            let page = client.get(path);
            assert_eq!((page.status, page.body.as_str()), (200, word));
            assert_eq!(
                page.header("content-type"),
                Some("text/plain; charset=utf-8")
            );
            assert_eq!(page.header("cache-control"), Some("no-store"));
            let head = client.head(path);
            assert_eq!((head.status, head.body.as_str()), (200, ""));
        }
    });
}

#[test]
fn the_public_address_tells_no_metrics() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        assert_eq!(server.visitor().get("/metrics").status, 404);
    });
}
