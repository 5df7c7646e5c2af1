//! What the database holds about one person: the comment or report of a receipt, everything of a recognised author, everything
//! that carries an e-mail address.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{
    audit_texts, author_devices, author_holds, authors, comments, decisions, reports, staff_notes,
};
use super::values::storable;

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Whoever holds the receipt of a reply or of a report.
    Receipt(String),
    /// The author of this number, recognised by their device.
    Author(i64),
    /// Whoever typed this address, in any case of letters.
    Email(String),
}

/// What is theirs, by the ids of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub comments: Vec<i64>,
    /// Reports that they sent.
    pub reports: Vec<i64>,
    /// Of whom nothing else is left.
    pub authors: Vec<i64>,
    /// Names of two words or more, and addresses: by these they are looked for in what colleagues wrote. A name of one word is
    /// many people's.
    pub known_as: Vec<String>,
}

/// Rows that are read at once.
const PAGE: i64 = 1_000;

/// `None` when there is nothing.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, whose: &Whose) -> Result<Option<Person>> {
    let mut person = Person::default();
    match whose {
        Whose::Receipt(receipt) if storable(receipt) => {
            person.comments = comments::table
                .filter(comments::receipt.eq(receipt))
                .select(comments::id)
                .load(db)?;
            person.reports = reports::table
                .filter(reports::receipt.eq(receipt))
                .select(reports::id)
                .load(db)?;
        }
        Whose::Author(author) => {
            person.authors = authors::table
                .filter(authors::id.eq(author))
                .select(authors::id)
                .load(db)?;
            person.comments = comments::table
                .filter(comments::author_id.eq(author))
                .order(comments::id.desc())
                .select(comments::id)
                .load(db)?;
        }
        Whose::Email(email) if storable(email) => of_email(db, email, &mut person)?,
        Whose::Receipt(_) | Whose::Email(_) => {}
    }
    let nothing = [&person.comments, &person.reports, &person.authors];
    if nothing.iter().all(|ids| ids.is_empty()) {
        return Ok(None);
    }
    person.known_as = known_as(db, &person)?;
    Ok(Some(person))
}

fn of_email(db: &mut Db, email: &str, person: &mut Person) -> Result<()> {
    let key = email.trim().to_lowercase();
    if key.is_empty() {
        return Ok(());
    }
    let theirs: Vec<(i64, Option<i64>)> = comments::table
        .filter(comments::email_key.eq(&key))
        .order(comments::id.desc())
        .select((comments::id, comments::author_id))
        .load(db)?;
    person.comments = theirs.iter().map(|(id, _)| *id).collect();
    let mut known: Vec<i64> = theirs
        .into_iter()
        .filter_map(|(_, author)| author)
        .collect();
    known.sort_unstable();
    known.dedup();
    for author in known {
        // Somebody who said something without this address may be somebody else on the same device.
        let others: i64 = comments::table
            .filter(comments::author_id.eq(author))
            .filter(comments::email_key.ne(&key))
            .filter(comments::body.ne(""))
            .count()
            .get_result(db)?;
        if others == 0 {
            person.authors.push(author);
        }
    }
    let mut after = 0;
    loop {
        let page: Vec<(i64, String)> = reports::table
            .filter(reports::id.gt(after))
            .filter(reports::contact_email.ne(""))
            .order(reports::id.asc())
            .limit(PAGE)
            .select((reports::id, reports::contact_email))
            .load(db)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        let theirs = page
            .iter()
            .filter(|(_, contact)| contact.to_lowercase() == key);
        person.reports.extend(theirs.map(|(id, _)| *id));
    }
}

/// What they are called, in small letters.
fn known_as(db: &mut Db, person: &Person) -> Result<Vec<String>> {
    let mut found: Vec<(String, String)> = comments::table
        .filter(comments::id.eq_any(person.comments.clone()))
        .select((comments::name, comments::email))
        .load(db)?;
    found.extend(
        reports::table
            .filter(reports::id.eq_any(person.reports.clone()))
            .select((reports::contact_name, reports::contact_email))
            .load::<(String, String)>(db)?,
    );
    let names = found
        .iter()
        .filter(|(name, _)| name.split_whitespace().count() > 1)
        .map(|(name, _)| name.to_lowercase());
    let emails = found.iter().map(|(_, email)| email.to_lowercase());
    let mut all: Vec<String> = names
        .chain(emails)
        .filter(|word| !word.is_empty())
        .collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

impl Person {
    /// Whether a text names them: as whole words, in any case of letters.
    pub fn is_named_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        self.known_as.iter().any(|word| {
            text.match_indices(word.as_str()).any(|(at, found)| {
                let (before, after) = (text.get(..at), text.get(at + found.len()..));
                !letter(before.and_then(|text| text.chars().next_back()))
                    && !letter(after.and_then(|text| text.chars().next()))
            })
        })
    }
}

