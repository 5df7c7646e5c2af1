//! The side on which a language begins its lines.

use fluent_templates::LanguageIdentifier;

/// Languages commonly written from right to left.
const LANGUAGES: [&str; 24] = [
    "ar", "arc", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "nqo", "pnb",
    "prs", "ps", "rhg", "sd", "skr", "syr", "ug", "ur", "yi", "iw",
];
/// Scripts written from right to left.
const SCRIPTS: [&str; 9] = [
    "Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa",
];

/// `ltr` or `rtl`, for a BCP 47 tag. A script that the tag names decides, else its language.
pub(super) fn of(tag: &str) -> &'static str {
    let Ok(tag) = tag.parse::<LanguageIdentifier>() else {
        return "ltr";
    };
    let backwards = match tag.script {
        Some(script) => SCRIPTS.contains(&script.as_str()),
        None => LANGUAGES.contains(&tag.language.as_str()),
    };
    if backwards { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_decides_and_else_the_language() {
        for tag in ["ar", "he-IL", "ur", "fa", "az-Arab", "pa-Arab-PK"] {
            assert_eq!(of(tag), "rtl", "{tag}");
        }
        for tag in ["en", "fr-ca", "ms", "uz", "ur-Latn", "not a tag", ""] {
            assert_eq!(of(tag), "ltr", "{tag}");
        }
    }
}
