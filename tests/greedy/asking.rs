//! Clients that ask whether they may send their form, and forms whose length is told in the end.

use super::clients::{exchange, statuses, upload};
use super::program::Program;
use super::support::Engine;
use super::{TAKEN, figure};

/// An answer that follows it at once ends what was asked for.
const GO_ON: &str = "HTTP/1.1 100 Continue\r\n\r\n";

#[test]
fn who_asks_before_sending_and_is_answered_at_once_has_sent_enough() {
    let program = Program::start(Engine::Sqlite, "true");
    let most = figure(64, 1_024) << 20;
    for (method, path, status) in [
        ("POST", "/nowhere", 404),
        ("POST", "/articles/ferry", 405),
        ("GET", "/articles/ferry", 200),
        ("GET", "/healthz", 200),
    ] {
        for length in ["transfer-encoding: chunked", "content-length: 1073741824"] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: a\r\nsec-fetch-site: same-origin\r\nexpect: 100-continue\r\n{length}\r\n\r\n"
            );
            let sent = upload(program.address, &head, length.starts_with('t'), most);
            let answer = sent.answer.strip_prefix(GO_ON).unwrap_or(&sent.answer);
            let line = format!("HTTP/1.1 {status}");
            assert!(answer.starts_with(&line), "{head}: {answer}");
            assert!(sent.taken < TAKEN, "{head}: {} bytes", sent.taken);
        }
    }
}

#[test]
fn a_line_on_which_somebody_asked_and_had_nothing_to_send_goes_on() {
    let program = Program::start(Engine::Sqlite, "true");
    let asked = "GET /healthz HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\n\r\n";
    let last = "GET /articles/ferry HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let heard = exchange(program.address, format!("{asked}{last}").as_bytes());
    let heard = heard.replace(GO_ON, "");
    let answers = statuses(&heard);
    assert_eq!(answers.len(), 2, "{heard}");
    assert_eq!((answers[0].0, answers[1].0), (200, 200));
    assert!(answers[1].1.contains("About ferry"));
}

/// A form in chunks that is answered with a preview.
const FORM: &str = "POST /articles/ferry/replies HTTP/1.1\r\nhost: a\r\nsec-fetch-site: same-origin\r\n\
     content-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n\
     1c\r\nname=Ama&do=preview&body=The\r\n5\r\n+boat\r\n0\r\n\r\n";
const LAST: &str = "GET /articles/ferry HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

#[test]
fn what_is_sent_behind_a_form_in_chunks_is_answered_in_its_order() {
    let program = Program::start(Engine::Sqlite, "true");
    for between in [0, 100] {
        let next = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n".repeat(between);
        let heard = exchange(program.address, format!("{FORM}{next}{LAST}").as_bytes());
        let answers = statuses(&heard);
        assert_eq!(answers.len(), between + 2, "{heard}");
        assert!(answers[0].1.contains("The boat"), "{}", answers[0].1);
        let ours = &answers[1..=between];
        assert!(ours.iter().all(|(status, _)| *status == 200));
        assert!(answers[between + 1].1.contains("About ferry"));
    }
}

#[test]
fn a_question_about_a_page_behind_a_form_in_chunks_takes_nothing_from_its_answer() {
    let program = Program::start(Engine::Sqlite, "true");
    let asked = "HEAD /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let heard = exchange(program.address, format!("{FORM}{asked}").as_bytes());
    let (head, rest) = heard.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.parse::<usize>().unwrap())
    });
    let (page, second) = rest.split_at(length.unwrap());
    assert!(page.contains("The boat"), "{page}");
    assert!(second.starts_with("HTTP/1.1 200"), "{second}");
}
