//! Forms, read strictly: bounded, in time, percent-decoded without guessing, each field once.

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{BytesMut, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;

use super::error::Error;
use crate::moderation::{Field, FieldErrors, Problem};
use crate::views::error::{Kept, KeptForm};

/// A body has to arrive within this time.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Fields of a form; a form of ours has a tenth of it.
const MOST_FIELDS: usize = 100;

/// The decoded fields of a form.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<(String, Vec<u8>)>,
}

/// A field as it was sent.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Bytes that are no UTF-8 are replaced.
    pub text: String,
    /// What is wrong with it already.
    pub problem: Option<Problem>,
}

impl Form {
    /// Reads a form of at most `limit` bytes.
    ///
    /// # Errors
    /// 413, 415, 400, or 408 when it does not arrive in time; then with the text that did.
    pub async fn read(
        request: &HttpRequest,
        payload: Payload,
        limit: usize,
    ) -> Result<Self, Error> {
        if request.content_type() != "application/x-www-form-urlencoded"
            || request.headers().contains_key(header::CONTENT_ENCODING)
        {
            return Err(Error::WrongType);
        }
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<usize>().ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(Error::TooLarge);
        }
        let mut body = BytesMut::new();
        let arriving = collect(payload, limit, &mut body);
        match actix_web::rt::time::timeout(BODY_TIME, arriving).await {
            Ok(whole) => whole?,
            Err(_) => return Err(Error::TooSlow(unfinished(request.path(), &body))),
        }
        Self::parse(&body).ok_or(Error::BadRequest)
    }

    /// `None` when percent-encoding is broken or there are too many fields.
    fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Vec::new();
        for pair in body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            if fields.len() == MOST_FIELDS {
                return None;
            }
            // A name that is no UTF-8 is no name of ours.
            if let Ok(name) = String::from_utf8(name) {
                fields.push((name, value));
            }
        }
        Some(Self { fields })
    }

    /// A field of the reply form, empty when it is missing.
    pub fn sent(&self, name: &str) -> Sent {
        let mut values = self
            .fields
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value);
        let Some(value) = values.next() else {
            return Sent::default();
        };
        let (text, problem) = match std::str::from_utf8(value) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => (
                String::from_utf8_lossy(value).into_owned(),
                Some(Problem::NotText),
            ),
        };
        Sent {
            text,
            problem: if values.next().is_some() {
                Some(Problem::Twice)
            } else {
                problem
            },
        }
    }

    /// A field that our own pages fill in: its text.
    ///
    /// # Errors
    /// 400 when it came twice or is no UTF-8.
    pub fn plain(&self, name: &str) -> Result<String, Error> {
        let sent = self.sent(name);
        match sent.problem {
            None => Ok(sent.text),
            Some(_) => Err(Error::BadRequest),
        }
    }

    /// Every value of a field that may come more than once, such as tick boxes of one name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            .collect()
    }

    /// The text of a field that people fill in; its problem goes among the errors.
    pub fn text(&self, field: Field, errors: &mut FieldErrors) -> String {
        let sent = self.sent(field.key());
        if let Some(problem) = sent.problem {
            errors.add(field, problem);
        }
        sent.text
    }
}

