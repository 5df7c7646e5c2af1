//! The desk's navigation: its lists with their counts, and its other pages.

use super::Phrases;
use super::queue::Desk;
use crate::moderation::Role;
use crate::store::listing::Tab;
use crate::store::queue::TabCounts;

/// Counts are exact up to this many.
const COUNTED: i64 = 1_000;

/// A page of the desk that its navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Tab(Tab),
    Today,
    Articles,
    Audit,
    SavedReplies,
    Policy,
    Rules,
    People,
    /// The moderator's own account, to which their name leads.
    Account,
    /// A page that none of its lines leads to.
    Elsewhere,
}

/// A line of the desk's navigation.
pub(super) struct NavLine {
    /// By which the script finds its count.
    pub key: &'static str,
    pub address: String,
    pub word: String,
    /// Empty for none.
    pub count: String,
    pub current: bool,
    /// Parted from the lines above.
    pub gap: bool,
}

/// The lines of the navigation; without counts where a page does not know them. Settings are for admins.
pub(super) fn nav(
    phrases: &Phrases,
    desk: &Desk,
    here: Place,
    counts: Option<&TabCounts>,
) -> Vec<NavLine> {
    let tab = |of: Tab, word: String| NavLine {
        key: of.word(),
        address: match of {
            Tab::Waiting => "/moderation".to_owned(),
            _ => format!("/moderation?tab={}", of.word()),
        },
        word,
        count: counts
            .and_then(|counts| counts.of(of))
            .map_or_else(String::new, |n| counted(phrases, n)),
        current: here == Place::Tab(of),
        gap: of == Tab::All,
    };
    let page = |of: Place, path: &str, word: String| NavLine {
        key: "",
        address: path.to_owned(),
        word,
        count: String::new(),
        current: here == of,
        gap: of == Place::Policy,
    };
    let mut lines = vec![
        tab(Tab::Waiting, phrases.say("tab-waiting")),
        tab(Tab::Reported, phrases.say("tab-reported")),
        tab(Tab::Appeals, phrases.say("tab-appeals")),
        tab(Tab::Published, phrases.say("tab-published")),
        tab(Tab::Rejected, phrases.say("tab-rejected")),
        tab(Tab::Spam, phrases.say("tab-spam")),
        tab(Tab::All, phrases.say("tab-all")),
        page(Place::Today, "/moderation/today", phrases.say("nav-today")),
        page(
            Place::Articles,
            "/moderation/articles",
            phrases.say("nav-articles"),
        ),
        page(Place::Audit, "/moderation/audit", phrases.say("nav-audit")),
        page(
            Place::SavedReplies,
            "/moderation/saved-replies",
            phrases.say("nav-saved-replies"),
        ),
    ];
    if desk.who.role == Role::Admin {
        lines.extend([
            page(
                Place::Policy,
                "/moderation/policy",
                phrases.say("nav-policy"),
            ),
            page(Place::Rules, "/moderation/rules", phrases.say("nav-rules")),
            page(
                Place::People,
                "/moderation/people",
                phrases.say("nav-people"),
            ),
        ]);
    }
    lines
}

/// A count as a tab says it: "1,000+" from there on.
pub(super) fn counted(phrases: &Phrases, n: i64) -> String {
    if n <= COUNTED {
        return phrases.number(n);
    }
    let most = phrases.number(COUNTED);
    phrases.say_with("count-over", &[("count", &most)])
}
