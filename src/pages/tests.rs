//! What the cache promises, with pages of a few bytes.

use std::sync::atomic::AtomicUsize;

use tokio::sync::oneshot;

use super::*;

const NOW: Timestamp = Timestamp(1_000_000_000);

fn pages() -> Arc<Pages> {
    Arc::new(Pages::new(1_000_000))
}

fn draft(text: &str, follows: Vec<Mark>) -> Draft {
    Draft::new(Page::new("text/plain", text.to_owned().into()), follows)
}

fn of_article(text: &str, version: i64) -> Draft {
    draft(text, vec![Mark::Article { id: 7, version }])
}

fn text(page: &Page) -> String {
    String::from_utf8(page.made(Encoding::Identity).unwrap().to_vec()).unwrap()
}

async fn got(pages: &Arc<Pages>, now: Timestamp, draft: Draft) -> String {
    text(
        &pages
            .get(Some("/a"), now, async { Ok(draft) })
            .await
            .unwrap(),
    )
}

#[tokio::test]
async fn a_page_is_rendered_once_until_its_article_changes() {
    let pages = pages();
    assert_eq!(got(&pages, NOW, of_article("one", 1)).await, "one");
    assert_eq!(got(&pages, NOW, of_article("two", 2)).await, "one");
    pages.tell_article(8, 5);
    assert_eq!(got(&pages, NOW, of_article("two", 2)).await, "one");
    pages.tell_article(7, 2);
    assert!(pages.find("/a", NOW).is_none());
    assert_eq!(got(&pages, NOW, of_article("two", 2)).await, "two");
    let figures = pages.figures();
    assert_eq!((figures.hits, figures.misses, figures.refreshes), (2, 2, 0));
}

