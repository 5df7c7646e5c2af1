//! Text: Markdown to safe HTML, article files, excerpts, slugs, one-line names.
//! Uses nothing of ours; the only place where [`SafeHtml`] is made.

mod article_file;
mod bidi;
mod comment_events;
mod csv;
mod depth;
mod difference;
mod excerpt;
mod folding;
mod front_matter;
mod hosts;
mod html_page;
mod html_tags;
mod markdown;
mod marking;
mod one_line;
mod paragraphs;
mod pieces;
mod plain_text;
mod publication_date;
mod safe_html;
mod sanitize;
mod search_query;
mod search_terms;
mod slug;
mod word_list;

#[cfg(test)]
mod hostile;

pub use article_file::{ArticleFile, ArticleFileError, Format, read};
pub use csv::csv_line;
pub use difference::{Stretch, difference};
pub use excerpt::{excerpt, plain};
pub use hosts::{domain, domains_of, host_of, hosts};
pub use markdown::{HTML_VERSION, article, comment, comment_with_links, link_count};
pub use marking::{Marker, mark, marked_text};
pub use one_line::{graphemes, has_control, is_blank, mimic_key, normalise, one_line};
pub use paragraphs::paragraphs;
pub use safe_html::SafeHtml;
pub use sanitize::article_html;
pub use search_query::SearchQuery;
pub use search_terms::{TERMS_VERSION, search_terms};
pub use slug::{is_slug, slugify};
pub use word_list::{BadPattern, Found, SHORTEST_STEM, WordList, check_pattern};
