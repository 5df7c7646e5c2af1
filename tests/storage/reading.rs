//! Reads while every connection is taken.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use diesel::prelude::*;
use rejoinder::store::schema::articles;
use rejoinder::store::{Db, Error, Result, Store};

use super::support::{Database, on_each_engine, rows};

/// How long anything may take here.
const PATIENCE: Duration = Duration::from_secs(20);

fn count(db: &mut Db) -> Result<i64> {
    Ok(articles::table.count().get_result(db)?)
}

/// Readers that have a connection, until they are let go.
#[derive(Default)]
struct Held {
    readers: Mutex<(u32, bool)>,
    changed: Condvar,
}

impl Held {
    fn wait(&self, until: impl Fn((u32, bool)) -> bool) {
        let readers = self.readers.lock().unwrap();
        let waited = self
            .changed
            .wait_timeout_while(readers, PATIENCE, |readers| !until(*readers));
        assert!(!waited.unwrap().1.timed_out());
    }

    fn change(&self, by: impl FnOnce(&mut (u32, bool))) {
        by(&mut self.readers.lock().unwrap());
        self.changed.notify_all();
    }
}

#[test]
fn while_readers_have_every_connection_kept_pages_are_still_compared() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let store = Arc::new(Store::serve(&database.target()).unwrap());
        rows::article(&mut database.connect(), "ferry");
        let held = Arc::new(Held::default());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let most = store.pool_readings().most;
            let readers: Vec<_> = (0..most)
                .map(|_| {
                    let (store, held) = (Arc::clone(&store), Arc::clone(&held));
                    tokio::spawn(async move {
                        let read = store.read(move |db| {
                            held.change(|readers| readers.0 += 1);
                            held.wait(|(_, over)| over);
                            count(db)
                        });
                        read.await
                    })
                })
                .collect();
            let all = Arc::clone(&held);
            tokio::task::spawn_blocking(move || all.wait(|(readers, _)| readers == most))
                .await
                .unwrap();
            let refused = store.read(count).await;
            assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
            assert_eq!(store.watch(count).await.unwrap(), 1);
            held.change(|readers| readers.1 = true);
            for reader in readers {
                assert_eq!(reader.await.unwrap().unwrap(), 1);
            }
        });
        store.close();
    });
}
