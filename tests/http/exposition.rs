//! The text that monitoring reads, by the rules of its formats.

use std::collections::BTreeMap;

use crate::support::{Client, Engine, Server, on_each_engine};

const ON: (&str, &str) = ("metrics.listen", "127.0.0.1:0");

pub fn monitored(engine: Engine, settings: &[(&'static str, &str)]) -> (Server, Client) {
    let server = Server::with(engine, &[&[ON], settings].concat());
    let monitor = Client::new(&format!("http://{}", server.metrics.unwrap()));
    (server, monitor)
}

/// A family of the text: its type and unit, and its samples by name and labels as they are written.
#[derive(Debug, Default)]
pub struct Family {
    kind: String,
    unit: String,
    help: String,
    pub samples: BTreeMap<String, f64>,
}

/// Reads the text as strictly as OpenMetrics 1.0 has it: help, type and unit of a family before its samples, no family and no
/// sample twice, and an end mark.
fn read(text: &str) -> BTreeMap<String, Family> {
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    let body = text.strip_suffix("# EOF\n").expect("an end mark");
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (what, name, said) = (
                words.next().unwrap(),
                words.next().unwrap(),
                words.next().unwrap(),
            );
            if what == "HELP" {
                assert!(!families.contains_key(name), "twice: {name}");
                current = name.to_owned();
            }
            assert_eq!(name, current, "{line}");
            let family = families.entry(name.to_owned()).or_default();
            assert!(family.samples.is_empty(), "{line}");
            let field = match what {
                "HELP" => &mut family.help,
                "TYPE" => &mut family.kind,
                "UNIT" => &mut family.unit,
                _ => panic!("{line}"),
            };
            said.clone_into(field);
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with(&current), "{line} is not of {current}");
        let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
        let family = families.get_mut(&current).unwrap();
        let before = family.samples.insert(name.to_owned(), value);
        assert!(before.is_none(), "twice: {name}");
    }
    families
}

pub fn scrape(monitor: &Client) -> BTreeMap<String, Family> {
    // As Prometheus asks.
    let asked =
        "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    let page = monitor.get_with("/metrics", &[("accept", asked)]);
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    read(&page.body)
}

/// The value of a sample, written as the text has it without the prefix.
pub fn value(monitor: &Client, sample: &str) -> Option<f64> {
    let sample = format!("rejoinder_{sample}");
    let families = scrape(monitor);
    let mut all = families.values().flat_map(|family| &family.samples);
    all.find(|(name, _)| **name == sample)
        .map(|(_, value)| *value)
}

#[test]
fn every_figure_follows_the_conventions_of_names() {
    on_each_engine(|engine| {
        let (server, monitor) = monitored(engine, &[]);
        server.article("ferry");
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "A word.");
        reader.get("/");
        let families = scrape(&monitor);
        for name in [
            "http_requests",
            "http_request_duration_seconds",
            "replies",
            "reports",
            "decisions",
            "decisions_undone",
            "login_failures",
            "writer_batches",
            "writer_batch_jobs",
            "writer_queue_wait_seconds",
            "writer_commit_duration_seconds",
            "writer_queue_length",
            "writer_refused",
            "writer_failed_batches",
            "writer_reconnections",
            "pool_connections_max",
            "pool_connections",
            "pool_connections_idle",
            "pool_wait_seconds",
            "pool_timeouts",
            "page_cache_hits",
            "page_cache_misses",
            "page_cache_refreshes",
            "page_cache_stale",
            "page_cache_size_bytes",
            "page_cache_entries",
            "queue_length",
            "queue_oldest_age_seconds",
            "outbox_length",
            "outbox_oldest_age_seconds",
            "database_up",
            "database_size_bytes",
            "log_lines_left_out",
            "build",
        ] {
            let family = families.get(&format!("rejoinder_{name}"));
            let family = family.unwrap_or_else(|| panic!("no {name}"));
            assert!(!family.samples.is_empty(), "{name}");
        }
        // What every program tells of its process has the same name everywhere.
        let process = [
            "process_start_time_seconds",
            "process_cpu_seconds",
            "process_resident_memory_bytes",
            "process_open_fds",
            "process_max_fds",
        ];
        for name in process {
            let family = families.get(name).unwrap_or_else(|| panic!("no {name}"));
            assert!(family.samples.values().all(|value| *value > 0.0), "{name}");
        }
        for (name, family) in &families {
            let known = name.starts_with("rejoinder_") || process.contains(&name.as_str());
            assert!(known, "{name}");
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(name.chars().all(fits), "{name}");
            assert!(!family.help.is_empty(), "{name}");
            let units = ["seconds", "bytes"];
            let unit = units
                .iter()
                .find(|unit| name.ends_with(&format!("_{unit}")));
            assert_eq!(family.unit, unit.copied().unwrap_or_default(), "{name}");
            for other in ["milliseconds", "minutes", "kb", "ms", "total"] {
                assert!(!name.ends_with(&format!("_{other}")), "{name}");
            }
            for sample in family.samples.keys() {
                let bare = sample.split('{').next().unwrap();
                let ending = bare.strip_prefix(name.as_str()).unwrap();
                let allowed: &[&str] = match family.kind.as_str() {
                    "counter" => &["_total"],
                    "gauge" => &[""],
                    "histogram" => &["_bucket", "_sum", "_count"],
                    "info" => &["_info"],
                    other => panic!("{name} is a {other}"),
                };
                assert!(allowed.contains(&ending), "{sample}");
            }
        }
        let version = env!("CARGO_PKG_VERSION");
        let build = format!("build_info{{version=\"{version}\"}}");
        assert_eq!(value(&monitor, &build), Some(1.0));
    });
}

/// Samples of the older text, by name and labels, read as strictly as its parsers do.
fn read_classic(text: &str) -> Vec<String> {
    let (mut family, mut kind) = (String::new(), String::new());
    let mut samples = Vec::new();
    for line in text.lines() {
        if let Some(said) = line.strip_prefix("# TYPE ") {
            let (name, of) = said.split_once(' ').unwrap();
            (family, kind) = (name.to_owned(), of.to_owned());
            assert!(["counter", "gauge", "histogram"].contains(&of), "{line}");
        }
        if line.starts_with('#') {
            assert_ne!(line, "# EOF");
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let bare = sample.split('{').next().unwrap();
        let ending = bare.strip_prefix(family.as_str()).unwrap();
        let allowed: &[&str] = match kind.as_str() {
            "histogram" => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        assert!(allowed.contains(&ending), "{line} is not of {family}");
        assert_eq!(bare.ends_with("_total"), kind == "counter", "{line}");
        samples.push(sample.to_owned());
    }
    samples.sort();
    samples
}

#[test]
fn whoever_does_not_ask_for_openmetrics_reads_the_same_figures_in_the_older_text() {
    on_each_engine(|engine| {
        let (server, monitor) = monitored(engine, &[]);
        server.article("ferry");
        server.visitor().reply("ferry", "Ama", "A word.");
        let families = scrape(&monitor);
        let mut told: Vec<String> = families
            .values()
            .flat_map(|family| family.samples.keys().cloned())
            .collect();
        told.sort();
        for asked in ["*/*", "text/plain", "text/plain;version=0.0.4;q=0.5"] {
            let page = monitor.get_with("/metrics", &[("accept", asked)]);
            assert_eq!(page.status, 200);
            assert_eq!(
                page.header("content-type"),
                Some("text/plain; version=0.0.4; charset=utf-8")
            );
            assert_eq!(read_classic(&page.body), told, "{asked}");
        }
    });
}
