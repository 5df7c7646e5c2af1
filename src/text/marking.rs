//! Words that matter, marked where they stand in HTML.

use std::collections::HashMap;

use super::html_tags::{self, Token};
use super::pieces::{Kind, Piece, pieces};
use super::safe_html::SafeHtml;
use super::search_query::SearchQuery;

/// What is to be marked: the words that a search looked for, and words or phrases from a list. Both are compared as a search
/// compares.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    query: Option<SearchQuery>,
    /// Phrases by their first piece: what follows it.
    phrases: HashMap<String, Vec<Vec<String>>>,
}

impl Marker {
    /// Of a phrase every word must be there whole, one after another; a phrase without letters and digits marks nothing.
    pub fn new<'a>(
        query: Option<&SearchQuery>,
        phrases: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut marker = Self {
            query: query.cloned(),
            phrases: HashMap::new(),
        };
        for phrase in phrases {
            let mut words = pieces(phrase).map(|piece| piece.text);
            if let Some(first) = words.next() {
                let rest = words.collect();
                marker.phrases.entry(first).or_default().push(rest);
            }
        }
        marker
    }

    fn marks_nothing(&self) -> bool {
        self.query.is_none() && self.phrases.is_empty()
    }

    /// Where the stretches stand that are to be marked, in bytes: in order, none touching another.
    fn stretches(&self, text: &str) -> Vec<(usize, usize)> {
        let pieces: Vec<Piece> = pieces(text).collect();
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        let mut rest = pieces.as_slice();
        while let Some((piece, after)) = rest.split_first() {
            let asked = self.query.as_ref();
            let asked = asked.and_then(|query| end_of_asked(query, piece, after.first()));
            let listed = self.phrases.get(&piece.text);
            let listed = listed.and_then(|phrases| end_of_phrase(phrases, piece, after));
            if let Some(to) = asked.max(listed) {
                match stretches.last_mut() {
                    Some(last) if last.1 >= piece.from => last.1 = last.1.max(to),
                    _ => stretches.push((piece.from, to)),
                }
            }
            rest = after;
        }
        stretches
    }
}

/// The end of what the query looks for, where it begins with this piece.
fn end_of_asked(query: &SearchQuery, piece: &Piece, next: Option<&Piece>) -> Option<usize> {
    if piece.kind == Kind::Word {
        return query.wants_word(&piece.text).then_some(piece.to);
    }
    let joined = next.filter(|next| next.kind == Kind::Character { joined: true });
    let pair = joined.filter(|next| query.wants_pair(&format!("{}{}", piece.text, next.text)));
    let alone = query.wants_character(&piece.text).then_some(piece.to);
    pair.map(|next| next.to).max(alone)
}

/// The end of the longest phrase that begins with this piece.
fn end_of_phrase(phrases: &[Vec<String>], piece: &Piece, after: &[Piece]) -> Option<usize> {
    let ends = phrases.iter().filter_map(|phrase| {
        let found = after.get(..phrase.len())?;
        let same = found
            .iter()
            .zip(phrase)
            .all(|(piece, word)| piece.text == *word);
        same.then(|| found.last().map_or(piece.to, |last| last.to))
    });
    ends.max()
}

/// The same HTML with each stretch that matters in a `mark` element. Tags and attributes stay as they are: a phrase that goes
/// on across a tag is marked on either side.
pub fn mark(html: &SafeHtml, marker: &Marker) -> SafeHtml {
    if marker.marks_nothing() {
        return html.clone();
    }
    let stretches = marker.stretches(&words_alone(html.as_str()));
    let mut stretches = stretches.into_iter().peekable();
    let mut out = String::with_capacity(html.as_str().len());
    let mut at = 0;
    for token in html_tags::tokens(html.as_str()) {
        let source = token.source();
        let end = at + source.len();
        if let Token::Text(text) = token {
            let mut done = 0;
            while let Some((from, to)) = stretches.next_if(|(_, to)| *to <= end) {
                done = push_marked(
                    &mut out,
                    text,
                    done,
                    (from.saturating_sub(at), to.saturating_sub(at)),
                );
            }
            if let Some((from, _)) = stretches.peek().filter(|(from, _)| *from < end) {
                done = push_marked(&mut out, text, done, (from.saturating_sub(at), text.len()));
            }
            out.push_str(text.get(done..).unwrap_or_default());
        } else {
            out.push_str(source);
        }
        at = end;
    }
    SafeHtml::made(out)
}

