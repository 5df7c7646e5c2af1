//! More passwords at once than are checked: whoever comes then is told, and loses nothing.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rejoinder::moderation::Role;

use crate::desk::admin;
use crate::support::{PASSWORD, Server, on_each_engine};

/// Two are checked, thirty-two wait.
const PLACES: usize = 34;

#[test]
fn the_next_password_after_two_that_are_checked_and_thirty_two_that_wait_is_answered_as_busy() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.account("Dana", Role::Moderator);
        let priya = admin(&server, "Priya");
        // Work that does not end before it is told to, or the test has failed.
        let deadline = Instant::now() + Duration::from_secs(30);
        let (begun, begins) = channel();
        let (end, ended) = channel::<()>();
        let ended = Arc::new(std::sync::Mutex::new(ended));
        let app = Arc::clone(&server.app);
        let waiting = std::thread::spawn(move || {
            let work = (0..PLACES).map(|_| {
                let (begun, ended) = (begun.clone(), Arc::clone(&ended));
                app.logins.pass(move || {
                    begun.send(()).unwrap();
                    let left = deadline.saturating_duration_since(Instant::now());
                    assert!(ended.lock().unwrap().recv_timeout(left).is_err());
                })
            });
            let all = futures_util::future::join_all(work);
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime.unwrap().block_on(all).iter().flatten().count()
        });
        begins.recv().unwrap();
        begins.recv().unwrap();
        let visitor = server.visitor();
        let page = visitor.sign_in("Dana", PASSWORD);
        assert_eq!(page.status, 503);
        assert!(visitor.cookie("session").is_none());
        assert_eq!(page.value("main [name=name]"), "Dana");
        assert!(!page.body.contains(PASSWORD));
        let said = page.text();
        assert!(
            said.contains("The server is busy. Try again in a moment."),
            "{said}"
        );
        assert!(begins.try_recv().is_err(), "a third is checked at once");
        // Nobody else waits for them.
        assert_eq!(priya.get("/moderation").status, 200);
        drop(end);
        assert_eq!(waiting.join().unwrap(), PLACES);
        assert_eq!(visitor.sign_in("Dana", PASSWORD).status, 303);
    });
}
