//! What of Markdown a comment may use: the parser's events, reduced before HTML is made of them.

use std::collections::HashSet;
use std::ops::Range;

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream,
};
use url::Url;

use super::{bidi, depth};

/// The events of a comment, ready to be made into HTML.
pub(super) fn read(source: &str) -> Vec<Event<'_>> {
    let mut parser = Parser::new_ext(source, Options::ENABLE_STRIKETHROUGH).into_offset_iter();
    let events: Vec<_> = parser.by_ref().collect();

    let definitions = parser.reference_definitions();
    let used: HashSet<usize> = events
        .iter()
        .filter_map(|(event, _)| match event {
            Event::Start(Tag::Link {
                id,
                dest_url,
                link_type,
                ..
            }) if !id.is_empty() => target(*link_type, dest_url).and(definitions.get(id)),
            _ => None,
        })
        .map(|definition| definition.span.start)
        .collect();
    let mut unused: Vec<_> = definitions
        .iter()
        .map(|(_, definition)| definition.span.clone())
        .filter(|span| !used.contains(&span.start))
        .collect();
    unused.sort_by_key(|span| std::cmp::Reverse(span.start));

    let mut reader = Reader {
        source,
        events: Vec::with_capacity(events.len()),
        links: Vec::new(),
        strong_heading: false,
        blocks: 0,
        unused,
    };
    for (event, range) in events {
        reader.take(event, range);
    }
    reader.show_definitions(source.len());
    let capped = depth::cap(link_bare_addresses(reader.events).into_iter());
    bidi::balance(capped.into_iter())
}

/// Where a link may lead: to http, https and mail addresses written out in full.
fn target(link_type: LinkType, address: &str) -> Option<String> {
    if link_type == LinkType::Email {
        return Some(format!("mailto:{address}"));
    }
    let lower = address.get(..8).unwrap_or(address).to_ascii_lowercase();
    let known = ["http://", "https://", "mailto:"]
        .iter()
        .any(|start| lower.starts_with(start));
    (known && Url::parse(address).is_ok()).then(|| address.to_owned())
}

struct Reader<'a> {
    source: &'a str,
    events: Vec<Event<'a>>,
    /// The links and images that are open, outermost first.
    links: Vec<Open<'a>>,
    strong_heading: bool,
    /// How many blocks are open.
    blocks: usize,
    /// Link definitions that no link uses: to be shown as typed, last first.
    unused: Vec<Range<usize>>,
}

