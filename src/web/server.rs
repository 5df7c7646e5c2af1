//! The HTTP server: bound, running, stopped.

use std::future::ready;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_server::GracefulShutdownSignal;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, map_config};
use actix_web::dev::{AppConfig, Server, ServerHandle, fn_service};
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt::net::{TcpStream, UnixStream};
use actix_web::rt::time::{Instant, sleep};
use actix_web::web;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::OnceCell;

use super::door::Door;
use super::flood::Flood;
use super::line::Line;
use super::watch::Lines;
use super::{assets, descriptors, error, headers, origin, routes, telemetry};
use crate::app::App;
use crate::config::Listen;

/// A request's head has to arrive within this time.
pub const HEAD_TIME: Duration = Duration::from_secs(15);
/// An idle connection is kept this long.
pub const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Who goes on sending after an answer that ends the connection is listened to for this long, so that the answer arrives.
pub const LAST_WORDS: Duration = Duration::from_secs(1);
/// Connections that the system holds for us while we take no more.
const BACKLOG: i32 = 2_048;
/// How often each line is read after a signal to stop, so that requests that were sent before it are answered: as often as the
/// longest head takes.
const LAST_LOOKS: usize = 80;
/// Who sent many requests at once has them answered, for so long at most. It is over when so many looks in a row find none: what was
/// read is answered before more is, so that one look may fall between.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
const QUIET_LOOKS: usize = 4;
const NEXT_LOOK: Duration = Duration::from_millis(5);
/// Seconds that a stop waits for requests to be answered.
const STOP_SECONDS: u64 = 10;

/// A server that is bound to its address and runs once it is awaited.
pub struct Bound {
    pub server: Server,
    pub handle: ServerHandle,
    /// Empty for a Unix socket.
    pub addresses: Vec<SocketAddr>,
}

/// Binds the address of the configuration. Requests are answered by `workers` threads; one per core when `None`. As many
/// clients are connected at once as the limit of open files allows; further ones wait.
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
    let workers = match workers {
        Some(workers) => workers,
        None => std::thread::available_parallelism()?.get(),
    };
    let limit = descriptors::raise();
    let clients = descriptors::clients(limit);
    let lines = Lines::new(clients, &app.metrics);
    let flood = web::Data::new(Flood::new(&app.config));
    let mut server = Server::build()
        .workers(workers)
        .max_concurrent_connections((clients / workers).max(1))
        .shutdown_timeout(STOP_SECONDS)
        // SIGINT would cut requests off: see `stop_at_a_signal`.
        .disable_signals();
    let stopping = Stopping {
        signal: server.graceful_shutdown_signal(),
        lines,
        answered: Arc::default(),
    };
    let mut addresses = Vec::new();
    match &app.config.listen {
        Listen::Tcp(address) => {
            for listener in listeners(address)? {
                addresses.push(listener.local_addr()?);
                let (app, stopping) = (Arc::clone(app), stopping.clone());
                let flood = flood.clone();
                server = server.listen("tcp", listener, move || {
                    let lines = Arc::clone(&stopping.lines);
                    fn_service(move |socket: TcpStream| {
                        let peer = socket.peer_addr().ok();
                        ready(Ok((Line::new(socket, &lines), peer)))
                    })
                    .and_then(http(&app, &flood, &stopping, more))
                })?;
            }
        }
        Listen::Unix(path) => {
            let (app, stopping) = (Arc::clone(app), stopping.clone());
            server = server.bind_uds("unix", path, move || {
                let lines = Arc::clone(&stopping.lines);
                fn_service(move |socket: UnixStream| ready(Ok((Line::new(socket, &lines), None))))
                    .and_then(http(&app, &flood, &stopping, more))
            })?;
        }
    }
    tracing::debug!(open_files = ?limit, clients, "limits");
    let server = server.run();
    Ok(Bound {
        handle: server.handle(),
        server,
        addresses,
    })
}

/// The end of the server, as its lines see it.
#[derive(Clone)]
struct Stopping {
    signal: GracefulShutdownSignal,
    lines: Arc<Lines>,
    /// Looked after by one line for all.
    answered: Arc<OnceCell<()>>,
}

impl Stopping {
    /// It has begun, and what came in before was looked at. From then on a line is closed once it has no answer under way.
    async fn looked(self) {
        self.signal.notified().await;
        self.lines.stop();
        for _ in 0..LAST_LOOKS {
            tokio::task::yield_now().await;
        }
        self.answered.get_or_init(|| self.quiet()).await;
    }

    /// What was sent at once is answered, or its time is over.
    async fn quiet(&self) {
        let late = Instant::now() + LAST_ANSWERS;
        let mut quiet = 0;
        while quiet < QUIET_LOOKS && Instant::now() < late {
            quiet = if self.lines.are_behind() {
                0
            } else {
                quiet + 1
            };
            sleep(NEXT_LOOK).await;
        }
    }
}

/// A listener on each address that the name stands for and that can be had.
fn listeners(address: &str) -> std::io::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    let mut failure = None;
    for address in address.to_socket_addrs()? {
        match TcpListener::bind(address) {
            Ok(listener) => {
                rustix::net::listen(&listener, BACKLOG)?;
                listeners.push(listener);
            }
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        Some(error) if listeners.is_empty() => Err(error),
        _ => Ok(listeners),
    }
}

/// What answers the requests of a line.
fn http<S>(
    app: &Arc<App>,
    flood: &web::Data<Flood>,
    stopping: &Stopping,
    more: fn(&mut web::ServiceConfig),
) -> impl ServiceFactory<
    (Line<S>, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = actix_http::error::DispatchError,
    InitError = (),
> + use<S>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let data = web::Data::from(Arc::clone(app));
    let stopping = stopping.clone();
    let site = actix_web::App::new()
        .app_data(data)
        .app_data(flood.clone())
        .wrap(from_fn(origin::check))
        .wrap(from_fn(error::dress))
        .wrap(Compress::default())
        .wrap(from_fn(headers::set))
        .wrap(from_fn(telemetry::trace))
        .wrap(Door(Arc::clone(app)))
        .configure(more)
        .configure(routes::all)
        .into_factory()
        .map_err(|error: actix_web::Error| error.error_response());
    HttpService::build()
        .client_request_timeout(HEAD_TIME)
        .keep_alive(KEEP_ALIVE)
        .client_disconnect_timeout(LAST_WORDS)
        .graceful_shutdown_signal(move || stopping.clone().looked())
        .on_connect_ext(|line: &Line<S>, data| {
            data.insert(line.watch());
        })
        .h1(map_config(site, |()| AppConfig::default()))
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
