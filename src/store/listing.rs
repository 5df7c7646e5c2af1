//! Which comments a list of the desk shows, and in which order: the words of its address, both ways.

use crate::moderation::Status;
use crate::text::SearchQuery;
use crate::time::{DAY, HOUR};

/// A list of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// Pending comments, and published ones with a waiting revision.
    #[default]
    Waiting,
    /// Public comments that readers have reported.
    Reported,
    /// Comments whose author appeals.
    Appeals,
    Published,
    Rejected,
    Spam,
    /// Every comment, whatever its status.
    All,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Oldest,
    Newest,
    /// The highest risk first, and the oldest first among equals.
    Risk,
}

/// How long ago a comment came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    LastHour,
    LastDay,
    LastWeek,
    OverAnHour,
    OverADay,
    OverAWeek,
}

/// Why a comment is in a list: a kind of hold reason, an edit, a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    EveryReply,
    FirstReply,
    Links,
    HiddenField,
    StaffName,
    ThreadName,
    AuthorHold,
    Listed,
    DuplicateText,
    TooFast,
    NewAuthorLink,
    Edited,
    Reported,
}

/// A fixed set of words in an address.
macro_rules! words {
    ($kind:ident: $($variant:ident = $word:literal),+ $(,)?) => {
        impl $kind {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its value in an address.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words!(Tab: Waiting = "waiting", Reported = "reported", Appeals = "appeals", Published = "published",
    Rejected = "rejected", Spam = "spam", All = "all");
words!(Order: Oldest = "oldest", Newest = "newest", Risk = "risk");
words!(Age: LastHour = "hour", LastDay = "day", LastWeek = "week", OverAnHour = "over-hour", OverADay = "over-day",
    OverAWeek = "over-week");
// The words of hold reasons are those under which they are stored.
words!(Why: EveryReply = "every-reply", FirstReply = "first-reply", Links = "links", HiddenField = "hidden-field",
    StaffName = "staff-name", ThreadName = "thread-name", AuthorHold = "author-hold", Listed = "listed",
    DuplicateText = "duplicate-text", TooFast = "too-fast", NewAuthorLink = "new-author-link", Edited = "edited",
    Reported = "reported");

impl Tab {
    /// Whether it is work, which is taken up in the order in which it came in.
    pub fn is_work(self) -> bool {
        matches!(self, Self::Waiting | Self::Reported | Self::Appeals)
    }

    /// Whether its comments can be put in the order of their risk.
    pub fn has_risk(self) -> bool {
        matches!(self, Self::Waiting | Self::Reported)
    }

    /// Whether a waiting edit is judged in it, and not the comment as it is public.
    pub fn shows_edits(self) -> bool {
        matches!(self, Self::Waiting | Self::All)
    }

    pub fn usual_order(self) -> Order {
        if self.is_work() {
            Order::Oldest
        } else {
            Order::Newest
        }
    }
}

impl Age {
    /// Milliseconds, and whether the comment has to be older than that.
    pub fn bound(self) -> (i64, bool) {
        match self {
            Self::LastHour => (HOUR, false),
            Self::LastDay => (DAY, false),
            Self::LastWeek => (7 * DAY, false),
            Self::OverAnHour => (HOUR, true),
            Self::OverADay => (DAY, true),
            Self::OverAWeek => (7 * DAY, true),
        }
    }
}

/// A place in the order of a list: that of a comment, which may have left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub id: i64,
    /// Of the comment; matters in the order of risk alone.
    pub risk: i64,
}

impl Position {
    fn parse(word: &str) -> Option<Self> {
        let (risk, id) = word.split_once('.').unwrap_or(("0", word));
        Some(Self {
            id: digits(id)?,
            risk: digits(risk)?,
        })
    }

    /// Its value in an address.
    pub fn word(self, order: Order) -> String {
        match order {
            Order::Risk => format!("{}.{}", self.risk, self.id),
            Order::Oldest | Order::Newest => self.id.to_string(),
        }
    }
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seek {
    #[default]
    First,
    /// The page that begins after this place.
    From(Position),
    /// The page that ends before this place.
    Until(Position),
}

/// A list of the desk as an address names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    pub tab: Tab,
    /// `None` is the tab's usual one.
    pub order: Option<Order>,
    pub article: Option<i64>,
    pub author: Option<i64>,
    pub why: Option<Why>,
    pub status: Option<Status>,
    pub age: Option<Age>,
    /// The keyed hash of a client's network.
    pub network: Option<Vec<u8>>,
    /// The key of a text.
    pub same: Option<i64>,
    /// Those that the reader of the list has claimed.
    pub mine: bool,
    /// As it was typed.
    pub search: String,
    pub seek: Seek,
}

impl Listing {
    /// Reads the parameters of an address or of a form. Empty ones are none; unknown ones are ignored.
    ///
    /// Returns `None` when a known parameter has a value that it cannot have.
    pub fn parse(query: &str) -> Option<Self> {
        let mut list = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if value.is_empty() {
                continue;
            }
            match name.as_ref() {
                "tab" => list.tab = Tab::from_word(&value)?,
                "sort" => list.order = Some(Order::from_word(&value)?),
                "article" => list.article = Some(digits(&value)?),
                "author" => list.author = Some(digits(&value)?),
                "why" => list.why = Some(Why::from_word(&value)?),
                "status" => list.status = Some(status(&value)?),
                "age" => list.age = Some(Age::from_word(&value)?),
                "network" => list.network = Some(bytes(&value)?),
                "same" => list.same = Some(value.parse().ok()?),
                "claim" => list.mine = (value == "mine").then_some(true)?,
                "q" => list.search = value.chars().take(LONGEST_SEARCH).collect(),
                "from" => list.seek = Seek::From(Position::parse(&value)?),
                "until" => list.seek = Seek::Until(Position::parse(&value)?),
                _ => {}
            }
        }
        Some(list)
    }

    /// What is found by words comes in the order of time alone.
    pub fn order(&self) -> Order {
        let by_risk = self.tab.has_risk() && self.query().is_none();
        self.order
            .filter(|order| *order != Order::Risk || by_risk)
            .unwrap_or_else(|| self.tab.usual_order())
    }

    /// What is searched for; `None` when nothing is.
    pub fn query(&self) -> Option<SearchQuery> {
        SearchQuery::of(&self.search)
    }

    /// Whether more is asked than a tab.
    pub fn is_filtered(&self) -> bool {
        let whole = Self {
            tab: self.tab,
            order: self.order,
            seek: self.seek,
            ..Self::default()
        };
        *self != whole
    }

    /// The same list at another place.
    pub fn at(&self, seek: Seek) -> Self {
        Self {
            seek,
            ..self.clone()
        }
    }

    /// The part of its address after the question mark; empty for the queue as it is.
    pub fn words(&self) -> String {
        let mut words = url::form_urlencoded::Serializer::new(String::new());
        let mut put = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                words.append_pair(name, value);
            }
        };
        let number = |id: Option<i64>| id.map(|id| id.to_string());
        put(
            "tab",
            Some(self.tab.word()).filter(|_| self.tab != Tab::Waiting),
        );
        put("q", Some(self.search.as_str()).filter(|q| !q.is_empty()));
        put("article", number(self.article).as_deref());
        put("author", number(self.author).as_deref());
        put("why", self.why.map(Why::word));
        put("status", self.status.map(Status::word));
        put("age", self.age.map(Age::word));
        put(
            "network",
            self.network.as_deref().map(super::token::hex).as_deref(),
        );
        put("same", number(self.same).as_deref());
        put("claim", self.mine.then_some("mine"));
        put("sort", self.order.map(Order::word));
        let (name, place) = match self.seek {
            Seek::First => ("from", None),
            Seek::From(place) => ("from", Some(place.word(self.order()))),
            Seek::Until(place) => ("until", Some(place.word(self.order()))),
        };
        put(name, place.as_deref());
        words.finish()
    }

    /// Its address.
    pub fn address(&self) -> String {
        match self.words().as_str() {
            "" => "/moderation".to_owned(),
            words => format!("/moderation?{words}"),
        }
    }
}

