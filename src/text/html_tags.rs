//! A small HTML tokenizer: finds tags and their attributes, minds comments, scripts and styles.
//! It finds places in HTML; what makes HTML safe is the allow list in `sanitize`.

/// A piece of HTML. The sources of all tokens, one after another, are the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Start(HtmlTag<'a>),
    End(HtmlTag<'a>),
    Text(&'a str),
    /// The inside of an element in which there are no tags: a script, a style, a title.
    Raw(&'a str),
    /// A comment, document type or processing instruction.
    Markup(&'a str),
}

impl<'a> Token<'a> {
    pub(super) fn source(&self) -> &'a str {
        match self {
            Token::Start(tag) | Token::End(tag) => tag.source,
            Token::Text(source) | Token::Raw(source) | Token::Markup(source) => source,
        }
    }
}

/// A start or end tag, as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct HtmlTag<'a> {
    pub(super) source: &'a str,
    pub(super) name: &'a str,
    /// Byte offset of the tag in the document.
    pub(super) at: usize,
    attributes: &'a str,
}

impl HtmlTag<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Byte offset of what follows the tag.
    pub(super) fn end(&self) -> usize {
        self.at + self.source.len()
    }

    /// The value of an attribute, its entities decoded; the first one if it is repeated.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|letter| is_space(letter) || letter == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, letter)| is_space(*letter) || matches!(letter, '/' | '='))
                .map_or(rest.len(), |(at, _)| at);
            let (found, after) = rest.split_at(end);
            let (value, after) = split_value(after);
            if found.eq_ignore_ascii_case(name) {
                return Some(decode(value));
            }
            rest = after;
        }
    }
}

/// Splits what follows an attribute's name into its value and the attributes after it.
fn split_value(after_name: &str) -> (&str, &str) {
    let Some(value) = after_name.trim_start_matches(is_space).strip_prefix('=') else {
        return ("", after_name);
    };
    let value = value.trim_start_matches(is_space);
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    value.split_at(value.find(is_space).unwrap_or(value.len()))
}

/// The tokens of an HTML document, in order; takes time linear in its length.
pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens {
        html,
        at: 0,
        raw: None,
    }
}

pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element whose inside comes next and holds no tags.
    raw: Option<&'a str>,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        if let Some(name) = self.raw.take() {
            let inside = raw_length(rest, name);
            if inside > 0 {
                return self.take(inside).map(Token::Raw);
            }
        }
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            return self.take(markup_length(rest)).map(Token::Markup);
        }
        if let Some(token) = self.tag(rest) {
            return Some(token);
        }
        let text = rest
            .match_indices('<')
            .map(|(at, _)| at)
            .find(|at| *at > 0)
            .unwrap_or(rest.len());
        self.take(text).map(Token::Text)
    }
}

impl<'a> Tokens<'a> {
    fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let piece = self.rest().get(..length)?;
        self.at += length;
        Some(piece)
    }

    fn tag(&mut self, rest: &'a str) -> Option<Token<'a>> {
        let inner = rest.strip_prefix('<')?;
        let closes = inner.starts_with('/');
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        if !inner.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            return None;
        }
        let name_length = inner
            .find(|letter| is_space(letter) || matches!(letter, '/' | '>'))
            .unwrap_or(inner.len());
        let (name, after) = inner.split_at(name_length);
        let attributes = after.get(..attributes_length(after))?;
        let at = self.at;
        let close = usize::from(after.len() > attributes.len());
        let start = rest.len() - after.len();
        let source = self.take(start + attributes.len() + close)?;
        let tag = HtmlTag {
            source,
            name,
            at,
            attributes,
        };
        if closes {
            return Some(Token::End(tag));
        }
        if RAW.iter().any(|raw| tag.is(raw)) {
            self.raw = Some(name);
        }
        Some(Token::Start(tag))
    }
}

const RAW: [&str; 8] = [
    "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp",
];

