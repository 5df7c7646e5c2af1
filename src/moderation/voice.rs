//! Who speaks in a comment.

use super::review::codes;

/// In whose name a comment is published. The numbers are what the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Reader = 0,
    Moderator = 1,
    /// A moderator whose account an admin has tied to the byline of this article.
    ArticleAuthor = 2,
}

codes!(Voice: Reader, Moderator, ArticleAuthor);

impl Voice {
    /// The voice of a moderator on an article: its author's, if the byline that an admin tied to their account is the
    /// article's, or is one of several names in it.
    pub fn of_staff(tied: &str, byline: &str) -> Self {
        let tied = folded(tied);
        let byline = folded(byline);
        let is_author =
            !tied.is_empty() && (byline == tied || names(&byline).any(|name| name == tied));
        if is_author {
            Self::ArticleAuthor
        } else {
            Self::Moderator
        }
    }

    /// Whether a signed-in moderator wrote it.
    pub fn is_staff(self) -> bool {
        self != Self::Reader
    }
}

/// A byline as bylines are compared: neither case nor white space makes a difference, nor does a "By" before it.
fn folded(byline: &str) -> String {
    let words: Vec<_> = byline.split_whitespace().map(str::to_lowercase).collect();
    match words.split_first() {
        Some((first, rest)) if first == "by" => rest.join(" "),
        _ => words.join(" "),
    }
}

/// The names in a folded byline of several people.
fn names(byline: &str) -> impl Iterator<Item = &str> {
    byline
        .split([',', '&'])
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_start_matches("and ").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_byline_of_the_article_makes_its_author() {
        let is_author = |tied, byline| Voice::of_staff(tied, byline) == Voice::ArticleAuthor;
        for byline in [
            "Ines Kaya",
            "By Ines Kaya",
            "by  ines KAYA ",
            "Ines Kaya and Bo Lind",
            "By Bo Lind, Ines Kaya",
            "Bo Lind & Ines Kaya",
            "Bo Lind, Cy Ray, and Ines Kaya",
        ] {
            assert!(is_author("Ines Kaya", byline), "{byline}");
            assert!(is_author("By Ines  Kaya", byline), "{byline}");
        }
        for byline in [
            "",
            "By",
            "Ines",
            "Ines Kayak",
            "Bo Lind",
            "Ines Kaya-Lind",
            "Our reporters",
        ] {
            assert!(!is_author("Ines Kaya", byline), "{byline}");
        }
        for tied in ["", "  ", "By", "by ", ","] {
            for byline in ["", "By", "Ines Kaya", "Bo Lind, , and"] {
                assert!(!is_author(tied, byline), "{tied} {byline}");
            }
        }
        assert!(is_author("Bo & Co", "By Bo & Co"));
    }
}
