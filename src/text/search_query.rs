//! What somebody searches for, as each engine is asked for it.

use super::search_terms;

/// The terms of a search, all of which have to be found; the last one may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    terms: Vec<String>,
}

impl SearchQuery {
    /// `None` when nothing is left to search for.
    pub fn of(typed: &str) -> Option<Self> {
        let terms: Vec<String> = search_terms(typed)
            .split(' ')
            .filter(|term| !term.is_empty())
            .take(12)
            .map(str::to_owned)
            .collect();
        (!terms.is_empty()).then_some(Self { terms })
    }

    /// For FTS5.
    pub fn sqlite(&self) -> String {
        let terms: Vec<String> = self
            .terms
            .iter()
            .map(|term| format!("\"{term}\""))
            .collect();
        format!("{}*", terms.join(" AND "))
    }

    /// A tsquery.
    pub fn postgres(&self) -> String {
        let terms: Vec<String> = self.terms.iter().map(|term| format!("'{term}'")).collect();
        format!("{}:*", terms.join(" & "))
    }
}