#[tokio::test]
async fn a_rendering_that_began_before_a_change_is_not_handed_to_those_who_come_after_it() {
    let pages = pages();
    let (release, released) = oneshot::channel::<()>();
    let (began, begun) = oneshot::channel::<()>();
    let slow = {
        let pages = Arc::clone(&pages);
        tokio::spawn(async move {
            let render = async move {
                began.send(()).unwrap();
                released.await.unwrap();
                Ok(of_article("old", 1))
            };
            text(&pages.get(Some("/a"), NOW, render).await.unwrap())
        })
    };
    begun.await.unwrap();
    // It is told while the page is being rendered; nobody follows the article yet, and the sweep looks by.
    pages.tell_article(7, 2);
    assert_eq!(pages.followed().0, [7]);
    let later = {
        let pages = Arc::clone(&pages);
        tokio::spawn(async move { got(&pages, NOW, of_article("new", 2)).await })
    };
    while pages.figures().misses < 2 {
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    assert_eq!(slow.await.unwrap(), "old");
    assert_eq!(later.await.unwrap(), "new");
    assert_eq!(got(&pages, NOW, of_article("newest", 2)).await, "new");
}

#[tokio::test]
async fn many_who_ask_at_once_share_one_rendering_whatever_else_changes_meanwhile() {
    let pages = pages();
    let rendered = Arc::new(AtomicUsize::new(0));
    let (release, released) = tokio::sync::watch::channel(false);
    let mut askers = Vec::new();
    for asked in 1..=50 {
        let (asker, rendered) = (Arc::clone(&pages), Arc::clone(&rendered));
        let mut released = released.clone();
        askers.push(tokio::spawn(async move {
            let render = async move {
                rendered.fetch_add(1, Ordering::SeqCst);
                released.wait_for(|yes| *yes).await.unwrap();
                Ok(of_article("one", 1))
            };
            text(&asker.get(Some("/a"), NOW, render).await.unwrap())
        }));
        while pages.figures().misses < asked {
            tokio::task::yield_now().await;
        }
        pages.tell_article(100, asked.try_into().unwrap());
    }
    release.send(true).unwrap();
    for asker in askers {
        assert_eq!(asker.await.unwrap(), "one");
    }
    assert_eq!(rendered.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_page_grows_old_and_is_handed_out_for_want_of_another() {
    let pages = pages();
    assert_eq!(got(&pages, NOW, of_article("one", 1)).await, "one");
    let later = NOW.plus(FRESH);
    assert!(pages.find("/a", later).is_none());
    let dead = async { Err(Refusal::Unavailable("gone".into())) };
    assert_eq!(
        text(&pages.get(Some("/a"), later, dead).await.unwrap()),
        "one"
    );
    assert_eq!(pages.figures().stale, 1);
    // Nobody waits for the database again for a while; then somebody tries.
    assert!(pages.find("/a", later.plus(SPARE - 1)).is_some());
    let tried = later.plus(SPARE + SECOND);
    assert!(pages.find("/a", tried).is_none());
    assert_eq!(got(&pages, tried, of_article("two", 1)).await, "two");
    // Not for ever, and not when it is known to be wrong.
    let dead = async { Err(Refusal::Unavailable("gone".into())) };
    let much_later = tried.plus(STALE);
    assert!(pages.get(Some("/a"), much_later, dead).await.is_err());
    pages.tell_article(7, 2);
    let dead = async { Err(Refusal::Unavailable("gone".into())) };
    assert!(pages.get(Some("/a"), tried, dead).await.is_err());
}

#[tokio::test]
async fn a_page_that_is_still_true_is_handed_out_while_a_newer_one_hangs() {
    let pages = pages();
    assert_eq!(got(&pages, NOW, of_article("one", 1)).await, "one");
    let later = NOW.plus(FRESH);
    let hangs = std::future::pending();
    assert_eq!(
        text(&pages.get(Some("/a"), later, hangs).await.unwrap()),
        "one"
    );
    // The next one does not wait at all.
    assert!(pages.find("/a", later.plus(SPARE - 1)).is_some());
    assert_eq!(pages.figures().stale, 2);
}

#[tokio::test]
async fn one_page_that_takes_long_makes_no_other_old() {
    let pages = pages();
    for address in ["/a", "/long"] {
        let render = async { Ok(of_article("one", 1)) };
        pages.get(Some(address), NOW, render).await.unwrap();
    }
    let later = NOW.plus(FRESH);
    let hangs = std::future::pending();
    let old = pages.get(Some("/long"), later, hangs).await.unwrap();
    assert_eq!(text(&old), "one");
    assert!(pages.find("/long", later).is_some());
    assert!(pages.find("/a", later).is_none());
    assert_eq!(got(&pages, later, of_article("two", 1)).await, "two");
}

#[tokio::test]
async fn pages_further_back_never_take_the_place_of_the_first_ones() {
    let pages = pages();
    let window = |before| Window {
        before,
        after: None,
        rows: 20,
    };
    for id in 0..100 {
        pages.list(window(Some(id)));
    }
    let turn = pages.list(window(None));
    let mark = |turn, before| Mark::List {
        window: window(before),
        turn,
        fingerprint: 1,
    };
    assert_eq!(
        got(&pages, NOW, draft("first", vec![mark(turn, None)])).await,
        "first"
    );
    assert!(pages.find("/a", NOW).is_some());
    let turn = pages.list(window(Some(1_000)));
    let marks = vec![mark(turn, Some(1_000))];
    let far = async move { Ok(draft("far", marks)) };
    assert_eq!(text(&pages.get(Some("/b"), NOW, far).await.unwrap()), "far");
    assert!(pages.find("/b", NOW).is_none());
    assert_eq!(pages.figures().entries, 1);
}

#[test]
fn a_page_takes_no_more_memory_than_its_bytes() {
    let mut body = String::with_capacity(100_000);
    body.push_str("<p>Hello</p>");
    let page = Page::new("text/html", body.into());
    let whole = page.made(Encoding::Identity).unwrap();
    drop(page);
    assert_eq!(Vec::from(whole).capacity(), 12);
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_no_page_young_for_ever() {
    let pages = pages();
    assert_eq!(got(&pages, NOW, of_article("one", 1)).await, "one");
    let before = NOW.plus(-60 * MINUTE);
    assert_eq!(got(&pages, before, of_article("two", 1)).await, "two");
    assert_eq!(got(&pages, before, of_article("three", 1)).await, "two");
}

const FIRST: Window = Window {
    before: None,
    after: None,
    rows: 20,
};

/// What is at this address: an earlier page of the first list, or now one with this name, which shows an article in this version.
async fn listed(pages: &Arc<Pages>, address: &str, name: &'static str, version: i64) -> String {
    let reading = Arc::clone(pages);
    let render = async move {
        let mark = Mark::List {
            window: FIRST,
            turn: reading.list(FIRST),
            fingerprint: of_seven(version),
        };
        Ok(draft(name, vec![mark]))
    };
    text(&pages.get(Some(address), NOW, render).await.unwrap())
}

fn of_seven(version: i64) -> u64 {
    fingerprint([(7, version)].into_iter())
}

#[tokio::test]
async fn a_list_follows_every_article_and_what_is_found_in_the_database() {
    let pages = pages();
    let list = async |name, version| listed(&pages, "/", name, version).await;
    assert_eq!(list("one", 1).await, "one");
    assert_eq!(list("two", 1).await, "one");
    assert_eq!(pages.followed().1, [FIRST]);
    assert!(pages.tell_list(FIRST, of_seven(1)));
    assert_eq!(list("two", 1).await, "one");
    assert!(!pages.tell_list(FIRST, of_seven(2)));
    assert_eq!(list("three", 2).await, "three");
    pages.tell_article(99, 1);
    assert_eq!(list("four", 2).await, "four");
}

#[tokio::test]
async fn two_pages_of_one_list_do_not_hide_from_each_other_that_it_changed() {
    let pages = pages();
    assert_eq!(listed(&pages, "/one", "one", 1).await, "one");
    // Another server changes it, and the second page is rendered before anybody looks.
    assert_eq!(listed(&pages, "/other", "two", 2).await, "two");
    assert_eq!(listed(&pages, "/one", "three", 2).await, "three");
    assert_eq!(listed(&pages, "/other", "four", 2).await, "four");
    // Both are kept, and nothing is made anew that reads as it did.
    assert_eq!(listed(&pages, "/one", "five", 3).await, "three");
    assert_eq!(listed(&pages, "/other", "six", 3).await, "four");
    assert!(pages.tell_list(FIRST, of_seven(2)));
}

#[tokio::test]
async fn what_is_kept_stays_within_its_bounds() {
    let pages = Arc::new(Pages::new(100_000));
    for number in 0..200 {
        let address = format!("/{number}");
        let body = "x".repeat(2_000);
        let render = async move { Ok(of_article(&body, 1)) };
        pages.get(Some(&address), NOW, render).await.unwrap();
    }
    assert_eq!(pages.followed().0, [7]);
    let figures = pages.figures();
    assert!(figures.bytes <= 100_000, "{figures:?}");
    assert!(figures.entries > 10, "{figures:?}");
    let none = Arc::new(Pages::new(0));
    assert_eq!(got(&none, NOW, of_article("one", 1)).await, "one");
    assert_eq!(got(&none, NOW, of_article("two", 1)).await, "two");
}

#[tokio::test]
async fn a_page_of_another_address_is_not_kept_and_a_failure_neither() {
    let pages = pages();
    let once = Draft {
        keep: false,
        ..of_article("one", 1)
    };
    assert_eq!(got(&pages, NOW, once).await, "one");
    let nowhere = async { Err(Refusal::Nowhere) };
    assert!(pages.get(Some("/a"), NOW, nowhere).await.is_err());
    let panics = async { panic!("on purpose") };
    assert!(matches!(
        pages.get(Some("/a"), NOW, panics).await,
        Err(Refusal::Failed(_))
    ));
    assert_eq!(got(&pages, NOW, of_article("two", 1)).await, "two");
}
