//! The address for metrics, as the program serves it.

use std::net::TcpListener;

use crate::program::Folder;

/// The program's own log says where.
fn address(log: &str) -> String {
    let line = log
        .lines()
        .find(|line| line.contains("metrics are served"))
        .unwrap_or_else(|| panic!("no metrics before it serves: {log}"));
    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
    entry["at"].as_str().unwrap().to_owned()
}

#[test]
fn metrics_are_served_before_the_server_is_said_to_serve_and_end_with_it() {
    let folder = Folder::new();
    let mut server = folder.serve_with(&[("REJOINDER_METRICS__LISTEN", "127.0.0.1:0")]);
    let at = address(&server.told);
    let mut answer = ureq::get(format!("http://{at}/metrics")).call().unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    assert!(text.contains("\nrejoinder_database_up 1\n"), "{text}");
    server.ask_to_stop();
    assert!(server.next_line("\"stopped\"").is_some());
    assert!(ureq::get(format!("http://{at}/metrics")).call().is_err());
}

#[test]
fn without_the_setting_nothing_is_served_and_nothing_is_said() {
    let folder = Folder::new();
    let server = folder.serve();
    assert!(!server.told.contains("metrics"), "{}", server.told);
}

#[test]
fn a_port_for_metrics_that_is_taken_is_named() {
    let folder = Folder::new();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let run = folder.run_with(
        &["serve", "--listen", "127.0.0.1:0"],
        &[
            ("REJOINDER_METRICS__LISTEN", &address),
            ("REJOINDER_LOG__LEVEL", "error"),
        ],
        "",
    );
    run.assert_fails_with(&format!("cannot listen on {address} for metrics"));
}
