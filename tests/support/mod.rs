//! What every suite shares: a server in this process on a port of its own, over either engine, and a browser without script.
#![allow(dead_code, reason = "each suite uses a part of it")]

pub mod client;
pub mod crowds;
pub mod filled;
pub mod notices;
pub mod page;
pub mod ports;
pub mod program;
pub mod rows;
pub mod searches;
pub mod statements;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;

use diesel::{ExpressionMethods, RunQueryDsl};
use rejoinder::app::App;
use rejoinder::config::{Config, Flags};
use rejoinder::moderation::Role;
use rejoinder::moderation::policy::Settings;
use rejoinder::store::schema::policies;
use rejoinder::store::{self, Db, Target, Upgrade, moderators, policy, transaction};
use rejoinder::text::{self, Format};
use rejoinder::time::{Clock, Timestamp};
use rejoinder::web::{assets, metrics, server};
use tempfile::TempDir;

pub use client::Client;
pub use page::Page;

/// Twelve characters and a few, and nobody's.
pub const PASSWORD: &str = "wet gravel, slow bell";

/// Which engine a test runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Prints straight to standard error why something is left out; under `REJOINDER_TEST_REQUIRE_ALL` that is a failure.
pub fn skip(reason: &str) {
    assert!(
        std::env::var_os("REJOINDER_TEST_REQUIRE_ALL").is_none(),
        "left out although everything is required: {reason}"
    );
    use std::io::Write;
    // Not `eprintln!`: that is captured, and nobody would see it.
    let line = format!("skipped: {reason}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// The engines that are there.
pub fn engines() -> Vec<Engine> {
    let mut engines = vec![Engine::Sqlite];
    if std::env::var_os("REJOINDER_TEST_POSTGRES").is_some() {
        engines.push(Engine::Postgres);
    } else {
        skip("PostgreSQL: REJOINDER_TEST_POSTGRES names none");
    }
    engines
}

/// Runs a test's body on every engine that is there.
pub fn on_each_engine(body: impl Fn(Engine)) {
    for engine in engines() {
        eprintln!("on {engine:?}");
        body(engine);
    }
}

/// A database of its own, gone with this value.
pub struct Database {
    pub url: String,
    folder: TempDir,
    postgres: Option<(String, String)>,
}

impl Database {
    pub fn new(engine: Engine) -> Self {
        let folder = TempDir::new().unwrap();
        match engine {
            Engine::Sqlite => Self {
                url: format!("sqlite://{}", folder.path().join("test.db").display()),
                folder,
                postgres: None,
            },
            Engine::Postgres => {
                let server = std::env::var("REJOINDER_TEST_POSTGRES").unwrap();
                let name = format!("test_{}", store::token::receipt().unwrap().to_lowercase())
                    .replace('-', "_");
                execute(&server, &format!("CREATE DATABASE {name}"));
                let (base, _) = server.rsplit_once('/').unwrap();
                Self {
                    url: format!("{base}/{name}"),
                    folder,
                    postgres: Some((server, name)),
                }
            }
        }
    }

    /// The same database once more, for a second server. It is gone with the first.
    pub fn beside(other: &Self) -> Self {
        Self {
            url: other.url.clone(),
            folder: TempDir::new().unwrap(),
            postgres: None,
        }
    }

    /// One that is there already, and stays.
    pub fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            folder: TempDir::new().unwrap(),
            postgres: None,
        }
    }

    /// PostgreSQL's: lets nobody in, and throws everybody out.
    pub fn go_away(&self) {
        let (server, name) = self.postgres.as_ref().unwrap();
        execute(
            server,
            &format!(
                "ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false; \
                 SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ),
        );
    }

    pub fn come_back(&self) {
        let (server, name) = self.postgres.as_ref().unwrap();
        execute(
            server,
            &format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"),
        );
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub fn target(&self) -> Target {
        Target::parse(&self.url).unwrap()
    }

    /// A connection beside the server's.
    pub fn connect(&self) -> Db {
        store::open(&self.target(), Upgrade::Yes).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.postgres {
            execute(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
    }
}

fn execute(server: &str, statement: &str) {
    use diesel::Connection;
    use diesel::connection::SimpleConnection;
    let mut connection = diesel::pg::PgConnection::establish(server).unwrap();
    connection.batch_execute(statement).unwrap();
}

/// A policy by which replies may follow one another at once, unless the database has one of its own: tests do not wait. It is
/// in no log.
pub fn hurry(db: &mut Db) {
    let settings = Settings {
        fast_seconds: 0,
        ..Settings::default()
    };
    if policy::version(db).unwrap() == 0 {
        let row = (
            policies::version.eq(1),
            policies::at.eq(0),
            policies::settings.eq(serde_json::to_string(&settings).unwrap()),
        );
        diesel::insert_into(policies::table)
            .values(row)
            .execute(db)
            .unwrap();
    }
}

/// A server in this process.
pub struct Server {
    pub database: Database,
    pub clock: Clock,
    pub address: std::net::SocketAddr,
    /// Where metrics are served, if the settings say so.
    pub metrics: Option<std::net::SocketAddr>,
    pub app: Arc<App>,
    handle: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(engine: Engine) -> Self {
        Self::with(engine, &[])
    }

    /// Starts with settings besides the defaults. Nobody is throttled unless they say so.
    pub fn with(engine: Engine, settings: &[(&'static str, &str)]) -> Self {
        Self::over(Database::new(engine), settings)
    }

    pub fn over(database: Database, settings: &[(&'static str, &str)]) -> Self {
        Self::with_routes(database, settings, |_| ())
    }

    /// With routes of the test's own besides.
    pub fn with_routes(
        database: Database,
        settings: &[(&'static str, &str)],
        more: fn(&mut actix_web::web::ServiceConfig),
    ) -> Self {
        let mut values = vec![
            ("listen", "127.0.0.1:0".to_owned()),
            ("replies.per_minute", "0".to_owned()),
            ("site.name", "The Test Ledger".to_owned()),
            ("log.level", "error".to_owned()),
        ];
        values.extend(
            settings
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned())),
        );
        values.push(("database_url", database.url.clone()));
        let config = Config::load(&Flags {
            values,
            alone: true,
            ..Flags::default()
        })
        .unwrap();
        let clock = config.clock.clone();
        let (sender, receiver) = channel();
        let thread = std::thread::spawn(move || {
            server::block_on(async move {
                let app = Arc::new(App::build(config, assets::addresses()).unwrap());
                let bound = server::bind_with(&app, Some(1), more).unwrap();
                let figures = metrics::bind(&app).unwrap().map(|figures| {
                    actix_web::rt::spawn(figures.server);
                    (figures.handle, figures.addresses[0])
                });
                let at = figures.as_ref().map(|(_, address)| *address);
                let told = (
                    bound.handle.clone(),
                    bound.addresses[0],
                    at,
                    Arc::clone(&app),
                );
                sender.send(told).unwrap();
                bound.server.await.unwrap();
                if let Some((handle, _)) = figures {
                    handle.stop(false).await;
                }
                app.stop().await;
            });
        });
        let (handle, address, metrics, app) = receiver.recv().unwrap();
        hurry(&mut database.connect());
        Self {
            database,
            clock,
            address,
            metrics,
            app,
            handle,
            thread: Some(thread),
        }
    }

    /// Stops cleanly, as a signal would, and keeps the database.
    pub fn stop(mut self) -> Database {
        self.end();
        std::mem::replace(&mut self.database, Database::new(Engine::Sqlite))
    }

    fn end(&mut self) {
        if let Some(thread) = self.thread.take() {
            drop(self.handle.stop(true));
            thread.join().unwrap();
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A visitor without cookies.
    pub fn visitor(&self) -> Client {
        Client::new(&format!("http://{}", self.address))
    }

    /// Adds an account and signs it in.
    pub fn moderator(&self, name: &str) -> Client {
        self.account(name, Role::Moderator);
        let client = self.visitor();
        client.sign_in(name, PASSWORD);
        client
    }

    pub fn account(&self, name: &str, role: Role) -> i64 {
        let hash = rejoinder::passwords::hash(PASSWORD).unwrap();
        let mut db = self.database.connect();
        let key = text::mimic_key(name);
        transaction(&mut db, |db| {
            moderators::add(db, name, &key, role, &hash, Timestamp::now())
        })
        .unwrap()
        .unwrap()
    }

    /// Puts an article there, as `seed` would.
    pub fn article(&self, slug: &str) {
        self.seed(&format!(
            "---\ntitle: About {slug}\nslug: {slug}\n---\nA first paragraph.\n"
        ));
    }

    /// The comment behind a receipt's address.
    pub fn comment_at(&self, receipt: &str) -> i64 {
        let token = receipt.strip_prefix("/replies/").unwrap();
        let mut db = self.database.connect();
        store::comments::of_receipt(&mut db, token)
            .unwrap()
            .unwrap()
    }

    /// Compares the kept pages with the database, as a running server does each second.
    pub fn sweep(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let round = rejoinder::jobs::sweep_pages::round(&self.app);
        runtime.unwrap().block_on(round).unwrap();
    }

    /// Does something as a command would, beside the server, which then compares its pages.
    pub fn beside<T>(&self, act: impl FnOnce(&mut Db) -> T) -> T {
        let done = act(&mut self.database.connect());
        self.sweep();
        done
    }

    /// How many comments are stored, whatever their status.
    pub fn stored_comments(&self) -> i64 {
        use diesel::{QueryDsl, RunQueryDsl};
        store::schema::comments::table
            .count()
            .get_result(&mut self.database.connect())
            .unwrap()
    }

    /// Whether these words stand in any column of any table.
    pub fn holds(&self, words: &str) -> bool {
        rows::hold(&mut self.database.connect(), words)
    }

    pub fn seed(&self, markdown: &str) {
        let zone = rejoinder::time::Zone::utc();
        let file = text::read(markdown.as_bytes(), Format::Markdown, "file", zone.rules()).unwrap();
        let new = rejoinder::cli::seed::new_article(&file);
        let mut db = self.database.connect();
        transaction(&mut db, |db| {
            rejoinder::cli::seed::write(db, &new, Timestamp::now())
        })
        .unwrap();
        self.sweep();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
