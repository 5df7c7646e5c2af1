//! A limit on nesting, kept before any HTML is made: building the tree of deeply nested HTML takes
//! quadratic time.

use pulldown_cmark::{Event, Tag, TagEnd};

/// Most elements around any piece of text.
pub(super) const MAX_DEPTH: usize = 16;
/// Most elements around a paragraph, code block or table, so that these and their marks fit below.
const MAX_BLOCK_DEPTH: usize = 12;

/// The same events, without the containers and marks that would nest deeper than [`MAX_DEPTH`].
/// Their contents stay, parted by line breaks where they would run together.
pub(super) fn cap<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let mut capped = Capped::default();
    for event in events {
        capped.take(event);
    }
    capped.events
}

#[derive(Default)]
struct Capped<'a> {
    events: Vec<Event<'a>>,
    open: Vec<Open>,
    depth: usize,
    /// A container was left out since the last event, so what follows starts a line.
    parted: bool,
}

#[derive(Clone, Copy)]
struct Open {
    kept: bool,
    cost: usize,
}

impl<'a> Capped<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Html(_) | Event::Rule => self.push_block(event),
            _ => self.push_inline(event),
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        let within = self.open.last().is_none_or(|open| open.kept);
        let (kept, cost) = match tag {
            Tag::BlockQuote(_) => (self.depth < MAX_BLOCK_DEPTH, 1),
            Tag::List(_) => (self.depth + 2 <= MAX_BLOCK_DEPTH, 2),
            Tag::Item => (within, 0),
            Tag::Paragraph | Tag::Heading { .. } => (true, 1),
            Tag::CodeBlock(_) => (true, 2),
            Tag::Table(_) => (true, 4),
            Tag::TableHead | Tag::TableRow | Tag::TableCell | Tag::HtmlBlock => (true, 0),
            _ => (self.depth < MAX_DEPTH, 1),
        };
        let cost = if kept { cost } else { 0 };
        self.open.push(Open { kept, cost });
        self.depth += cost;
        let inline = is_inline(tag.to_end());
        match (kept, inline) {
            (true, true) => self.push_inline(Event::Start(tag)),
            (true, false) => self.push_block(Event::Start(tag)),
            (false, true) => {}
            (false, false) => self.parted = true,
        }
    }

    fn end(&mut self, end: TagEnd) {
        let Some(open) = self.open.pop() else {
            return;
        };
        self.depth -= open.cost;
        if open.kept {
            self.events.push(Event::End(end));
        } else if !is_inline(end) {
            self.parted = true;
        }
    }

    fn push_block(&mut self, event: Event<'a>) {
        self.parted = false;
        self.events.push(event);
    }

    fn push_inline(&mut self, event: Event<'a>) {
        if self.parted && self.events.last().is_some_and(ends_inline) {
            self.events.push(Event::HardBreak);
        }
        self.parted = false;
        self.events.push(event);
    }
}

fn ends_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_) | Event::Code(_) | Event::InlineHtml(_) => true,
        Event::End(end) => is_inline(*end),
        _ => false,
    }
}

fn is_inline(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::Parser;

    fn deepest(events: &[Event<'_>]) -> usize {
        let (mut depth, mut deepest) = (0_usize, 0);
        for event in events {
            match event {
                Event::Start(Tag::CodeBlock(_)) => depth += 2,
                Event::Start(_) => depth += 1,
                Event::End(TagEnd::CodeBlock) => depth -= 2,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            deepest = deepest.max(depth);
        }
        assert_eq!(depth, 0, "starts and ends do not match");
        deepest
    }

    fn words(events: &[Event<'_>]) -> String {
        let mut words = String::new();
        for event in events {
            match event {
                Event::Text(text) | Event::Code(text) => words.push_str(text),
                Event::HardBreak => words.push('|'),
                _ => {}
            }
        }
        words
    }

    #[test]
    fn nothing_nests_deeper_than_the_limit_and_no_word_is_lost() {
        let quotes = format!("{} quoted *and **marked***", ">".repeat(100));
        let items = format!("{}item", "- ".repeat(100));
        for source in [quotes.as_str(), items.as_str()] {
            let events = cap(Parser::new(source));
            assert!(deepest(&events) <= MAX_DEPTH);
            let all: Vec<_> = Parser::new(source).collect();
            assert_eq!(words(&events), words(&all));
        }
    }

    #[test]
    fn a_shallow_text_is_left_alone() {
        let source = "> a\n> - b\n>   - *c* **d**\n\n```\ncode\n```\n";
        let plain: Vec<_> = Parser::new(source).collect();
        assert_eq!(cap(Parser::new(source)), plain);
    }

    #[test]
    fn flattened_items_do_not_run_together() {
        let mut source = String::new();
        for level in 0..12 {
            source.push_str(&" ".repeat(level * 2));
            source.push_str(&format!("- item{level}\n"));
        }
        let events = cap(Parser::new(&source));
        assert!(deepest(&events) <= MAX_DEPTH);
        assert!(words(&events).contains("item10|item11"));
    }
}
