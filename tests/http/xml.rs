//! XML as a tree, read as strictly as XML 1.0 asks.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// An element. Its text is all the text in it, entities resolved.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The root of a document that has to be well-formed and free of characters that XML 1.0 cannot carry.
    #[track_caller]
    pub fn read(xml: &str) -> Self {
        let illegal: Vec<char> = xml.chars().filter(|c| !is_xml(*c)).collect();
        assert!(illegal.is_empty(), "{illegal:?} in {xml}");
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = true;
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event();
            match event.unwrap_or_else(|error| panic!("{error} in {xml}")) {
                Event::Start(start) => open.push(Self::opened(&start)),
                Event::Empty(start) => {
                    let element = Self::opened(&start);
                    open.last_mut().unwrap().children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(element);
                }
                Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
                Event::GeneralRef(entity) => {
                    let text = resolve(&format!("&{};", &*entity));
                    open.last_mut().unwrap().text.push_str(&text);
                }
                Event::Eof => break,
                Event::Decl(_) => {}
                other => panic!("{other:?} in {xml}"),
            }
        }
        assert_eq!(open.len(), 1, "an end tag is missing in {xml}");
        let mut roots = std::mem::take(&mut open[0].children);
        assert_eq!(roots.len(), 1, "one root in {xml}");
        roots.remove(0)
    }

    fn opened(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (attribute.key.as_ref().to_owned(), resolve(&attribute.value))
        });
        Self {
            name: start.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            ..Self::default()
        }
    }

    pub fn all(&self, name: &str) -> std::vec::IntoIter<&Self> {
        let named = self.children.iter().filter(|child| child.name == name);
        named.collect::<Vec<_>>().into_iter()
    }

    /// The only child of this name.
    #[track_caller]
    pub fn only(&self, name: &str) -> &Self {
        let found: Vec<_> = self.all(name).collect();
        assert_eq!(found.len(), 1, "one <{name}> in {self:?}");
        found[0]
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The Char of XML 1.0.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Text with its entities resolved: those that XML 1.0 knows, and no character that it cannot carry.
fn resolve(text: &str) -> String {
    let mut parts = text.split('&');
    let mut resolved = parts.next().unwrap().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';').expect("an entity ends");
        let c = match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            number => {
                let number = number.strip_prefix('#').expect("a known entity");
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(code.unwrap()).unwrap()
            }
        };
        assert!(is_xml(c), "&{entity}; stands for nothing in XML 1.0");
        resolved.push(c);
        resolved.push_str(rest);
    }
    resolved
}
