//! Rows of an older version are rendered anew beside readers, whatever happens in the middle, and shown so.

mod support;

use std::time::{Duration, Instant};

use diesel::prelude::*;
use rejoinder::jobs::rerender;
use rejoinder::moderation::Status;
use rejoinder::store::rerendering;
use rejoinder::store::schema::{articles, comment_terms, comments, revisions};
use rejoinder::store::search::{self, Terms};
use rejoinder::store::{Db, Store, replies, settings, transaction};
use rejoinder::text::HTML_VERSION;
use support::{Database, Engine, Server, on_each_engine, rows, searches};

/// What the old version made of every text.
const OLD: &str = "<p>As it was.</p>";

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// A comment as the first version stored it.
fn old_comment(db: &mut Db, body: &str, status: Status) -> i64 {
    let mut new = rows::reply("ferry", body);
    OLD.clone_into(&mut new.body_html);
    new.html_version = 1;
    "Ádám".clone_into(&mut new.submission.name);
    "Adam@Example.ORG".clone_into(&mut new.submission.email);
    transaction(db, |db| replies::submit(db, &new)).unwrap();
    let id = comments::table
        .select(diesel::dsl::max(comments::id))
        .first::<Option<i64>>(db)
        .unwrap()
        .unwrap();
    diesel::update(comments::table.find(id))
        .set((
            comments::status.eq(status.code()),
            comments::name_key.eq(""),
            comments::email_key.eq(""),
        ))
        .execute(db)
        .unwrap();
    id
}

fn old_revision(db: &mut Db, comment: i64, body: &str, previous: &str) {
    diesel::insert_into(revisions::table)
        .values((
            revisions::comment_id.eq(comment),
            revisions::status.eq(0_i16),
            revisions::body.eq(body),
            revisions::body_html.eq(OLD),
            revisions::html_version.eq(1_i16),
            revisions::hold.eq("[]"),
            revisions::created_at.eq(rows::NOW.0),
            revisions::previous_body.eq(previous),
            revisions::previous_html.eq(if previous.is_empty() { "" } else { OLD }),
        ))
        .execute(db)
        .unwrap();
}

/// A database with an article called ferry.
fn database(engine: Engine) -> (Database, Db) {
    let database = Database::new(engine);
    let mut db = database.connect();
    rows::article(&mut db, "ferry");
    (database, db)
}

/// Runs the job to its end, as a start of the server would.
fn rerender(database: &Database) -> usize {
    let store = Store::serve(&database.target()).unwrap();
    let written = block_on(rerender::run(&store)).unwrap();
    store.close();
    written
}

fn html_of(db: &mut Db, id: i64) -> (String, i16) {
    comments::table
        .find(id)
        .select((comments::body_html, comments::html_version))
        .first(db)
        .unwrap()
}

fn page_version(db: &mut Db) -> i64 {
    articles::table
        .select(articles::page_version)
        .first(db)
        .unwrap()
}

#[test]
fn what_an_old_version_stored_is_shown_rendered_anew() {
    on_each_engine(|engine| {
        let (database, mut db) = database(engine);
        let id = old_comment(&mut db, "The *late* ferry\u{202e}.", Status::Approved);
        let before = page_version(&mut db);
        assert_eq!(rerender(&database), 1);
        assert_eq!(page_version(&mut db), before + 1);
        let keys: (String, String) = comments::table
            .find(id)
            .select((comments::name_key, comments::email_key))
            .first(&mut db)
            .unwrap();
        assert_eq!(keys, ("adam".to_owned(), "adam@example.org".to_owned()));
        drop(db);
        let server = Server::over(database, &[]);
        let page = server.visitor().get("/articles/ferry");
        assert_eq!(page.only(".comment .c-body em"), "late");
        assert!(!page.text().contains("As it was"), "{}", page.text());
    });
}

