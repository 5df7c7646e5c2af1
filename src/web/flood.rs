//! Forms of readers, counted in memory by network before anything is rendered or read from the database: loose enough for
//! everybody behind one address, and an end to who sends without pause.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use actix_web::{HttpRequest, web};

use super::client;
use super::error::Error;
use crate::app::App;
use crate::config::Config;
use crate::time::{SECOND, Timestamp};

/// Forms that a network may send at once, whatever `replies.per_minute` says.
const LEAST: i64 = 60;
/// As many minutes' replies it may send at once where that is more.
const MINUTES: i64 = 10;
/// Milliseconds after which all of them may be sent again.
const REFILL: i64 = 30 * SECOND;
/// Networks that are remembered, twice: see [`Seen`].
const NETWORKS: usize = 20_000;

/// When each network will have all of its forms again, in microseconds. Bounded: when the newer half is full, the older one is
/// forgotten, with whoever has sent nothing since it was the newer one.
#[derive(Debug, Default)]
struct Seen {
    newer: HashMap<IpAddr, i64>,
    older: HashMap<IpAddr, i64>,
}

impl Seen {
    fn get(&self, network: IpAddr) -> Option<i64> {
        let newer = self.newer.get(&network);
        newer.or_else(|| self.older.get(&network)).copied()
    }

    fn put(&mut self, network: IpAddr, full_at: i64) {
        if self.newer.len() >= NETWORKS && !self.newer.contains_key(&network) {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(network, full_at);
    }
}

/// What networks have sent lately: a bucket for each that leaks at a steady pace.
#[derive(Debug)]
pub struct Flood {
    /// Microseconds that one form takes to be forgotten; 0 is no limit.
    each: i64,
    seen: Mutex<Seen>,
}

impl Flood {
    pub fn new(config: &Config) -> Self {
        let capacity = config.replies_per_minute.saturating_mul(MINUTES).max(LEAST);
        Self {
            each: match config.replies_per_minute {
                0 => 0,
                _ => (REFILL * 1_000 / capacity).max(1),
            },
            seen: Mutex::default(),
        }
    }

    /// Counts a form; the milliseconds to wait when it is one too many, and then it is not counted.
    fn take(&self, network: IpAddr, now: Timestamp) -> Result<(), i64> {
        if self.each == 0 {
            return Ok(());
        }
        let (now, whole) = (now.0.saturating_mul(1_000), REFILL * 1_000);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // What lies further ahead than a whole bucket was noted before the clock was set back, and counts no more.
        let known = seen.get(network).filter(|full_at| *full_at <= now + whole);
        let full_at = known.unwrap_or(now).max(now) + self.each;
        let over = full_at - now - whole;
        if over > 0 {
            return Err(over.div_euclid(1_000) + 1);
        }
        seen.put(network, full_at);
        Ok(())
    }
}

/// Lets a reader's form through, unless its network has sent too many of late.
///
/// # Errors
/// 429, with the seconds to wait.
pub fn admit(app: &App, request: &HttpRequest) -> Result<(), Error> {
    let Some(flood) = request.app_data::<web::Data<Flood>>() else {
        return Ok(());
    };
    let network = client::neighbourhood(client::address(&app.config, request));
    flood
        .take(network, app.config.clock.now())
        .map_err(|wait| Error::TooMany {
            seconds: super::replies::seconds(wait),
            kept: None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    const AT: Timestamp = Timestamp(1_800_000_000_000);

    fn flood(per_minute: &str) -> Flood {
        let flags = Flags {
            values: vec![("replies.per_minute", per_minute.to_owned())],
            alone: true,
            ..Flags::default()
        };
        Flood::new(&Config::load(&flags).unwrap())
    }

    fn network(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    /// How many forms are let through at this moment.
    fn taken(flood: &Flood, network: IpAddr, at: Timestamp) -> usize {
        (0..100_000)
            .take_while(|_| flood.take(network, at).is_ok())
            .count()
    }

    #[test]
    fn sixty_at_once_and_two_more_each_second() {
        let flood = flood("6");
        assert_eq!(taken(&flood, network(1), AT), 60);
        assert!((1..=501).contains(&flood.take(network(1), AT).unwrap_err()));
        assert_eq!(taken(&flood, network(1), AT.plus(10 * SECOND)), 20);
        assert_eq!(taken(&flood, network(1), AT.plus(3_600 * SECOND)), 60);
        assert_eq!(taken(&flood, network(2), AT), 60);
    }

    #[test]
    fn where_more_replies_are_allowed_more_forms_are_and_without_a_limit_all() {
        assert_eq!(taken(&flood("600"), network(1), AT), 6_000);
        assert_eq!(taken(&flood("0"), network(1), AT), 100_000);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_out() {
        let flood = flood("6");
        assert_eq!(taken(&flood, network(1), AT), 60);
        assert_eq!(taken(&flood, network(1), AT.plus(-3_600 * SECOND)), 60);
        assert_eq!(taken(&flood, network(1), AT.plus(10 * SECOND)), 60);
    }

    #[test]
    fn more_networks_than_can_be_remembered_are_forgotten_oldest_first() {
        let flood = flood("6");
        taken(&flood, network(0), AT);
        for number in 1..=(5 * NETWORKS as u32) {
            assert!(flood.take(network(number), AT).is_ok());
            // Who goes on sending is not forgotten among them.
            if number % 1_000 == 0 {
                let later = AT.plus(i64::from(number / 1_000) * SECOND / 2);
                let _ = flood.take(network(0), later);
                assert!(flood.take(network(0), later).is_err(), "{number}");
            }
        }
        let seen = flood.seen.lock().unwrap();
        assert!(seen.newer.len() + seen.older.len() <= 2 * NETWORKS);
        assert_eq!(seen.get(network(1)), None);
    }
}
