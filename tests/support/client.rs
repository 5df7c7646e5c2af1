//! A browser without script: keeps cookies, sends forms as a page has them, follows redirections when asked.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Page;

#[derive(Clone)]
pub struct Client {
    base: String,
    agent: ureq::Agent,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// A form as it goes out.
pub type Fields<'a> = &'a [(&'a str, &'a str)];

impl Client {
    pub fn new(base: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        Self {
            base: base.to_owned(),
            agent,
            cookies: RefCell::default(),
        }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        pairs.join("; ")
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    fn keep(&self, page: &Page) {
        for value in page.headers_named("set-cookie") {
            let pair = value.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
    }

    pub fn get(&self, path: &str) -> Page {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: Fields) -> Page {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let page = Page::read(request.call().unwrap());
        self.keep(&page);
        page
    }

    pub fn head(&self, path: &str) -> Page {
        let mut request = self.agent.head(format!("{}{path}", self.base));
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        Page::read(request.call().unwrap())
    }

    /// Posts a form from a page of the same site.
    pub fn post(&self, path: &str, fields: Fields) -> Page {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.post_raw(path, body.as_bytes(), &[("origin", &self.base)])
    }

    /// Posts a form from a page of the same site, as seen through a proxy from this address.
    pub fn post_from(&self, address: &str, path: &str, fields: Fields) -> Page {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [("origin", self.base.as_str()), ("x-forwarded-for", address)];
        self.post_raw(path, body.as_bytes(), &headers)
    }

    /// Posts bytes with these headers; a form's content type unless they say otherwise.
    pub fn post_raw(&self, path: &str, body: &[u8], headers: Fields) -> Page {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let page = Page::read(request.send(body).unwrap());
        self.keep(&page);
        page
    }

    /// Posts, expects 303, and gets where it leads.
    pub fn post_and_follow(&self, path: &str, fields: Fields) -> Page {
        let page = self.post(path, fields);
        assert_eq!(page.status, 303, "{}", page.text());
        self.get(&page.location())
    }

    pub fn sign_in(&self, name: &str, password: &str) -> Page {
        self.post(
            "/login",
            &[("name", name), ("password", password), ("next", "")],
        )
    }

    /// Sends a reply and says at which receipt it is.
    pub fn reply(&self, slug: &str, name: &str, body: &str) -> String {
        let fields = [("name", name), ("body", body), ("do", "send")];
        let page = self.post(&format!("/articles/{slug}/replies"), &fields);
        assert_eq!(page.status, 303, "{}", page.text());
        page.location()
    }

    pub fn answer(&self, slug: &str, parent: i64, name: &str, body: &str) -> String {
        let parent = parent.to_string();
        let fields = [
            ("name", name),
            ("body", body),
            ("parent", &parent),
            ("do", "send"),
        ];
        let page = self.post(&format!("/articles/{slug}/replies"), &fields);
        assert_eq!(page.status, 303, "{}", page.text());
        page.location()
    }

    /// Decides on the item that carries `text`, with the form of the list `tab`.
    pub fn decide(&self, tab: &str, text: &str, verdict: &str, ground: &str) -> Page {
        let list = self.get(&format!("/moderation?tab={tab}"));
        let id = list.item_with(text);
        self.decide_from(&list, id, verdict, ground)
    }

    /// Sends the form of this very page, however old it is.
    pub fn decide_from(&self, list: &Page, id: i64, verdict: &str, ground: &str) -> Page {
        let form = format!("#c-{id} form[action='/moderation/comments/{id}/decide']");
        let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
        self.post(
            &format!("/moderation/comments/{id}/decide"),
            &[
                ("csrf", &value("csrf")),
                ("version", &value("version")),
                ("view", &value("view")),
                ("do", verdict),
                ("ground", ground),
                ("note", ""),
            ],
        )
    }

    /// Presses the undo of this page.
    pub fn undo(&self, page: &Page) -> Page {
        let form = "main .toast form";
        self.post(
            &page.attribute(form, "action"),
            &[
                ("csrf", &page.value("main .toast form input[name=csrf]")),
                ("view", &page.value("main .toast form input[name=view]")),
            ],
        )
    }
}
