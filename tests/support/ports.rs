//! Ports for programs that have to be told theirs.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

/// The first of them. They are below those that the system gives to whoever asks for any (from 32,768 on, on Linux): nobody gets one
/// between the look whether it is free and the start of the program.
const FIRST: u32 = 10_000;
const MANY: u32 = 10_000;

/// One that nobody has, and that no other test of this process gets.
pub fn free() -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    // Suites that run at the same time begin far from each other.
    let begin = std::process::id().wrapping_mul(97);
    for _ in 0..MANY {
        let next = begin.wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(FIRST + next % MANY).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}
