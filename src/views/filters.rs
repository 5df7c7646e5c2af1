//! The filters above a list of the desk.

use super::queue::QueuePage;
use super::{Phrases, Site, evidence};
use crate::moderation::Status;
use crate::store::listing::{Age, Listing, Order, Seek, Tab, Why};

/// A choice of a field.
pub(super) struct Choice {
    pub value: String,
    pub words: String,
    pub chosen: bool,
}

/// A filter that has no field, and how to be rid of it.
pub(super) struct Narrowed {
    pub name: &'static str,
    pub value: String,
    pub words: String,
    pub without: String,
}

/// The form above a list.
pub(super) struct Filters {
    pub search: String,
    pub articles: Vec<Choice>,
    pub whys: Vec<Choice>,
    pub ages: Vec<Choice>,
    /// Empty where the tab says it all.
    pub statuses: Vec<Choice>,
    pub orders: Vec<Choice>,
    pub narrowed: Vec<Narrowed>,
    /// The list without any filter, where there is one.
    pub clear: Option<String>,
    /// The fields are worth showing though nothing is listed.
    pub shown: bool,
}

impl Filters {
    pub fn new(site: &Site, queue: &QueuePage) -> Self {
        let phrases = site.phrases;
        let list = &queue.list;
        Self {
            search: list.search.clone(),
            articles: queue
                .chosen
                .articles
                .iter()
                .map(|(id, title)| Choice {
                    value: id.to_string(),
                    words: title.clone(),
                    chosen: list.article == Some(*id),
                })
                .collect(),
            whys: choices(Why::ALL, list.why, Why::word, |why| of_why(phrases, why)),
            ages: choices(Age::ALL, list.age, Age::word, |age| of_age(phrases, age)),
            statuses: match list.tab {
                Tab::All => choices(&Status::ALL, list.status, Status::word, |status| {
                    of_status(phrases, status)
                }),
                _ => Vec::new(),
            },
            orders: Order::ALL
                .iter()
                .filter(|order| **order != Order::Risk || list.tab.has_risk())
                .map(|order| Choice {
                    value: order.word().to_owned(),
                    words: match order {
                        Order::Oldest => phrases.say("order-oldest"),
                        Order::Newest => phrases.say("order-newest"),
                        Order::Risk => phrases.say("order-risk"),
                    },
                    chosen: list.order() == *order,
                })
                .collect(),
            narrowed: narrowed(phrases, queue),
            clear: list.is_filtered().then(|| {
                Listing {
                    tab: list.tab,
                    ..Listing::default()
                }
                .address()
            }),
            shown: list.is_filtered() || !queue.items.is_empty(),
        }
    }
}

fn choices<T: Copy + PartialEq>(
    all: &[T],
    chosen: Option<T>,
    word: impl Fn(T) -> &'static str,
    words: impl Fn(T) -> String,
) -> Vec<Choice> {
    all.iter()
        .map(|one| Choice {
            value: word(*one).to_owned(),
            words: words(*one),
            chosen: chosen == Some(*one),
        })
        .collect()
}

fn narrowed(phrases: &Phrases, queue: &QueuePage) -> Vec<Narrowed> {
    let list = &queue.list;
    let mut narrowed = Vec::new();
    let mut put = |name, value: String, words, without: Listing| {
        narrowed.push(Narrowed {
            name,
            value,
            words,
            without: Listing {
                seek: Seek::First,
                ..without
            }
            .address(),
        });
    };
    if let Some(author) = list.author {
        let name = queue.chosen.author.as_str();
        let words = phrases.say_with("only-author", &[("name", name)]);
        let without = Listing {
            author: None,
            ..list.clone()
        };
        put("author", author.to_string(), words, without);
    }
    if let Some(network) = &list.network {
        let code = evidence::network_code(network);
        let words = phrases.say_with("only-network", &[("code", &code)]);
        let without = Listing {
            network: None,
            ..list.clone()
        };
        put("network", crate::store::token::hex(network), words, without);
    }
    if let Some(key) = list.same {
        let without = Listing {
            same: None,
            ..list.clone()
        };
        put("same", key.to_string(), phrases.say("only-same"), without);
    }
    if list.mine {
        let without = Listing {
            mine: false,
            ..list.clone()
        };
        put(
            "claim",
            "mine".to_owned(),
            phrases.say("only-mine"),
            without,
        );
    }
    narrowed
}

fn of_why(phrases: &Phrases, why: Why) -> String {
    match why {
        Why::EveryReply => phrases.say("why-every-reply"),
        Why::FirstReply => phrases.say("why-first-reply"),
        Why::Links => phrases.say("why-links"),
        Why::HiddenField => phrases.say("why-hidden-field"),
        Why::StaffName => phrases.say("why-staff-name"),
        Why::ThreadName => phrases.say("why-thread-name"),
        Why::AuthorHold => phrases.say("why-author-hold"),
        Why::Listed => phrases.say("why-listed"),
        Why::DuplicateText => phrases.say("why-duplicate-text"),
        Why::TooFast => phrases.say("why-too-fast"),
        Why::NewAuthorLink => phrases.say("why-new-author-link"),
        Why::Edited => phrases.say("why-edited"),
        Why::Reported => phrases.say("why-reported"),
    }
}

fn of_age(phrases: &Phrases, age: Age) -> String {
    match age {
        Age::LastHour => phrases.say("age-last-hour"),
        Age::LastDay => phrases.say("age-last-day"),
        Age::LastWeek => phrases.say("age-last-week"),
        Age::OverAnHour => phrases.say("age-over-hour"),
        Age::OverADay => phrases.say("age-over-day"),
        Age::OverAWeek => phrases.say("age-over-week"),
    }
}

fn of_status(phrases: &Phrases, status: Status) -> String {
    match status {
        Status::Pending => phrases.say("outcome-pending"),
        Status::Approved => phrases.say("outcome-approved"),
        Status::Rejected => phrases.say("outcome-rejected"),
        Status::Spam => phrases.say("outcome-spam"),
        Status::Withdrawn => phrases.say("outcome-withdrawn"),
    }
}
