//! Who is there: articles, some of which publish at once, and people of whom every third moderates.

use diesel::prelude::*;
use rejoinder::moderation::{HoldMode, Role};
use rejoinder::store::schema::articles;
use rejoinder::store::{Db, moderators, transaction};
use rejoinder::text;
use rejoinder::time::Timestamp;

use crate::support::{Client, PASSWORD, hurry, rows};

use super::clients::Person;
use super::desk::Desk;

/// They have the ids from 1 on.
pub const ARTICLES: usize = 5;
/// The last ones publish replies at once.
const PUBLISHING: usize = 2;
/// One of so many clients moderates.
const CLIENTS_TO_A_MODERATOR: usize = 3;

/// Whether the article of this number publishes replies at once.
pub fn publishes(article: usize) -> bool {
    article >= ARTICLES - PUBLISHING
}

pub fn slug(article: usize) -> String {
    format!("article-{article}")
}

/// Fills an empty database: articles, and accounts, which are returned.
pub fn settle(db: &mut Db, clients: usize) -> Vec<(i64, String)> {
    hurry(db);
    for article in 0..ARTICLES {
        let id = rows::article(db, &slug(article));
        assert_eq!(id, i64::try_from(article).unwrap() + 1);
        if publishes(article) {
            diesel::update(articles::table.find(id))
                .set(articles::hold.eq(HoldMode::None.code()))
                .execute(db)
                .unwrap();
        }
    }
    let hash = rejoinder::passwords::hash(PASSWORD).unwrap();
    (0..clients.div_ceil(CLIENTS_TO_A_MODERATOR))
        .map(|number| {
            let name = format!("Moderator {number}");
            let key = text::mimic_key(&name);
            let added = transaction(db, |db| {
                moderators::add(db, &name, &key, Role::Moderator, &hash, Timestamp::now())
            });
            (added.unwrap().unwrap(), name)
        })
        .collect()
}

/// So many clients; those with an account sign in at this server.
pub fn people(base: &str, accounts: &[(i64, String)], clients: usize) -> Vec<Person> {
    let person = |number| {
        let account: Option<&(i64, String)> = accounts.get(number);
        let desk = account.map(|(moderator, name)| sign_in(base, *moderator, name));
        Person::new(number, desk)
    };
    (0..clients).map(person).collect()
}

fn sign_in(base: &str, moderator: i64, name: &str) -> Desk {
    let client = Client::new(base);
    assert_eq!(client.sign_in(name, PASSWORD).status, 303);
    let csrf = client.get("/moderation").value("input[name=csrf]");
    let session = client.cookie("session").unwrap();
    Desk {
        moderator,
        session: format!("session={session}"),
        csrf,
    }
}
