//! What tests of the desk share: its lists are read, its forms are sent.

use rejoinder::moderation::Role;
use rejoinder::time::{DAY, Timestamp};
use rejoinder::views;

use crate::support::client::Fields;
use crate::support::{Client, PASSWORD, Page, Server};

/// A reply that was sent: its receipt, and the comment.
pub struct Sent {
    pub receipt: String,
    pub id: i64,
}

/// Sends a reply through a proxy from this address.
pub fn reply_from(server: &Server, reader: &Client, network: &str, fields: Fields) -> Sent {
    let mut all = vec![("do", "send")];
    all.extend_from_slice(fields);
    let sent = reader.post_from(network, "/articles/ferry/replies", &all);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let receipt = sent.location();
    Sent {
        id: server.comment_at(&receipt),
        receipt,
    }
}

/// Sends a reply from the proxy itself.
pub fn reply(server: &Server, reader: &Client, name: &str, body: &str) -> Sent {
    let receipt = reader.reply("ferry", name, body);
    Sent {
        id: server.comment_at(&receipt),
        receipt,
    }
}

/// Edits a reply through its receipt.
pub fn edit(reader: &Client, receipt: &str, body: &str) {
    let form = reader.get(&format!("{receipt}/edit"));
    let seen = form.value("main [name=seen]");
    let fields = [("seen", seen.as_str()), ("body", body), ("do", "send")];
    let sent = reader.post(&format!("{receipt}/edit"), &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
}

/// Adds an admin and signs them in.
pub fn admin(server: &Server, name: &str) -> Client {
    server.account(name, Role::Admin);
    sign_in(server, name)
}

/// Signs in once more: after a long time, for example.
pub fn sign_in(server: &Server, name: &str) -> Client {
    let client = server.visitor();
    assert_eq!(client.sign_in(name, PASSWORD).status, 303);
    client
}

/// The comments that a page lists, in its order.
pub fn ids(page: &Page) -> Vec<i64> {
    let ids = page.attributes(".item", "id");
    ids.iter().map(|id| id[2..].parse().unwrap()).collect()
}

/// A list of the desk by the words of its address.
pub fn list(moderator: &Client, words: &str) -> Page {
    let page = moderator.get(&format!("/moderation?{words}"));
    assert_eq!(page.status, 200, "{words}");
    page
}

/// The comments of that list.
pub fn listed(moderator: &Client, words: &str) -> Vec<i64> {
    ids(&list(moderator, words))
}

/// Sends a form of the desk, with the token of its session.
pub fn post(moderator: &Client, path: &str, fields: Fields) -> Page {
    let csrf = moderator.get("/moderation").value("input[name=csrf]");
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    moderator.post(path, &all)
}

/// Decides on a comment with the form that a list has for it, and these fields.
pub fn decide(moderator: &Client, view: &str, id: i64, fields: Fields) -> Page {
    decide_from(moderator, &list(moderator, view), id, fields)
}

/// The same with the form of this very page, however old it is.
pub fn decide_from(moderator: &Client, page: &Page, id: i64, fields: Fields) -> Page {
    let path = format!("/moderation/comments/{id}/decide");
    let form = format!("#c-{id} form[action='{path}']");
    let value = |name: &str| page.value(&format!("{form} input[name={name}]"));
    let (csrf, version, view) = (value("csrf"), value("version"), value("view"));
    let mut all = vec![("csrf", &*csrf), ("version", &*version), ("view", &*view)];
    let edits = page.attributes(&format!("{form} input[name=revision]"), "value");
    all.extend(edits.first().map(|edit| ("revision", edit.as_str())));
    all.extend_from_slice(fields);
    moderator.post(&path, &all)
}

/// Does something with a claim, in a list.
pub fn claim(moderator: &Client, view: &str, id: i64, act: &str) -> Page {
    let fields = [("view", view), ("do", act)];
    post(
        moderator,
        &format!("/moderation/comments/{id}/claim"),
        &fields,
    )
}

/// What the line at the top says was done.
pub fn toast(moderator: &Client, answer: &Page) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    moderator.get(&answer.location()).only("main .toast p")
}

/// A day as pages of the server write it.
pub fn day(server: &Server, at: Timestamp) -> String {
    let zone = rejoinder::time::Zone::utc();
    let site = views::Site::new("Test", "en", zone, rejoinder::web::assets::addresses(), 1);
    views::dates::Dates::new(&site, server.now()).day(at).text
}

/// A date as a field has it, so many days from now.
pub fn date(server: &Server, days: i64) -> String {
    rejoinder::time::Zone::utc().date(server.now().plus(days * DAY))
}
