//! A browser's long name for itself, reduced to what its person knows it by.

use actix_web::HttpRequest;
use actix_web::http::header;

/// Marks of browsers. Most pretend to be others besides, so the order matters.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
];

/// Marks of systems, in order as well.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
    ("Linux", "Linux"),
];

/// Browser and system with a slash between: `Firefox/Linux`; what is not known is empty. Nothing else of the name is kept.
pub fn device(request: &HttpRequest) -> String {
    let named = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|name| name.to_str().ok());
    reduced(named.unwrap_or_default())
}

fn reduced(name: &str) -> String {
    let first = |marks: &[(&str, &'static str)]| {
        let mark = marks.iter().find(|(mark, _)| name.contains(mark));
        mark.map_or("", |(_, known)| known)
    };
    format!("{}/{}", first(&BROWSERS), first(&SYSTEMS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_its_name_and_system_and_nothing_more() {
        for (name, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox/Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
                "Edge/Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                "Safari/macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
                "Firefox/iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
                "Chrome/Android",
            ),
            ("curl/8.5.0", "curl/"),
            ("Something (Linux) that <b>nobody</b> knows", "/Linux"),
            ("", "/"),
        ] {
            assert_eq!(reduced(name), expected, "{name}");
        }
    }
}
