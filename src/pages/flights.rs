//! Renderings under way: who asks for the same page meanwhile waits for it, and takes it unless what it shows has changed since it
//! began.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{FutureExt, Shared};

use super::followed::Followed;
use super::{Kept, Refusal};

type Outcome = Result<Arc<Kept>, Refusal>;

/// A rendering, and how many changes had been told when it began.
#[derive(Clone)]
struct Flight {
    told: u64,
    outcome: Shared<Pin<Box<dyn Future<Output = Outcome> + Send>>>,
}

/// The rendering that somebody waits for: one that began with the asking, or that was under way, and then the work was not needed.
enum Boarded<W> {
    Own(Flight),
    Another(Flight, W),
}

/// By address.
type InFlight = HashMap<Arc<str>, Flight>;

#[derive(Default)]
pub struct Flights(Arc<Mutex<InFlight>>);

impl std::fmt::Debug for Flights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Flights({})", self.lock().len())
    }
}

impl Flights {
    /// The outcome of the rendering that is under way, or else of `work`, which goes on whoever goes away. One that began before the last
    /// change was told is only good when it shows nothing that has changed; where it does, `work` begins when it is over, once for all
    /// who wait.
    pub async fn join(
        &self,
        address: &Arc<str>,
        followed: &Followed,
        work: impl Future<Output = Outcome> + Send + 'static,
    ) -> Outcome {
        let told = followed.told();
        let mut work = work;
        loop {
            let flight = match self.board(address, followed, work) {
                Boarded::Own(flight) => return flight.outcome.await,
                Boarded::Another(flight, unused) => {
                    work = unused;
                    flight
                }
            };
            let outcome = flight.outcome.await;
            let began_since = flight.told >= told;
            if began_since || outcome.as_ref().is_ok_and(|kept| kept.is_good_for_all()) {
                return outcome;
            }
        }
    }

    fn board<W>(&self, address: &Arc<str>, followed: &Followed, work: W) -> Boarded<W>
    where
        W: Future<Output = Outcome> + Send + 'static,
    {
        let mut flights = self.lock();
        if let Some(flight) = flights.get(address) {
            return Boarded::Another(flight.clone(), work);
        }
        let flight = self.begin(Arc::clone(address), followed.told(), work);
        flights.insert(Arc::clone(address), flight.clone());
        Boarded::Own(flight)
    }

    fn begin(
        &self,
        address: Arc<str>,
        told: u64,
        work: impl Future<Output = Outcome> + Send + 'static,
    ) -> Flight {
        let landing = Landing(Arc::clone(&self.0), address);
        let task = tokio::spawn(async move {
            let _landing = landing;
            work.await
        });
        let outcome = async move {
            task.await
                .unwrap_or_else(|error| Err(Refusal::Failed(Arc::from(error.to_string().as_str()))))
        };
        Flight {
            told,
            outcome: outcome.boxed().shared(),
        }
    }

    /// As many changes had been told when the oldest one under way began; none when none is.
    pub fn oldest(&self) -> Option<u64> {
        self.lock().values().map(|flight| flight.told).min()
    }

    fn lock(&self) -> MutexGuard<'_, InFlight> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a rendering off the list when it is over, by panic too.
struct Landing(Arc<Mutex<InFlight>>, Arc<str>);

impl Drop for Landing {
    fn drop(&mut self) {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        flights.remove(&self.1);
    }
}
