//! Forms as pages have them, read by hand: a parser takes longer than the server does for the page.

use rejoinder::store::bulks::Picked;

/// A form of a list, as it was read.
#[derive(Debug, Clone)]
pub struct Item {
    pub comment: i64,
    pub version: i64,
    pub revision: Option<i64>,
    pub appeal: Option<i64>,
}

impl Item {
    /// Its tick box.
    pub fn tick(&self) -> Picked {
        Picked {
            comment: self.comment,
            version: self.version,
            revision: self.revision,
        }
    }
}

/// What the first field of this name holds.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let field = format!("name=\"{name}\" value=\"");
    let at = page.find(&field)? + field.len();
    page[at..].split('"').next().map(str::to_owned)
}

/// The forms of a list, one for each comment.
pub fn items(page: &str) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    for form in page.split("action=\"/moderation/comments/").skip(1) {
        let form = form.split("</form>").next().unwrap();
        let (comment, rest) = form.split_once('/').unwrap();
        let comment = comment.parse().unwrap();
        if !rest.starts_with("decide\"") || found.iter().any(|item| item.comment == comment) {
            continue;
        }
        let number = |name| hidden(form, name).map(|text| text.parse().unwrap());
        found.push(Item {
            comment,
            version: number("version").unwrap(),
            revision: number("revision"),
            appeal: number("appeal"),
        });
    }
    found
}

/// What the page before a bulk would decide.
pub fn picked(page: &str) -> Vec<Picked> {
    let words = hidden(page, "sel").unwrap_or_default();
    words.split(' ').filter_map(Picked::parse).collect()
}
