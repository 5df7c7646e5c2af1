//! Turns: what a parser gets of a line at a time.

use std::future::poll_fn;

use actix_web::rt::time::sleep;

use super::super::watch::REST;
use super::*;
use crate::telemetry::Metrics;

/// What a parser gets in one turn of the thread: all that it can read before it is told to wait.
async fn turn(line: &mut Line<&[u8]>) -> Vec<u8> {
    let mut got = Vec::new();
    poll_fn(|context| {
        let mut room = [0; 8_192];
        let mut some = ReadBuf::new(&mut room);
        while Pin::new(&mut *line)
            .poll_read(context, &mut some)
            .is_ready()
        {
            if some.filled().is_empty() {
                break;
            }
            got.extend_from_slice(some.filled());
            some.clear();
        }
        Poll::Ready(())
    })
    .await;
    got
}

/// The same for the next turn that has something, and how many before it had nothing.
async fn next(line: &mut Line<&[u8]>) -> (Vec<u8>, usize) {
    for empty in 0..1_000 {
        let got = turn(line).await;
        if !got.is_empty() {
            return (got, empty);
        }
        sleep(REST).await;
    }
    panic!("nothing came");
}

async fn next_of(line: &mut Line<&[u8]>) -> Vec<u8> {
    next(line).await.0
}

fn line(bytes: &[u8]) -> Line<&[u8]> {
    Line::new(bytes, &Lines::new(100, &Arc::new(Metrics::default())))
}

#[tokio::test]
async fn each_turn_has_one_request_however_many_came_in() {
    let heads: Vec<Vec<u8>> = (0..200)
        .map(|n| format!("GET /{n} HTTP/1.1\r\nhost: a\r\n\r\n").into_bytes())
        .collect();
    let bytes = heads.concat();
    let mut line = line(&bytes);
    for (n, head) in heads.into_iter().enumerate() {
        let (got, empty) = next(&mut line).await;
        assert_eq!(got, head);
        assert_eq!(empty > 0, n > 0, "what came with another rests: {n}");
        line.watch().head_is_here(0);
        assert_eq!(turn(&mut line).await, b"", "an answer is owed");
        line.watch().enter(Stage::Pause);
    }
}

#[tokio::test]
async fn a_form_is_handed_on_to_its_end_and_no_further() {
    let head = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n";
    let bytes = [head, &b"body=Words"[..], b"GET / HTTP/1.1\r\n\r\n"].concat();
    let mut line = line(&bytes);
    assert_eq!(turn(&mut line).await, head);
    line.watch().head_is_here(10);
    assert_eq!(turn(&mut line).await, b"body=Words");
    line.watch().enter(Stage::Pause);
    assert_eq!(next(&mut line).await.0, b"GET / HTTP/1.1\r\n\r\n");
}

#[tokio::test]
async fn of_what_follows_an_answer_and_is_no_head_a_megabyte_is_read() {
    let bytes = vec![b'a'; 4 << 20];
    let mut line = line(&bytes);
    let mut read = 0;
    for _ in 0..200 {
        read += turn(&mut line).await.len();
        if line.watch().stage() == Stage::Parting {
            break;
        }
        sleep(REST).await;
    }
    assert_eq!(line.watch().stage(), Stage::Parting);
    assert!(read > 1 << 20 && read < (1 << 20) + (64 << 10), "{read}");
}

#[tokio::test]
async fn a_client_that_asks_before_it_sends_its_form_has_the_time_and_the_room_of_any_other() {
    let head = b"POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 40000\r\n\r\n";
    let bytes = [head, &[b'a'; 40_000][..]].concat();
    let mut line = line(&bytes);
    assert_eq!(turn(&mut line).await, head);
    line.watch().head_is_here(40_000);
    poll_fn(|context| {
        let asked = b"HTTP/1.1 100 Continue\r\n\r\n";
        line.sent(context, asked, Poll::Ready(Ok(asked.len())))
    })
    .await
    .unwrap();
    assert_eq!(line.watch().stage(), Stage::Answer);
    assert_eq!(turn(&mut line).await.len(), 40_000);
}

#[tokio::test]
async fn an_answer_that_comes_with_the_word_to_go_on_is_an_answer() {
    let head = b"POST / HTTP/1.1\r\nexpect: 100-continue\r\n\r\n";
    let next = b"GET / HTTP/1.1\r\n\r\n";
    let bytes = [&head[..], next].concat();
    let mut line = line(&bytes);
    assert_eq!(turn(&mut line).await, head);
    line.watch().head_is_here(0);
    let both = [GO_ON, b"HTTP/1.1 404 Not Found\r\n\r\n"].concat();
    poll_fn(|context| line.sent(context, &both, Poll::Ready(Ok(both.len()))))
        .await
        .unwrap();
    assert_eq!(line.watch().stage(), Stage::Pause);
    assert_eq!(next_of(&mut line).await, next);
}

#[tokio::test]
async fn behind_a_form_in_chunks_nothing_is_handed_on_before_its_answer() {
    let head = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
    let form = b"5\r\nbody=\r\n6\r\n\r\n\r\nab\r\n0\r\nx-last: b\r\n\r\n";
    let request = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let bytes = [&head[..], form, &request.repeat(20)].concat();
    let mut line = line(&bytes);
    assert_eq!(turn(&mut line).await, head);
    line.watch().head_is_here(u64::MAX);
    assert_eq!(turn(&mut line).await, form);
    assert_eq!(turn(&mut line).await, b"", "an answer is owed");
    line.watch().enter(Stage::Pause);
    assert_eq!(next_of(&mut line).await, request);
}

#[tokio::test]
async fn nobody_rests_at_a_stop_and_who_has_more_is_known() {
    let request = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let bytes = request.repeat(50);
    let lines = Lines::new(100, &Arc::new(Metrics::default()));
    let mut line = Line::new(&bytes[..], &lines);
    lines.stop();
    for n in 0..50 {
        assert_eq!(next(&mut line).await, (request.to_vec(), 0));
        assert_eq!(lines.are_behind(), n > 0, "{n}");
        line.watch().head_is_here(0);
        line.watch().enter(Stage::Pause);
    }
    assert_eq!(turn(&mut line).await, b"");
    assert!(!lines.are_behind());
    line.watch().has_more(true);
    drop(line);
    assert!(!lines.are_behind());
}

#[tokio::test]
async fn the_more_lines_have_more_to_say_the_longer_each_of_them_rests() {
    let head = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let bytes = head.repeat(2);
    let lines = Lines::new(100, &Arc::new(Metrics::default()));
    let last_of = async |count: usize| {
        let mut greedy: Vec<_> = (0..count).map(|_| Line::new(&bytes[..], &lines)).collect();
        for line in &mut greedy {
            assert_eq!(turn(line).await, head);
            line.watch().head_is_here(0);
            line.watch().enter(Stage::Pause);
        }
        let begun = Instant::now();
        for line in &mut greedy {
            assert_eq!(turn(line).await, b"", "it rests");
        }
        for line in &mut greedy {
            assert_eq!(next(line).await.0, head);
        }
        begun.elapsed()
    };
    // The quickest of some, since the machine may be slow now and then. Who has gone on, or is gone, is not waited for.
    let fifty = last_of(50).await;
    assert!(fifty >= REST * 50, "{fifty:?}");
    let mut alone = Vec::new();
    for _ in 0..5 {
        alone.push(last_of(1).await);
    }
    let alone = alone.into_iter().min().unwrap();
    assert!(alone >= REST && alone < REST * 25, "{alone:?}");
}
