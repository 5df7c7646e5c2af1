//! The badge beside the name of somebody who speaks for the site.

use super::Phrases;
use super::item::Badge;
use crate::moderation::Voice;

/// `None` for a reader.
pub(super) fn badge(phrases: &Phrases, voice: Voice) -> Option<Badge> {
    let (class, word) = match voice {
        Voice::Reader => return None,
        Voice::Moderator => ("is-ok", phrases.say("moderator")),
        Voice::ArticleAuthor => ("", phrases.say("author-of-article")),
    };
    Some(Badge { class, word })
}