enum Open<'a> {
    Link(String),
    /// A link that leads nowhere allowed: its text is shown, and what this ends it with.
    Refused(&'static str),
    Image {
        address: CowStr<'a>,
        from: usize,
    },
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => self.end(end, range),
            Event::Html(text) | Event::InlineHtml(text) => self.push_lines(&text),
            Event::SoftBreak => self.events.push(Event::HardBreak),
            Event::Rule => {
                self.show_definitions_at_top(range.start);
                self.push_paragraph(range);
            }
            other => self.events.push(other),
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => return self.start_link(link_type, &dest_url),
            Tag::Image { dest_url, .. } => {
                let from = self.events.len();
                return self.links.push(Open::Image {
                    address: dest_url,
                    from,
                });
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                return self.events.push(Event::Start(tag));
            }
            _ => {}
        }
        self.show_definitions_at_top(range.start);
        self.blocks += 1;
        match tag {
            Tag::Heading { .. } => {
                self.strong_heading = self.typed(range).starts_with('#');
                self.events.push(Event::Start(Tag::Paragraph));
                if self.strong_heading {
                    self.events.push(Event::Start(Tag::Strong));
                }
            }
            Tag::HtmlBlock => self.events.push(Event::Start(Tag::Paragraph)),
            Tag::CodeBlock(_) => {
                let plain = Tag::CodeBlock(CodeBlockKind::Indented);
                self.events.push(Event::Start(plain));
            }
            other => self.events.push(Event::Start(other)),
        }
    }

    fn end(&mut self, end: TagEnd, range: Range<usize>) {
        match end {
            TagEnd::Link | TagEnd::Image => return self.end_link(),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                return self.events.push(Event::End(end));
            }
            _ => {}
        }
        self.blocks = self.blocks.saturating_sub(1);
        match end {
            TagEnd::Heading(_) => {
                if matches!(self.events.last(), Some(Event::Start(_))) {
                    let typed = self.typed(range);
                    self.events.push(Event::Text(typed.into()));
                }
                if self.strong_heading {
                    self.events.push(Event::End(TagEnd::Strong));
                }
                self.events.push(Event::End(TagEnd::Paragraph));
            }
            TagEnd::HtmlBlock => {
                while matches!(self.events.last(), Some(Event::HardBreak)) {
                    self.events.pop();
                }
                self.events.push(Event::End(TagEnd::Paragraph));
            }
            other => self.events.push(Event::End(other)),
        }
    }

    fn start_link(&mut self, link_type: LinkType, address: &str) {
        let linked = self.links.iter().any(|open| matches!(open, Open::Link(_)));
        let open = match target(link_type, address) {
            Some(target) if !linked => {
                self.events.push(start_of_link(target.clone()));
                Open::Link(target)
            }
            None if link_type == LinkType::Autolink => {
                self.events.push(Event::Text("<".into()));
                Open::Refused(">")
            }
            _ => Open::Refused(""),
        };
        self.links.push(open);
    }

    fn end_link(&mut self) {
        match self.links.pop() {
            Some(Open::Link(target)) => {
                if matches!(self.events.last(), Some(Event::Start(Tag::Link { .. }))) {
                    self.events.push(Event::Text(target.into()));
                }
                self.events.push(Event::End(TagEnd::Link));
            }
            Some(Open::Refused(">")) => self.events.push(Event::Text(">".into())),
            Some(Open::Image { address, from }) if self.events.len() == from => {
                self.events.push(Event::Text(address));
            }
            _ => {}
        }
    }

    fn typed(&self, range: Range<usize>) -> &'a str {
        self.source.get(range).unwrap_or_default().trim()
    }

    fn push_lines(&mut self, text: &str) {
        let mut lines = text.split('\n');
        if let Some(first) = lines.next() {
            self.events.push(Event::Text(first.to_owned().into()));
        }
        for line in lines {
            self.events.push(Event::HardBreak);
            if !line.is_empty() {
                self.events.push(Event::Text(line.to_owned().into()));
            }
        }
    }

    fn push_paragraph(&mut self, range: Range<usize>) {
        let typed = self.typed(range);
        self.events.push(Event::Start(Tag::Paragraph));
        self.push_lines(typed);
        self.events.push(Event::End(TagEnd::Paragraph));
    }

    fn show_definitions_at_top(&mut self, before: usize) {
        if self.blocks == 0 {
            self.show_definitions(before);
        }
    }

    /// Shows the unused definitions that were typed before this place: `[Edit]: sorry` is one, and
    /// without this it would vanish.
    fn show_definitions(&mut self, before: usize) {
        while let Some(span) = self.unused.pop_if(|span| span.start < before) {
            self.push_paragraph(span);
        }
    }
}

fn start_of_link(target: String) -> Event<'static> {
    Event::Start(Tag::Link {
        link_type: LinkType::Inline,
        dest_url: target.into(),
        title: "".into(),
        id: "".into(),
    })
}

/// Makes links of the http and https addresses in text outside links and code.
fn link_bare_addresses(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let mut linked = Vec::with_capacity(events.len());
    let mut closed = 0_usize;
    for event in TextMergeStream::new(events.into_iter()) {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => closed = closed.saturating_sub(1),
            Event::Text(text) if closed == 0 && text.contains("://") => {
                push_linked(&mut linked, &finder, text);
                continue;
            }
            _ => {}
        }
        linked.push(event);
    }
    linked
}

/// Pushes text and the links in it. Quotation marks, the full stops of East Asian scripts and marks of direction end
/// an address wherever they stand, though they could be part of one.
fn push_linked(events: &mut Vec<Event<'_>>, finder: &LinkFinder, text: &str) {
    let pieces = text.split_inclusive(ends_address);
    for span in pieces.flat_map(|piece| finder.spans(piece)) {
        let found = span.as_str();
        let address = match span.kind() {
            Some(_) => {
                found.trim_end_matches(|letter| ends_address(letter) || TRAILS.contains(&letter))
            }
            None => "",
        };
        match target(LinkType::Inline, address) {
            Some(target) => {
                events.push(start_of_link(target));
                events.push(Event::Text(address.to_owned().into()));
                events.push(Event::End(TagEnd::Link));
                let rest = found.get(address.len()..).unwrap_or_default();
                events.push(Event::Text(rest.to_owned().into()));
            }
            None => events.push(Event::Text(found.to_owned().into())),
        }
    }
}

fn ends_address(letter: char) -> bool {
    ENDS.contains(&letter) || bidi::is_mark(letter)
}

const ENDS: [char; 20] = [
    '“', '”', '„', '«', '»', '。', '，', '、', '；', '：', '！', '？', '（', '）', '「', '」',
    '『', '』', '【', '】',
];
/// What may stand inside an address but not at its end.
const TRAILS: [char; 11] = ['‘', '’', '…', '·', '.', ',', ';', ':', '!', '?', '\''];
