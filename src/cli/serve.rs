//! `rejoinder serve`

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use super::Common;
use crate::app::App;
use crate::config::{Config, Listen};
use crate::store::vitals;
use crate::web::{assets, metrics, server};
use crate::{jobs, passwords, telemetry};

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// HOST:PORT, or unix:PATH
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let mut flags = options.common.flags();
    if let Some(listen) = &options.listen {
        flags.values.push(("listen", listen.clone()));
    }
    let config = Config::load(&flags)?;
    telemetry::start(&config);
    serve(config, |_| Ok(()))
}

/// Serves until a signal asks to stop. `greet` is called with the address once requests are answered.
pub fn serve(
    config: Config,
    greet: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    server::block_on(async {
        let listen = config.listen.clone();
        let app = Arc::new(App::build(config, assets::addresses())?);
        let bound = server::bind(&app, None)
            .with_context(|| format!("cannot listen on {}", shown(&listen)))?;
        let figures = metrics::bind(&app).with_context(|| {
            let address = app.config.metrics_listen.as_deref().unwrap_or_default();
            format!("cannot listen on {address} for metrics")
        })?;
        warn_of_plain_cookies(&app, &bound.addresses);
        let address = bound
            .addresses
            .first()
            .map_or_else(|| shown(&listen), |address| format!("http://{address}"));
        server::stop_at_a_signal(bound.handle)?;
        let jobs = jobs::start(&app);
        tokio::spawn(warn_of_what_is_not_synced(Arc::clone(&app)));
        let gate = Arc::clone(&app);
        tokio::spawn(async move { gate.logins.pass(passwords::warm_up).await });
        let figures = figures.map(|bound| {
            let at = bound.addresses.first().map(ToString::to_string);
            tracing::info!(at = at.unwrap_or_default(), "metrics are served");
            tokio::spawn(bound.server);
            bound.handle
        });
        greet(&address)?;
        tracing::info!(%address, database = %app.config.database.shown(), "serving");
        bound.server.await.context("the server failed")?;
        if let Some(figures) = figures {
            figures.stop(false).await;
        }
        for job in jobs {
            job.abort();
        }
        app.stop().await;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}

fn shown(listen: &Listen) -> String {
    match listen {
        Listen::Tcp(address) => address.clone(),
        Listen::Unix(path) => format!("unix:{}", path.display()),
    }
}

async fn warn_of_what_is_not_synced(app: Arc<App>) {
    // A database that does not answer is told of elsewhere.
    if let Ok(true) = app.store.read(vitals::is_unsynced).await {
        tracing::warn!(
            "PostgreSQL is set not to sync: what was acknowledged may be lost when the machine stops"
        );
    }
}

fn warn_of_plain_cookies(app: &App, addresses: &[std::net::SocketAddr]) {
    let exposed = addresses.iter().any(|address| !address.ip().is_loopback());
    if exposed && !app.config.is_https() {
        tracing::warn!(
            "moderators' sessions travel over plain http here: put a proxy with https in front and set `public_url`"
        );
    }
}