/// Plain text as HTML, with each stretch that matters in a `mark` element.
pub fn marked_text(text: &str, marker: &Marker) -> SafeHtml {
    let mut html = String::with_capacity(text.len());
    html_tags::push_escaped(&mut html, text);
    mark(&SafeHtml::made(html), marker)
}

/// Appends the text from `done` to the end of a stretch, and says where that is. White space alone is not marked.
fn push_marked(out: &mut String, text: &str, done: usize, (from, to): (usize, usize)) -> usize {
    let (from, to) = (from.max(done), to.max(done));
    let (Some(before), Some(inside)) = (text.get(done..from), text.get(from..to)) else {
        return done;
    };
    out.push_str(before);
    if inside.trim().is_empty() {
        out.push_str(inside);
    } else {
        out.push_str("<mark>");
        out.push_str(inside);
        out.push_str("</mark>");
    }
    to
}

/// The HTML with a space for every byte of a tag or a reference: what is left are its words, each where it stood.
fn words_alone(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let blank = |words: &mut String, bytes: usize| words.extend(std::iter::repeat_n(' ', bytes));
    for token in html_tags::tokens(html) {
        let Token::Text(mut text) = token else {
            blank(&mut words, token.source().len());
            continue;
        };
        while let Some((before, reference)) =
            text.find('&').and_then(|at| text.split_at_checked(at))
        {
            words.push_str(before);
            let length = reference_length(reference);
            blank(&mut words, length);
            text = reference.get(length..).unwrap_or_default();
        }
        words.push_str(text);
    }
    words
}