/// Bytes up to the `>` that ends a tag, which is not one inside a quoted value.
fn attributes_length(after_name: &str) -> usize {
    let mut quote = None;
    let mut value_starts = false;
    for (at, byte) in after_name.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at,
            (None, b'"' | b'\'') if value_starts => quote = Some(byte),
            (None, b'=') => value_starts = true,
            (None, _) if byte.is_ascii_whitespace() => {}
            (None, _) => value_starts = false,
        }
    }
    after_name.len()
}

/// Bytes of the comment or declaration at the start of `rest`.
fn markup_length(rest: &str) -> usize {
    let Some(comment) = rest.strip_prefix("<!--") else {
        return rest.find('>').map_or(rest.len(), |at| at + 1);
    };
    if comment.starts_with('>') {
        return "<!-->".len();
    }
    if comment.starts_with("->") {
        return "<!--->".len();
    }
    let end = comment.match_indices('>').map(|(at, _)| at).find(|at| {
        let before = comment.get(..*at).unwrap_or_default();
        before.ends_with("--") || before.ends_with("--!")
    });
    end.map_or(rest.len(), |at| "<!--".len() + at + 1)
}

/// Bytes up to the end tag of the element `name`.
fn raw_length(rest: &str, name: &str) -> usize {
    rest.match_indices("</")
        .find(|(at, _)| {
            let after = rest.get(at + 2..).unwrap_or_default();
            let same = after
                .get(..name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name));
            let next = after
                .get(name.len()..)
                .and_then(|after| after.chars().next());
            same && next.is_none_or(|letter| is_space(letter) || matches!(letter, '/' | '>'))
        })
        .map_or(rest.len(), |(at, _)| at)
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// Text with its character references (`&eacute;`, `&#233;`) decoded.
pub(super) fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // The sanitiser's parser knows every named reference; only `<` could make it see a tag.
    let escaped = text.replace('<', "&lt;");
    let cleaned = ammonia::Builder::empty().clean(&escaped).to_string();
    decode_serialised(&cleaned)
}

/// The text of sanitised HTML, in which only these references occur.
pub(super) fn decode_serialised(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Appends text with `&`, `<` and `>` escaped: all that text between tags needs.
pub(super) fn push_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            _ => html.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(html: &str) -> Vec<&str> {
        tokens(html)
            .filter_map(|token| match token {
                Token::Start(tag) => Some(tag.name),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_tokens_make_up_the_document() {
        for html in [
            "<!DOCTYPE html><p class=\"a>b\">1 < 2 <b>x</b><!-- <i> --><script>'<u>'</script></p",
            "<",
            "<a",
            "</",
            "<!--",
            "<title>x",
            "a<b c='>",
            "<3 é <ü>",
            "<script></script",
            "<!-->x-->",
            "",
        ] {
            let joined: String = tokens(html).map(|token| token.source()).collect();
            assert_eq!(joined, html);
        }
    }

    #[test]
    fn tags_in_comments_scripts_styles_and_titles_are_not_tags() {
        let html = "<!-- <a> --><script>\"<b>\"; // </scripty>\n</SCRIPT><style><i></style><title><u></title><em>";
        assert_eq!(starts(html), ["script", "style", "title", "em"]);
    }

    #[test]
    fn attributes_are_found_however_they_are_quoted() {
        let html = "<meta name=description CONTENT='it&rsquo;s &lt;here&gt; &amp; &eacute;' x data-a=\"b > c\"/>";
        let Some(Token::Start(tag)) = tokens(html).next() else {
            panic!("no tag");
        };
        assert_eq!(tag.attribute("name").as_deref(), Some("description"));
        assert_eq!(tag.attribute("content").as_deref(), Some("it’s <here> & é"));
        assert_eq!(tag.attribute("x").as_deref(), Some(""));
        assert_eq!(tag.attribute("data-a").as_deref(), Some("b > c"));
        assert_eq!(tag.attribute("missing"), None);
    }

    #[test]
    fn references_are_decoded_once() {
        assert_eq!(decode("&amp;lt; &hellip; &#8217; AT&T"), "&lt; … ’ AT&T");
    }
}