async fn collect(mut payload: Payload, limit: usize, body: &mut BytesMut) -> Result<(), Error> {
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::BadRequest)?;
        if body.len() + chunk.len() > limit {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

/// The text of a form that broke off, to be copied: the last part of the path says which form it was. Nothing of a form
/// whose fields are secret.
fn unfinished(path: &str, body: &[u8]) -> Option<Box<Kept>> {
    let (back, last) = path.rsplit_once('/')?;
    let (form, field, back) = match last {
        "replies" => (KeptForm::Reply, "body", back),
        "edit" => (KeptForm::Edit, "body", back),
        "appeal" => (KeptForm::Appeal, "why", back),
        "report" => (KeptForm::Report, "explanation", back),
        "reply" => (KeptForm::Staff, "body", path),
        _ => return None,
    };
    // An escape that was cut in two is none.
    let whole = body.len()
        - body
            .iter()
            .rev()
            .take(2)
            .position(|byte| *byte == b'%')
            .map_or(0, |at| at + 1);
    let text = Form::parse(body.get(..whole)?)?.sent(field).text;
    (!text.trim().is_empty()).then(|| {
        Box::new(Kept {
            form,
            action: path.to_owned(),
            back: back.to_owned(),
            fields: Vec::new(),
            text: (field, text),
        })
    })
}

/// Percent-decoding as the URL standard has it for forms, but for escapes that are none: those are refused.
fn decode(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => hex(*bytes.next()?)? << 4 | hex(*bytes.next()?)?,
            other => *other,
        });
    }
    Some(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_decoded_once_and_strangers_ignored() {
        let form = Form::parse(b"name=A%6da+B&body=%25%2B%F0%9F%98%80&x=1&=2&&lonely").unwrap();
        assert_eq!(form.sent("name").text, "Ama B");
        assert_eq!(form.sent("body").text, "%+😀");
        assert_eq!(form.sent("lonely").text, "");
        assert_eq!(form.sent("email"), Sent::default());
    }

    #[test]
    fn a_field_says_when_it_came_twice_or_is_no_text() {
        let form = Form::parse(b"name=a&name=b&body=%ff%fe").unwrap();
        assert_eq!(form.sent("name").problem, Some(Problem::Twice));
        assert_eq!(form.sent("name").text, "a");
        assert_eq!(form.sent("body").problem, Some(Problem::NotText));
        assert!(form.plain("name").is_err());
    }

    #[test]
    fn what_arrived_of_a_text_is_kept_and_no_secret() {
        let kept = unfinished(
            "/articles/ferry/replies",
            b"name=Ama&body=The+boat%2C+late%2",
        )
        .unwrap();
        assert_eq!(kept.text, ("body", "The boat, late".to_owned()));
        assert_eq!(kept.back, "/articles/ferry");
        assert_eq!(
            unfinished("/replies/abc/appeal", b"why=Because%")
                .unwrap()
                .text
                .1,
            "Because"
        );
        assert_eq!(
            unfinished("/moderation/articles/1/reply", b"body=Yes")
                .unwrap()
                .back,
            "/moderation/articles/1/reply"
        );
        assert!(unfinished("/articles/ferry/replies", b"name=Ama&bo").is_none());
        assert!(unfinished("/login", b"name=Dana&password=wet+gravel").is_none());
    }

    #[test]
    fn broken_escapes_are_refused() {
        for body in ["a=%", "a=%2", "a=%zz", "%=1", "a=%%20"] {
            assert!(Form::parse(body.as_bytes()).is_none(), "{body}");
        }
        let many = "a=1&".repeat(MOST_FIELDS + 1);
        assert!(Form::parse(many.as_bytes()).is_none());
    }

    /// Holds what comes out of bytes to what went in.
    fn hold_to_rules(body: &[u8]) {
        let Some(form) = Form::parse(body) else {
            return;
        };
        assert!(form.fields.len() <= MOST_FIELDS);
        let decoded: usize = form
            .fields
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        assert!(decoded <= body.len(), "it grew");
        for (name, value) in &form.fields {
            let sent = form.sent(name);
            assert_eq!(form.all(name).first(), Some(&sent.text));
            let twice = form
                .fields
                .iter()
                .filter(|(known, _)| known == name)
                .count()
                > 1;
            let wrong = twice || std::str::from_utf8(value).is_err();
            assert_eq!(
                sent.problem.is_some(),
                wrong || sent.problem == Some(Problem::NotText),
                "{name}"
            );
            assert_eq!(form.plain(name).is_err(), sent.problem.is_some());
        }
    }

    #[test]
    fn nasty_bodies_are_read_or_refused() {
        for line in include_str!("../../tests/corpus/forms.txt").lines() {
            hold_to_rules(line.as_bytes());
        }
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300)) {
            hold_to_rules(&body);
        }

        #[test]
        fn pieces_of_forms_in_any_order_are_read_or_refused(
            body in "(a|name|=|&|\\+|%|%2|%25|%00|%ff|%C3%A9|%zz|[ -~]|é){0,60}"
        ) {
            hold_to_rules(body.as_bytes());
        }

        #[test]
        fn what_a_browser_encodes_is_read_as_it_was_typed(
            fields in prop::collection::vec((".{0,12}", any::<String>()), 0..MOST_FIELDS)
        ) {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let form = Form::parse(body.as_bytes()).unwrap();
            let read: Vec<(String, String)> = form.fields.iter()
                .map(|(name, value)| (name.clone(), String::from_utf8(value.clone()).unwrap()))
                .collect();
            prop_assert_eq!(read, fields);
        }
    }
}
