//! Requests as bytes.

use std::fmt::Write;
use std::net::SocketAddr;

/// Every request names the same host, so that both servers get the same bytes.
const HOST: &str = "bench.example";

/// A GET.
#[derive(Debug, Clone)]
pub struct Get {
    pub path: String,
    /// `Accept-Encoding`: `identity` or `br`.
    pub encoding: &'static str,
    /// `If-None-Match`.
    pub known: Option<String>,
    /// `Cookie`.
    pub cookie: Option<String>,
}

impl Get {
    pub fn identity(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            encoding: "identity",
            known: None,
            cookie: None,
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!(
            "GET {} HTTP/1.1\r\nhost: {HOST}\r\naccept-encoding: {}\r\n",
            self.path, self.encoding
        );
        for (name, value) in [("if-none-match", &self.known), ("cookie", &self.cookie)] {
            if let Some(value) = value {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}

/// Writes a form's request into `request`. `headers` are whole lines.
pub fn post(request: &mut Vec<u8>, path: &str, headers: &str, fields: &[(&str, &str)]) {
    let body: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let mut head = String::with_capacity(256);
    let written = write!(
        head,
        "POST {path} HTTP/1.1\r\nhost: {HOST}\r\norigin: http://{HOST}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    debug_assert!(written.is_ok());
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(body.as_bytes());
}

/// A port that nobody listens on now.
pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
