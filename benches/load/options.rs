//! What the command line asks for.

use std::time::Duration;

/// Which engine is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Options {
    pub engine: Engine,
    /// Comments of the sites, the smallest first.
    pub sizes: Vec<usize>,
    /// Cases whose names have one of these, between commas; empty for all.
    pub only: String,
    pub rounds: usize,
    /// Of each server in a round.
    pub length: Duration,
    /// Everything is run for a second over small sites, nothing is measured: for CI.
    pub smoke: bool,
    /// Filled databases stay for the next run.
    pub keep: bool,
    /// The table goes to `benches/RESULTS.md` too.
    pub write: bool,
}

const USAGE: &str = "cargo bench --bench load -- [--engine sqlite|postgres] [--sizes 1000,100000,1000000] [--only queue,search] \
     [--rounds 5] [--seconds 2] [--keep] [--write] [--smoke]";

impl Options {
    /// # Errors
    /// What to say instead of running: how it is used, when it is asked for that or there is a word that it does not know.
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let words: Vec<String> = words.filter(|word| word != "--bench").collect();
        let smoke = words.iter().any(|word| word == "--smoke");
        let mut options = Self {
            engine: Engine::Sqlite,
            sizes: vec![1_000, 100_000, 1_000_000],
            only: String::new(),
            rounds: 5,
            length: Duration::from_secs(2),
            smoke,
            keep: false,
            write: false,
        };
        if smoke {
            options.sizes = vec![200, 400];
            options.rounds = 1;
            options.length = Duration::from_secs(1);
        }
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--smoke" => {}
                "--help" => return Err(USAGE.to_owned()),
                "--keep" => options.keep = true,
                "--write" => options.write = true,
                "--only" => options.only = value()?,
                "--rounds" => options.rounds = number(&value()?)?.max(1),
                "--seconds" => {
                    options.length = Duration::from_secs(number(&value()?)? as u64);
                }
                "--sizes" => {
                    options.sizes = value()?.split(',').map(number).collect::<Result<_, _>>()?;
                    options.sizes.sort_unstable();
                }
                "--engine" => {
                    options.engine = match value()?.as_str() {
                        "sqlite" => Engine::Sqlite,
                        "postgres" => Engine::Postgres,
                        other => return Err(format!("{other} is no engine: {USAGE}")),
                    }
                }
                other => return Err(format!("{other} is not known: {USAGE}")),
            }
        }
        if options.sizes.iter().any(|size| *size < 200) {
            return Err("a site has 200 comments at least".to_owned());
        }
        Ok(options)
    }

    /// Whether a case is to be run.
    pub fn wants(&self, case: &str) -> bool {
        self.only.split(',').any(|words| case.contains(words))
    }
}

fn number(text: &str) -> Result<usize, String> {
    text.replace('_', "")
        .parse()
        .map_err(|_| format!("{text} is no number"))
}
