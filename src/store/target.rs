//! Which database a URL names, and the URL as it may be shown.

use std::path::PathBuf;

use super::error::OpenError;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// The whole URL, password included.
    Postgres(String),
}

impl Target {
    /// # Errors
    /// When the URL's scheme is none of ours.
    pub fn parse(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err(OpenError::Url(shown(url)));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            if cfg!(feature = "postgres") {
                return Ok(Self::Postgres(url.to_owned()));
            }
            return Err(OpenError::NoPostgres);
        }
        Err(OpenError::Url(shown(url)))
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// The URL without its password, for messages.
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(path) => path.display().to_string(),
            Self::Postgres(url) => shown(url),
        }
    }
}

/// A database URL with its passwords masked. Not read as the web reads URLs: PostgreSQL's may name several hosts, and one that
/// is mistyped still holds a password. Rather too much is hidden than too little.
pub fn shown(url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => return url.to_owned(),
    };
    let (person, place) = match rest.rsplit_once('@') {
        Some((person, place)) => (Some(person), place),
        None => (None, rest),
    };
    let person = match person.map(|person| person.split_once(':').unwrap_or((person, ""))) {
        Some((name, "")) => format!("{name}@"),
        Some((name, _)) => format!("{name}:***@"),
        None => String::new(),
    };
    let place = place
        .split_inclusive(['?', '&'])
        .map(|part| match part.split_once("password=") {
            Some((before, value)) => {
                let end = if value.ends_with('&') { "&" } else { "" };
                format!("{before}password=***{end}")
            }
            None => part.to_owned(),
        });
    format!("{scheme}://{person}{}", place.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_hosts_are_for_libpq_to_try() {
        let url = "postgres://me@one:5432,two:5433/news?target_session_attrs=read-write";
        assert_eq!(
            Target::parse(url).unwrap(),
            Target::Postgres(url.to_owned())
        );
    }

    #[test]
    fn the_scheme_decides_the_engine() {
        assert_eq!(
            Target::parse("sqlite://a/b.db").unwrap(),
            Target::Sqlite("a/b.db".into())
        );
        assert_eq!(
            Target::parse("sqlite:///var/b.db").unwrap(),
            Target::Sqlite("/var/b.db".into())
        );
        assert!(Target::parse("postgres://h/d").is_ok());
        for url in [
            "mysql://h/d",
            "rejoinder.db",
            "sqlite://",
            "sqlite::memory:",
            "",
        ] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let target = Target::parse("postgres://me:s3cret@db.example/rejoinder").unwrap();
        assert_eq!(target.shown(), "postgres://me:***@db.example/rejoinder");
        for (typed, said) in [
            (
                "postgres://me:s3cret@a:5432,b:5432/news?target_session_attrs=read-write",
                "postgres://me:***@a:5432,b:5432/news?target_session_attrs=read-write",
            ),
            (
                "postgres://a,b/news?user=me&password=s3cret&sslmode=disable",
                "postgres://a,b/news?user=me&password=***&sslmode=disable",
            ),
            ("postgres://me:s3/c?r@et@a/news", "postgres://me:***@a/news"),
            ("postgres://me@a/news", "postgres://me@a/news"),
            ("rejoinder.db", "rejoinder.db"),
        ] {
            assert_eq!(shown(typed), said);
        }
    }
}