#[test]
fn nothing_is_done_twice_and_what_is_as_it_should_be_is_left_alone() {
    on_each_engine(|engine| {
        let (database, mut db) = database(engine);
        let waiting = old_comment(&mut db, "Not seen yet.", Status::Pending);
        let withdrawn = old_comment(&mut db, "Gone.", Status::Withdrawn);
        diesel::update(comments::table.find(withdrawn))
            .set((comments::body.eq(""), comments::body_html.eq("")))
            .execute(&mut db)
            .unwrap();
        let before = page_version(&mut db);
        assert_eq!(rerender(&database), 1);
        // Nobody but its author and the desk sees it: no page has changed.
        assert_eq!(page_version(&mut db), before);
        let new = ("<p>Not seen yet.</p>\n".to_owned(), HTML_VERSION);
        assert_eq!(html_of(&mut db, waiting), new);
        assert_eq!(html_of(&mut db, withdrawn), (String::new(), 1));

        // The mark alone is looked at from now on.
        let late = old_comment(&mut db, "From elsewhere.", Status::Approved);
        assert_eq!(rerender(&database), 0);
        assert_eq!(html_of(&mut db, late), (OLD.to_owned(), 1));
    });
}

#[test]
fn revisions_are_rendered_anew_with_the_texts_that_they_replaced() {
    on_each_engine(|engine| {
        let (database, mut db) = database(engine);
        let id = old_comment(&mut db, "Second.", Status::Approved);
        old_revision(&mut db, id, "*Second*", "*First*");
        old_revision(&mut db, id, "*Third*", "");
        assert_eq!(rerender(&database), 3);
        let texts: Vec<(String, i16, String)> = revisions::table
            .order(revisions::id)
            .select((
                revisions::body_html,
                revisions::html_version,
                revisions::previous_html,
            ))
            .load(&mut db)
            .unwrap();
        let made = |word: &str| format!("<p><em>{word}</em></p>\n");
        assert_eq!(
            texts,
            [
                (made("Second"), HTML_VERSION, made("First")),
                (made("Third"), HTML_VERSION, String::new())
            ]
        );
    });
}

#[test]
fn a_text_that_changed_meanwhile_is_left_as_it_is() {
    on_each_engine(|engine| {
        let (_database, mut db) = database(engine);
        let id = old_comment(&mut db, "Before.", Status::Approved);
        let before = rerendering::comments(&mut db, i64::MAX).unwrap().remove(0);
        diesel::update(comments::table.find(id))
            .set((
                comments::body.eq("After."),
                comments::body_html.eq("<p>After.</p>"),
                comments::html_version.eq(HTML_VERSION),
            ))
            .execute(&mut db)
            .unwrap();
        let mut after = before.clone();
        "<p>Before.</p>".clone_into(&mut after.text.body_html);
        let change = rerendering::Change { before, after };
        let version = page_version(&mut db);
        let slice = transaction(&mut db, |db| {
            rerendering::write_comments(db, std::slice::from_ref(&change))
        })
        .unwrap();
        assert_eq!((slice.through, slice.written), (1, 0));
        assert_eq!(page_version(&mut db), version);
        let kept = ("<p>After.</p>".to_owned(), HTML_VERSION);
        assert_eq!(html_of(&mut db, id), kept);
    });
}

/// How many comments are as the old version left them, and how many are not.
fn old_and_new(db: &mut Db) -> (i64, i64) {
    let count = |db: &mut Db, old: bool| {
        let all = comments::table.count().into_boxed();
        let some = if old {
            all.filter(comments::html_version.ne(HTML_VERSION))
        } else {
            all.filter(comments::html_version.eq(HTML_VERSION))
        };
        some.get_result(db).unwrap()
    };
    (count(db, true), count(db, false))
}

#[test]
fn a_job_that_ends_in_the_middle_is_finished_at_the_next_start() {
    on_each_engine(|engine| {
        let (database, mut db) = database(engine);
        for number in 0..250 {
            old_comment(&mut db, &format!("Number *{number}*"), Status::Approved);
        }
        let store = Store::serve(&database.target()).unwrap();
        block_on(async {
            let job = rerender::run(&store);
            tokio::pin!(job);
            let begun = Instant::now();
            // The job gets a little time again and again, until it is in the middle of its work; then it gets none.
            while old_and_new(&mut db).1 == 0 {
                assert!(
                    begun.elapsed() < Duration::from_secs(20),
                    "it does not begin"
                );
                let step = tokio::time::timeout(Duration::from_millis(5), &mut job).await;
                assert!(step.is_err(), "it had nothing to do");
            }
        });
        store.close();
        drop(store);
        let (old, new) = old_and_new(&mut db);
        assert!(old > 0 && new > 0, "{old} old, {new} new");
        assert_eq!(rerender(&database), usize::try_from(old).unwrap());
        assert_eq!(old_and_new(&mut db), (0, 250));
        assert_eq!(rerender(&database), 0);
    });
}

