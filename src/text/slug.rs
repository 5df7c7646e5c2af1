//! Slugs: the last part of an article's address.

/// Most characters of a slug made from a title.
const MADE_LENGTH: usize = 80;
/// Most characters of a slug given by hand.
const GIVEN_LENGTH: usize = 100;

/// A slug made of a title: `a`–`z`, digits and single dashes, at most 80 characters, cut between
/// words. A title without a letter or digit gives "article".
pub fn slugify(title: &str) -> String {
    let ascii = deunicode::deunicode(title)
        .to_ascii_lowercase()
        .replace('\'', "");
    let mut slug = String::new();
    let words = ascii.split(|letter: char| !letter.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        let dash = usize::from(!slug.is_empty());
        if slug.len() + dash + word.len() > MADE_LENGTH {
            if slug.is_empty() {
                slug.extend(word.chars().take(MADE_LENGTH));
            }
            break;
        }
        if dash == 1 {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() {
        slug.push_str("article");
    }
    slug
}

/// Whether this can be a slug: 1 to 100 of `a`–`z`, digits and dashes, no dash at either end.
pub fn is_slug(slug: &str) -> bool {
    (1..=GIVEN_LENGTH).contains(&slug.len())
        && slug
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_become_slugs() {
        for (title, slug) in [
            ("The Harbour Wall", "the-harbour-wall"),
            ("  Ça & là: “l’été”… ", "ca-la-lete"),
            ("It’s 2026 — don't panic", "its-2026-dont-panic"),
            ("Straße über Łódź", "strasse-uber-lodz"),
            ("a--b__c", "a-b-c"),
            ("", "article"),
            ("?!…", "article"),
        ] {
            assert_eq!(slugify(title), slug, "{title}");
        }
    }

    #[test]
    fn a_long_title_is_cut_between_words() {
        let slug = slugify(&"eleven char ".repeat(20));
        assert_eq!(slug.len(), 78);
        assert!(slug.ends_with("-eleven"), "{slug}");
        assert_eq!(slugify(&"x".repeat(200)).len(), 80);
    }

    #[test]
    fn only_the_shape_of_a_slug_is_a_slug() {
        for slug in ["a", "2026", "a-b", "a--b", &"x".repeat(100)] {
            assert!(is_slug(slug), "{slug}");
        }
        for other in [
            "",
            "-a",
            "a-",
            "A",
            "a b",
            "a_b",
            "é",
            "a/b",
            &"x".repeat(101),
        ] {
            assert!(!is_slug(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn every_made_slug_is_a_slug(title in "\\PC{0,120}") {
            let slug = slugify(&title);
            prop_assert!(is_slug(&slug) && slug.len() <= MADE_LENGTH && !slug.contains("--"));
        }
    }
}
