//! An answer as its reader sees it.

use scraper::{ElementRef, Html, Selector};

pub struct Page {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
    /// As they came, compressed or not.
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn read(mut response: ureq::http::Response<ureq::Body>) -> Self {
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        let bytes = response.body_mut().read_to_vec().unwrap_or_default();
        Self {
            status: response.status().as_u16(),
            headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn headers_named(&self, name: &str) -> Vec<String> {
        self.headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// All headers but the date, by name.
    pub fn headers(&self) -> Vec<(String, String)> {
        let mut headers = self.headers.clone();
        headers.retain(|(name, _)| name != "date");
        headers.sort();
        headers
    }

    pub fn location(&self) -> String {
        self.header("location").expect("no Location").to_owned()
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// All the words of the page, white space folded.
    pub fn text(&self) -> String {
        fold(&self.html().root_element())
    }

    /// The words of every element that matches.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html().select(&selector).map(|e| fold(&e)).collect()
    }

    /// The words of the only element that matches.
    pub fn only(&self, selector: &str) -> String {
        let texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "`{selector}` in {}", self.body);
        texts.into_iter().next().unwrap()
    }

    pub fn count(&self, selector: &str) -> usize {
        self.texts(selector).len()
    }

    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html()
            .select(&selector)
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        self.attributes(selector, name)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no `{selector}` with `{name}` in {}", self.body))
    }

    /// What a field holds.
    pub fn value(&self, selector: &str) -> String {
        let parsed = Selector::parse(selector).unwrap();
        let html = self.html();
        let field = html
            .select(&parsed)
            .next()
            .unwrap_or_else(|| panic!("no `{selector}` in {}", self.body));
        match field.value().name() {
            "textarea" => field.text().collect(),
            _ => field.attr("value").unwrap_or_default().to_owned(),
        }
    }

    /// The id of the comment that carries these words, on a page of the desk or an article's.
    pub fn item_with(&self, words: &str) -> i64 {
        let selector = Selector::parse("[id^=c-]").unwrap();
        self.html()
            .select(&selector)
            .find(|element| fold(element).contains(words))
            .and_then(|element| element.attr("id").and_then(|id| id[2..].parse().ok()))
            .unwrap_or_else(|| panic!("no item with `{words}` in {}", self.text()))
    }
}

fn fold(element: &ElementRef) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