/// Bytes of the character reference at the start of the text; of the `&` when it is none.
fn reference_length(text: &str) -> usize {
    const LONGEST: usize = 40;
    let mut bytes = text.bytes().enumerate().skip(1).take(LONGEST);
    let end = bytes.find(|(_, byte)| !byte.is_ascii_alphanumeric() && *byte != b'#');
    end.filter(|(_, byte)| *byte == b';')
        .map_or(1, |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;
    use crate::text::comment;

    fn asked(typed: &str, html: &str) -> String {
        let marker = Marker::new(SearchQuery::of(typed).as_ref(), []);
        mark(&SafeHtml::made(html.to_owned()), &marker).into_string()
    }

    fn listed(phrases: &[&str], html: &str) -> String {
        let marker = Marker::new(None, phrases.iter().copied());
        mark(&SafeHtml::made(html.to_owned()), &marker).into_string()
    }

    #[test]
    fn words_that_were_looked_for_are_marked_whole() {
        for (typed, html, marked) in [
            (
                "late fer",
                "<p>The LATE <em>ferry</em>, lately.</p>",
                "<p>The <mark>LATE</mark> <em><mark>ferry</mark></em>, lately.</p>",
            ),
            (
                "strasse",
                "Die Straße. STRASSEN",
                "Die <mark>Straße</mark>. <mark>STRASSEN</mark>",
            ),
            ("ilik", "Ilık cafe\u{301}", "<mark>Ilık</mark> cafe\u{301}"),
            (
                "café",
                "Ilık cafe\u{301}s",
                "Ilık <mark>cafe\u{301}s</mark>",
            ),
            (
                "日本語",
                "私は日本語を話す",
                "私は<mark>日本語</mark>を話す",
            ),
            ("王", "小王と王", "小<mark>王</mark>と<mark>王</mark>"),
            ("แมว", "รักแมวมาก", "รัก<mark>แมว</mark>มาก"),
            ("הספר", "הַסֵּפֶר שלי", "<mark>הַסֵּפֶר</mark> שלי"),
            ("amp quot", "a &amp; b &quot;", "a &amp; b &quot;"),
            ("at", "AT&amp;T", "<mark>AT</mark>&amp;T"),
        ] {
            assert_eq!(asked(typed, html), marked, "{typed}");
        }
    }

    #[test]
    fn phrases_of_a_list_are_marked_where_all_their_words_stand() {
        let phrases = ["cheap pills", "Casino", "東京", "AT&T", "…"];
        for (html, marked) in [
            (
                "<p>Cheap, pills! cheap ferry casinos casino</p>",
                "<p><mark>Cheap, pills</mark>! cheap ferry casinos <mark>casino</mark></p>",
            ),
            (
                "<p>cheap</p>\n<p><em>pills</em> now</p>",
                "<p><mark>cheap</mark></p>\n<p><em><mark>pills</mark></em> now</p>",
            ),
            ("西東京市", "西<mark>東京</mark>市"),
            ("at&amp;t", "<mark>at&amp;t</mark>"),
            ("cheap", "cheap"),
        ] {
            assert_eq!(listed(&phrases, html), marked);
        }
        assert_eq!(listed(&["…"], "<p>a…</p>"), "<p>a…</p>");
    }

    #[test]
    fn tags_and_attributes_stay_as_they_are() {
        let html =
            "<p><a href=\"https://p.example/em?a=1&amp;b=2\" rel=\"em p\">em <em>p</em></a></p>";
        assert_eq!(
            asked("p em", html),
            html.replace(">em <em>p<", "><mark>em</mark> <em><mark>p</mark><")
        );
    }

    #[test]
    fn a_name_is_text_whatever_it_looks_like() {
        let marker = Marker::new(SearchQuery::of("b").as_ref(), ["i"]);
        assert_eq!(
            marked_text("<b> & <i>", &marker).as_str(),
            "&lt;<mark>b</mark>&gt; &amp; &lt;<mark>i</mark>&gt;"
        );
        let nothing = Marker::default();
        assert_eq!(marked_text("<b>", &nothing).as_str(), "&lt;b&gt;");
    }

    #[test]
    fn marking_takes_linear_time() {
        for hostile in [
            "a",
            "a ",
            "&",
            "&amp;",
            "<em>a</em>",
            "日",
            "a\u{301}",
            "\u{200d}",
            "<",
        ] {
            let html = SafeHtml::made(hostile.repeat(20_000));
            let marker = Marker::new(SearchQuery::of("日 a").as_ref(), ["a a a b", "a"]);
            let begun = Instant::now();
            mark(&html, &marker);
            assert!(begun.elapsed() < Duration::from_secs(5), "{hostile:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_marks_is_added_and_each_is_closed_in_its_text(
            source in "[ab日本ก้é&<>;\\-_*`\\[\\]()\"'\u{301}\u{1161}\u{200d} \n]{0,60}",
            typed in "[ab日本ก้é]{1,6}",
            phrase in "[ab日本& ]{1,6}",
        ) {
            let html = comment(&source);
            let marker = Marker::new(SearchQuery::of(&typed).as_ref(), [phrase.as_str()]);
            let marked = mark(&html, &marker).into_string();
            let bare = marked.replace("<mark>", "").replace("</mark>", "");
            prop_assert_eq!(&bare, html.as_str());
            for inside in marked.split("<mark>").skip(1) {
                let (inside, _) = inside.split_once("</mark>").unwrap();
                prop_assert!(!inside.contains('<') && !inside.trim().is_empty(), "{}", marked);
            }
            // References stay whole.
            for reference in ["&amp;", "&lt;", "&gt;", "&quot;"] {
                prop_assert_eq!(marked.matches(reference).count(), html.as_str().matches(reference).count());
            }
        }
    }
}
