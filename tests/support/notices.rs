//! What the outbox hands over, read from the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use rejoinder::jobs::deliver;
use rejoinder::store::Store;
use rejoinder::time::Timestamp;
use serde_json::Value;

use super::Server;

/// A log kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Hands over what is due at this moment, and says which lines that wrote to the log.
pub fn deliver(store: &Store, now: Timestamp) -> Vec<Value> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::INFO)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // Only what this thread writes: the job's own lines.
    let handed_over = tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(deliver::round(store, now)).unwrap()
    });
    let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), handed_over, "{written}");
    lines
}

impl Server {
    /// Hands over what is due by the server's clock, and says which lines that wrote to the log.
    pub fn deliver(&self) -> Vec<Value> {
        deliver(&self.app.store, self.now())
    }

    /// The same, as what each says of which comment.
    pub fn notices(&self) -> Vec<(i64, String)> {
        let said = |line: &Value| {
            let says = line["says"].as_str().unwrap().to_owned();
            (line["comment"].as_i64().unwrap(), says)
        };
        self.deliver().iter().map(said).collect()
    }
}