/// Links a comment to the last revision, as one that waits.
fn let_revision_wait(db: &mut Db, comment: i64) {
    let last: Option<i64> = revisions::table
        .select(diesel::dsl::max(revisions::id))
        .first(db)
        .unwrap();
    diesel::update(comments::table.find(comment))
        .set(comments::revision_id.eq(last))
        .execute(db)
        .unwrap();
}

#[test]
fn comments_from_before_there_was_a_search_are_found() {
    on_each_engine(|engine| {
        let (database, mut db) = database(engine);
        let first = old_comment(&mut db, "Die Straße", Status::Approved);
        let edited = old_comment(&mut db, "The ferry", Status::Approved);
        old_revision(&mut db, edited, "The bridge", "");
        let_revision_wait(&mut db, edited);
        let withdrawn = old_comment(&mut db, "The tunnel", Status::Approved);
        diesel::update(comments::table.find(withdrawn))
            .set((
                comments::status.eq(Status::Withdrawn.code()),
                comments::body.eq(""),
                comments::body_html.eq(""),
                comments::name.eq(""),
            ))
            .execute(&mut db)
            .unwrap();
        diesel::delete(comment_terms::table)
            .execute(&mut db)
            .unwrap();
        settings::set(&mut db, "rendered_with", &HTML_VERSION.to_string()).unwrap();
        assert_eq!(searches::find(&mut db, "strasse"), [0_i64; 0]);

        rerender(&database);
        assert_eq!(searches::find(&mut db, "strasse"), [first]);
        assert_eq!(searches::find(&mut db, "ferry"), [edited]);
        assert_eq!(searches::find(&mut db, "bridge"), [edited]);
        assert_eq!(searches::find(&mut db, "adam"), [first, edited]);
        let kept: Vec<i64> = comment_terms::table
            .order(comment_terms::comment_id)
            .select(comment_terms::comment_id)
            .load(&mut db)
            .unwrap();
        assert_eq!(kept, [first, edited], "{withdrawn} has no words");
        let key: i64 = comment_terms::table
            .find(first)
            .select(comment_terms::text_key)
            .first(&mut db)
            .unwrap();
        assert_eq!(key, Terms::of("", "die strasse").text_key);
    });
}

#[test]
fn terms_of_an_older_version_are_made_anew_once() {
    on_each_engine(|engine| {
        let (database, mut db) = database(engine);
        let id = old_comment(&mut db, "Die Straße", Status::Approved);
        rerender(&database);
        let old = Terms::of("", "as it was");
        search::replace(&mut db, id, &old).unwrap();
        assert_eq!(rerender(&database), 0, "the mark alone is looked at");
        settings::set(&mut db, "rendered_with", &format!("{HTML_VERSION}.0")).unwrap();
        let version = page_version(&mut db);
        assert_eq!(rerender(&database), 1);
        assert_eq!(searches::find(&mut db, "strasse"), [id]);
        assert_eq!(searches::find(&mut db, "was"), [0_i64; 0]);
        assert_eq!(page_version(&mut db), version, "readers see what they saw");
    });
}

#[test]
fn the_words_of_an_edit_made_meanwhile_stay() {
    on_each_engine(|engine| {
        let (_database, mut db) = database(engine);
        let id = old_comment(&mut db, "Before", Status::Approved);
        let before = rerendering::comments(&mut db, i64::MAX).unwrap().remove(0);
        let mut after = before.clone();
        after.terms = Some(Terms::of("", "before"));
        let change = rerendering::Change { before, after };
        // The edit waits: the comment itself is as it was.
        old_revision(&mut db, id, "Afterwards", "");
        let_revision_wait(&mut db, id);
        search::replace(
            &mut db,
            id,
            &Terms::of("", "before").with_edit(Some("afterwards")),
        )
        .unwrap();
        let slice = transaction(&mut db, |db| {
            rerendering::write_comments(db, std::slice::from_ref(&change))
        })
        .unwrap();
        assert_eq!((slice.through, slice.written), (1, 0));
        assert_eq!(searches::find(&mut db, "afterwards"), [id]);
    });
}
