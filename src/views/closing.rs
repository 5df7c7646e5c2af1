//! Since when and why an article takes no replies, in a sentence.

use super::Site;
use super::dates::Dates;
use crate::store::closing::Closed;

/// "The editors closed replies on 26 May."
pub(super) fn sentence(site: &Site, dates: &Dates<'_>, closed: Closed) -> String {
    let phrases = site.phrases;
    match closed {
        Closed::ByEditors { at: None } => phrases.say("replies-closed"),
        Closed::ByEditors { at: Some(at) } => {
            let date = dates.day(at).text;
            phrases.say_with("replies-closed-by-editors", &[("date", &date)])
        }
        Closed::ByTime { at, days } => {
            let date = dates.day(at).text;
            phrases.count_with("replies-closed-by-time", days, &[("date", &date)])
        }
    }
}
