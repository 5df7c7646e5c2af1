//! Renderings under way: who asks for the same page meanwhile waits for it, unless something has changed since it began.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{FutureExt, Shared};

use super::{Page, Refusal};

type Outcome = Result<Arc<Page>, Refusal>;
type Flight = Shared<Pin<Box<dyn Future<Output = Outcome> + Send>>>;
type InFlight = HashMap<(Arc<str>, u64), Flight>;

/// By address, and by how many changes had been told when it began.
#[derive(Default)]
pub struct Flights(Arc<Mutex<InFlight>>);

impl std::fmt::Debug for Flights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Flights({})", self.lock().len())
    }
}

impl Flights {
    /// The outcome of the rendering that began after as many changes, or of `work`, which goes on whoever goes away.
    pub async fn join(
        &self,
        address: Arc<str>,
        told: u64,
        work: impl Future<Output = Outcome> + Send + 'static,
    ) -> Outcome {
        let key = (address, told);
        let flight = {
            let mut flights = self.lock();
            match flights.get(&key) {
                Some(flight) => flight.clone(),
                None => {
                    let flight = self.begin(key.clone(), work);
                    flights.insert(key, flight.clone());
                    flight
                }
            }
        };
        flight.await
    }

    fn begin(
        &self,
        key: (Arc<str>, u64),
        work: impl Future<Output = Outcome> + Send + 'static,
    ) -> Flight {
        let landing = Landing(Arc::clone(&self.0), key);
        let task = tokio::spawn(async move {
            let _landing = landing;
            work.await
        });
        let flight = async move {
            task.await
                .unwrap_or_else(|error| Err(Refusal::Failed(Arc::from(error.to_string().as_str()))))
        };
        flight.boxed().shared()
    }

    /// As many changes had been told when the oldest one under way began; none when none is.
    pub fn oldest(&self) -> Option<u64> {
        self.lock().keys().map(|(_, told)| *told).min()
    }

    fn lock(&self) -> MutexGuard<'_, InFlight> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a rendering off the list when it is over, by panic too.
struct Landing(Arc<Mutex<InFlight>>, (Arc<str>, u64));

impl Drop for Landing {
    fn drop(&mut self) {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        flights.remove(&self.1);
    }
}
