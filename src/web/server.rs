//! The HTTP server: bound, running, stopped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpServer, web};

use tokio::signal::unix::{SignalKind, signal};

use super::door::Door;
use super::{assets, error, headers, origin, routes, telemetry};
use crate::app::App;
use crate::config::Listen;

/// A request's head has to arrive within this time.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// An idle connection is kept this long.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Seconds that a stop waits for requests to be answered.
const STOP_SECONDS: u64 = 10;

/// A server that is bound to its address and runs once it is awaited.
pub struct Bound {
    pub server: Server,
    pub handle: ServerHandle,
    /// Empty for a Unix socket.
    pub addresses: Vec<SocketAddr>,
}

/// Binds the address of the configuration. Requests are answered by `workers` threads; one per core when `None`.
///
/// # Errors
/// When the address cannot be had.
pub fn bind(app: &Arc<App>, workers: Option<usize>) -> std::io::Result<Bound> {
    bind_with(app, workers, |_| ())
}

/// The same with routes that are looked at before all others: for tests of what stands around a handler.
///
/// # Errors
/// When the address cannot be had.
pub fn bind_with(
    app: &Arc<App>,
    workers: Option<usize>,
    more: fn(&mut web::ServiceConfig),
) -> std::io::Result<Bound> {
    app.pages.pin(assets::pages());
    let app = web::Data::from(Arc::clone(app));
    let listen = app.config.listen.clone();
    let mut server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(app.clone())
            .wrap(from_fn(origin::check))
            .wrap(from_fn(error::dress))
            .wrap(Compress::default())
            .wrap(from_fn(headers::set))
            .wrap(from_fn(telemetry::trace))
            .wrap(Door(app.clone().into_inner()))
            .configure(more)
            .configure(routes::all)
    })
    .client_request_timeout(HEAD_TIME)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(STOP_SECONDS)
    // SIGINT would cut requests off: see `stop_at_a_signal`.
    .disable_signals();
    if let Some(workers) = workers {
        server = server.workers(workers);
    }
    let server = match &listen {
        Listen::Tcp(address) => server.bind(address.as_str())?,
        Listen::Unix(path) => server.bind_uds(path)?,
    };
    let addresses = match listen {
        Listen::Tcp(_) => server.addrs(),
        Listen::Unix(_) => Vec::new(),
    };
    let server = server.run();
    Ok(Bound {
        handle: server.handle(),
        server,
        addresses,
    })
}

/// Waits for SIGTERM or SIGINT, then lets the server finish what it has accepted; a second one cuts that short.
///
/// # Errors
/// When the process cannot listen for signals.
pub fn stop_at_a_signal(handle: ServerHandle) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        let mut graceful = true;
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!(graceful, "stopping");
            // The answer comes when the server has stopped; a second signal does not wait for it.
            drop(actix_web::rt::spawn(handle.stop(graceful)));
            graceful = false;
        }
    });
    Ok(())
}

/// Runs a future on a runtime of its own, with the signal handling that a server needs.
pub fn block_on<F: Future>(future: F) -> F::Output {
    actix_web::rt::System::new().block_on(future)
}
