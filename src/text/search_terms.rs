//! What a search looks for: one function for stored texts and for what is typed into the search field.

/// The terms of a text, parted by single spaces: letters, digits and marks alone.
pub fn search_terms(text: &str) -> String {
    text.to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|term| !term.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
