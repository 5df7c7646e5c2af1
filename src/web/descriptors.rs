//! What the process may open, and how many clients that leaves room for.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Database connections, files, event queues and listeners: what is not a client.
const OURS: u64 = 256;
/// Connections of clients, however much may be opened: each takes about 11 kilobytes while it is idle.
const MOST: u64 = 20_000;
/// Where even this much may not be opened, clients get it all the same.
const FEWEST: u64 = 64;

/// Raises the soft limit of open files to the hard one. Returns the limit that is in force then; `None` is no limit.
pub fn raise() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            limit.current
        }
    }
}

/// Connections of clients at once under a limit of open files.
pub fn clients(limit: Option<u64>) -> usize {
    let room = limit.map_or(MOST, |limit| limit.saturating_sub(OURS));
    usize::try_from(room.clamp(FEWEST, MOST)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_get_what_the_server_does_not_need() {
        assert_eq!(clients(Some(1_024)), 768);
        assert_eq!(clients(Some(100)), 64);
        assert_eq!(clients(Some(524_288)), 20_000);
        assert_eq!(clients(None), 20_000);
    }

    #[test]
    fn the_limit_is_raised_as_far_as_it_goes() {
        let raised = raise();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!((raised, limit.current), (limit.current, limit.maximum));
    }
}