/// Characters of a search that are looked at.
const LONGEST_SEARCH: usize = 200;

fn status(word: &str) -> Option<Status> {
    Status::ALL.into_iter().find(|status| status.word() == word)
}

fn digits(text: &str) -> Option<i64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if hex.len() > 64 || hex.len() % 2 == 1 || !hex.is_ascii() {
        return None;
    }
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_all_that_a_list_is() {
        for words in [
            "",
            "tab=spam&from=12",
            "sort=risk&from=6.77",
            "tab=all&q=night+ferry&article=3&author=9&why=links&status=withdrawn&age=over-week&network=00ff&same=-5&claim=mine&sort=oldest&until=4",
        ] {
            assert_eq!(Listing::parse(words).unwrap().words(), words);
        }
        assert_eq!(
            Listing::parse("tab=waiting&q=&other=1&done=5"),
            Some(Listing::default())
        );
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        for words in [
            "tab=nowhere",
            "sort=x",
            "article=-1",
            "article=99999999999999999999",
            "network=abc",
            "network=zz",
            "from=1.x",
            "claim=hers",
            "status=gone",
        ] {
            assert_eq!(Listing::parse(words), None, "{words}");
        }
    }

    #[test]
    fn risk_orders_what_waits_alone_and_nothing_that_is_searched() {
        let order = |words| Listing::parse(words).unwrap().order();
        assert_eq!(order("sort=risk"), Order::Risk);
        assert_eq!(order("sort=risk&tab=spam"), Order::Newest);
        assert_eq!(order("sort=risk&q=ferry"), Order::Oldest);
        assert_eq!(order("sort=risk&q=%2B"), Order::Risk);
    }
}