/// Where colleagues wrote about them, by the ids of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Entries of the audit log with a text.
    pub entries: Vec<i64>,
    pub notes: Vec<i64>,
    /// Decisions with a note to an author or to reporters.
    pub decisions: Vec<i64>,
    /// Holds of authors with a reason.
    pub holds: Vec<i64>,
}

/// Looks through everything that colleagues wrote, page by page.
///
/// # Errors
/// Those of the engine.
pub fn mentions(db: &mut Db, person: &Person) -> Result<Mentions> {
    macro_rules! named {
        ($table:ident, $id:ident, $text:ident) => {{
            let (mut found, mut after) = (Vec::new(), 0_i64);
            loop {
                let page: Vec<(i64, String)> = $table::table
                    .filter($table::$id.gt(after))
                    .filter($table::$text.ne(""))
                    .order($table::$id.asc())
                    .limit(PAGE)
                    .select(($table::$id, $table::$text))
                    .load(db)?;
                let Some((last, _)) = page.last() else { break };
                after = *last;
                let named = page.iter().filter(|(_, text)| person.is_named_in(text));
                found.extend(named.map(|(id, _)| *id));
            }
            found
        }};
    }
    if person.known_as.is_empty() {
        return Ok(Mentions::default());
    }
    Ok(Mentions {
        entries: named!(audit_texts, entry_id, text),
        notes: named!(staff_notes, id, text),
        decisions: named!(decisions, id, note),
        holds: named!(author_holds, id, reason),
    })
}

/// How much there is of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub comments: usize,
    pub reports: usize,
    pub authors: usize,
    pub devices: i64,
    pub holds: usize,
    /// Notes among colleagues.
    pub notes: usize,
    /// Texts of colleagues that name them elsewhere.
    pub mentions: usize,
}

/// Counts what is theirs, without writing anything.
///
/// # Errors
/// Those of the engine.
pub fn counts(db: &mut Db, person: &Person) -> Result<Counts> {
    Ok(Counts {
        comments: person.comments.len(),
        reports: person.reports.len(),
        authors: person.authors.len(),
        devices: author_devices::table
            .filter(author_devices::author_id.eq_any(person.authors.clone()))
            .count()
            .get_result(db)?,
        holds: holds(db, person)?.len(),
        notes: notes(db, person)?.len(),
        mentions: {
            let found = mentions(db, person)?;
            [found.entries, found.notes, found.decisions, found.holds]
                .iter()
                .map(Vec::len)
                .sum()
        },
    })
}

/// Holds made for their comments or for them.
///
/// # Errors
/// Those of the engine.
pub fn holds(db: &mut Db, person: &Person) -> Result<Vec<i64>> {
    let emails: Vec<&String> = (person.known_as.iter())
        .filter(|word| word.contains('@'))
        .collect();
    let authors: Vec<Option<i64>> = person.authors.iter().copied().map(Some).collect();
    Ok(author_holds::table
        .filter(
            author_holds::comment_id
                .eq_any(person.comments.clone())
                .or(author_holds::author_id.eq_any(authors))
                .or(author_holds::email_key.eq_any(emails)),
        )
        .order(author_holds::id.asc())
        .select(author_holds::id)
        .load(db)?)
}

/// Notes among colleagues on their comments and on them.
///
/// # Errors
/// Those of the engine.
pub fn notes(db: &mut Db, person: &Person) -> Result<Vec<i64>> {
    let comments: Vec<Option<i64>> = person.comments.iter().copied().map(Some).collect();
    let authors: Vec<Option<i64>> = person.authors.iter().copied().map(Some).collect();
    Ok(staff_notes::table
        .filter(
            staff_notes::comment_id
                .eq_any(comments)
                .or(staff_notes::author_id.eq_any(authors)),
        )
        .order(staff_notes::id.asc())
        .select(staff_notes::id)
        .load(db)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_named_by_whole_words_in_any_case() {
        let person = Person {
            known_as: vec!["ama mensah".into(), "ama@example.org".into()],
            ..Person::default()
        };
        for text in ["Ask Ama Mensah.", "AMA MENSAH", "<Ama@Example.org>"] {
            assert!(person.is_named_in(text), "{text}");
        }
        for text in [
            "Ama said so",
            "Gama Mensah",
            "ama mensahs",
            "mama@example.org",
            "",
        ] {
            assert!(!person.is_named_in(text), "{text}");
        }
    }
}
