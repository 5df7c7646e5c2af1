//! Databases: filled once for each size, and copied for whoever writes to them.

use std::path::{Path, PathBuf};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use rejoinder::moderation::Role;
use rejoinder::moderation::policy::Settings;
use rejoinder::store::schema::policies;
use rejoinder::store::{self, Access, Db, Target, Upgrade, moderators, transaction};
use rejoinder::time::Timestamp;

use super::discussion;
use super::fill::{self, Plan, Report};
use super::options::{Engine, Options};

/// The desk's account.
pub const NAME: &str = "Dana Whitlock";
pub const PASSWORD: &str = "wet gravel, slow bell";
/// `fast-seconds` of the policy: replies may follow one another at once.
pub const FAST_SECONDS: u32 = 0;

/// The databases of a run. All but what is kept is gone with this value.
pub struct Databases {
    engine: Engine,
    /// On the disk that everything else of the project is on.
    pub folder: PathBuf,
    /// A PostgreSQL, without the name of a database.
    server: Option<String>,
    made: Vec<String>,
    keep: bool,
    /// Of the generator, when it filled a database last; sizes come the smallest first.
    pub generated: Option<Report>,
}

impl Databases {
    pub fn new(options: &Options) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("load");
        std::fs::create_dir_all(&folder).unwrap();
        let server = (options.engine == Engine::Postgres).then(|| {
            let url = std::env::var("REJOINDER_TEST_POSTGRES")
                .expect("REJOINDER_TEST_POSTGRES names no PostgreSQL");
            url.rsplit_once('/').unwrap().0.to_owned()
        });
        Self {
            engine: options.engine,
            folder,
            server,
            made: Vec::new(),
            keep: options.keep,
            generated: None,
        }
    }

    fn url(&self, name: &str) -> String {
        match &self.server {
            None => format!("sqlite://{}", self.file(name).display()),
            Some(server) => format!("{server}/bench_{name}"),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.db"))
    }

    fn execute(&self, statement: &str) {
        let server = self.server.as_deref().unwrap_or_default();
        let mut connection =
            diesel::pg::PgConnection::establish(&format!("{server}/postgres")).unwrap();
        connection.batch_execute(statement).unwrap();
    }

    fn exists(&self, name: &str) -> bool {
        match self.engine {
            Engine::Sqlite => self.file(name).exists(),
            Engine::Postgres => {
                Db::open(&Target::parse(&self.url(name)).unwrap(), Access::Read).is_ok()
            }
        }
    }

    fn remove(&self, name: &str) {
        match self.engine {
            Engine::Sqlite => {
                let file = self.file(name).display().to_string();
                for end in ["", "-wal", "-shm", ".lock"] {
                    // Some of them were never there.
                    drop(std::fs::remove_file(format!("{file}{end}")));
                }
            }
            Engine::Postgres => self.execute(&format!(
                "DROP DATABASE IF EXISTS bench_{name} WITH (FORCE)"
            )),
        }
    }

    /// Fills a database of so many comments, unless one was kept.
    fn filled(&mut self, size: usize) -> String {
        let name = format!("filled_{size}");
        if self.made.contains(&name) || (self.keep && self.exists(&name)) {
            return name;
        }
        // It gets its name when it is whole.
        let begun = format!("{name}_begun");
        self.remove(&begun);
        self.remove(&name);
        if self.engine == Engine::Postgres {
            self.execute(&format!("CREATE DATABASE bench_{begun}"));
        }
        let target = Target::parse(&self.url(&begun)).unwrap();
        let mut db = store::open(&target, Upgrade::Yes).unwrap();
        self.generated = Some(furnish(&mut db, size));
        if db.is_sqlite() {
            db.batch_execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
                .unwrap();
        }
        drop(db);
        match self.engine {
            Engine::Sqlite => std::fs::rename(self.file(&begun), self.file(&name)).unwrap(),
            Engine::Postgres => self.execute(&format!(
                "ALTER DATABASE bench_{begun} RENAME TO bench_{name}"
            )),
        }
        if !self.keep {
            self.made.push(name.clone());
        }
        name
    }

    /// The address of a copy of its own, for this purpose.
    pub fn copy(&mut self, size: usize, purpose: &str) -> String {
        let filled = self.filled(size);
        let name = format!("{purpose}_{size}");
        self.remove(&name);
        match self.engine {
            Engine::Sqlite => {
                std::fs::copy(self.file(&filled), self.file(&name)).unwrap();
            }
            Engine::Postgres => self.execute(&format!(
                "CREATE DATABASE bench_{name} TEMPLATE bench_{filled}"
            )),
        }
        let url = self.url(&name);
        self.made.push(name);
        // What was kept may be of an older schema.
        drop(store::open(&Target::parse(&url).unwrap(), Upgrade::Yes).unwrap());
        url
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        for name in &self.made {
            self.remove(name);
        }
    }
}

/// A connection that writes, as the server's writer has it.
pub fn connect(url: &str) -> Db {
    Db::open(&Target::parse(url).unwrap(), Access::Write).unwrap()
}

/// A site with so many comments, the articles that are measured, an account, and a policy that lets replies follow one another at
/// once. Its comments end today: of older ones the server would have networks and texts to let go while it is measured.
fn furnish(db: &mut Db, size: usize) -> Report {
    let plan = Plan {
        articles: (size / 100).clamp(20, 10_000),
        comments: size,
        pending: size / 10,
        until: fill::today(),
        ..Plan::default()
    };
    let report = fill::fill(db, &plan, &mut |_| {}).unwrap();
    discussion::add(db, size);
    account(db);
    let settings = Settings {
        fast_seconds: FAST_SECONDS,
        ..Settings::default()
    };
    let row = {
        use diesel::ExpressionMethods;
        (
            policies::version.eq(1),
            policies::at.eq(0),
            policies::settings.eq(serde_json::to_string(&settings).unwrap()),
        )
    };
    let insert = diesel::insert_into(policies::table).values(row);
    diesel::RunQueryDsl::execute(insert, db).unwrap();
    // With a limit, as the server's own refresh has it: without one SQLite samples the values of each index too, and plans a
    // statement anew whenever another value is bound.
    let figures = if db.is_sqlite() {
        "PRAGMA analysis_limit = 400; ANALYZE"
    } else {
        "SET statement_timeout = 0; VACUUM ANALYZE"
    };
    for statement in figures.split("; ") {
        db.batch_execute(statement).unwrap();
    }
    report
}

fn account(db: &mut Db) {
    let hash = rejoinder::passwords::hash(PASSWORD).unwrap();
    let key = rejoinder::text::mimic_key(NAME);
    transaction(db, |db| {
        moderators::add(db, NAME, &key, Role::Moderator, &hash, Timestamp::now())
    })
    .unwrap()
    .unwrap();
}
