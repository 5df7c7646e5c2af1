//! The hosts that a comment's links lead to, and the domains above them.

use linkify::{LinkFinder, LinkKind};
use url::{Host, Url};

use super::html_tags::{self, Token};
use super::safe_html::SafeHtml;

/// The hosts of a rendered comment's links, and those that its words name without a link, each once: in lower case, of
/// international names the form with `xn--`. `words` is [`super::plain`] of it.
pub fn hosts(html: &SafeHtml, words: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut keep = |host: Option<String>| {
        if let Some(host) = host
            && !found.contains(&host)
        {
            found.push(host);
        }
    };
    for token in html_tags::tokens(html.as_str()) {
        if let Token::Start(tag) = token
            && tag.is("a")
        {
            keep(tag.attribute("href").as_deref().and_then(host_of));
        }
    }
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(false);
    for link in finder.links(words) {
        keep(host_of(link.as_str()));
    }
    found
}

/// The host of an address, typed with its scheme or without.
pub fn host_of(address: &str) -> Option<String> {
    let parsed = match Url::parse(address) {
        Ok(url) if url.has_host() => url,
        _ if address.contains("://") => return None,
        _ => Url::parse(&format!("http://{address}")).ok()?,
    };
    let host = parsed.host_str()?.trim_end_matches('.').to_owned();
    (!host.is_empty()).then_some(host)
}

/// A domain of a list in the form that [`hosts`] have; `None` when it is none. Typed with a dot or a star before it, it is the
/// same: its subdomains always belong to it.
pub fn domain(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let bare = typed.strip_prefix('*').unwrap_or(typed);
    let bare = bare.trim_start_matches('.').trim_end_matches('.');
    let host = Host::parse(bare).ok()?.to_string();
    // `url` takes any number for an address.
    let as_typed = host.contains(|letter: char| letter.is_alphabetic()) || bare == host;
    (!host.is_empty() && as_typed).then_some(host)
}

/// A host and every domain above it, longest first.
pub fn domains_of(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |domain| {
        domain.split_once('.').map(|(_, above)| above)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;
    use crate::text::plain;

    fn of(source: &str) -> Vec<String> {
        let html = text::comment(source);
        hosts(&html, &plain(html.as_str()))
    }

    #[test]
    fn links_and_named_hosts_are_found_once() {
        assert_eq!(
            of("[here](https://Lark.example/a), http://lark.example. and www.other.example/x"),
            ["lark.example", "www.other.example"]
        );
        assert_eq!(of("[x](http://bücher.example)"), ["xn--bcher-kva.example"]);
        assert_eq!(of("mail me at a@b.example"), Vec::<String>::new());
        assert_eq!(of("No links, e.g. none. At all"), Vec::<String>::new());
    }

    #[test]
    fn a_domain_has_one_form() {
        for (typed, form) in [
            ("Lark.example", Some("lark.example")),
            ("*.lark.example", Some("lark.example")),
            (".xyz", Some("xyz")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("192.0.2.1", Some("192.0.2.1")),
            ("12", None),
            ("a b", None),
            ("https://lark.example/", None),
            ("", None),
        ] {
            assert_eq!(domain(typed).as_deref(), form, "{typed}");
        }
    }

    #[test]
    fn the_domains_above_a_host_are_whole_labels() {
        let above: Vec<&str> = domains_of("a.lark.example").collect();
        assert_eq!(above, ["a.lark.example", "lark.example", "example"]);
    }
}
