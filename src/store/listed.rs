//! The comments of a list of the desk, found through one index and looked at through the others.
//!
//! Each list is walked along the index that fits it best, in order. What else is asked of its comments is looked up row by
//! row, for [`WINDOW`] rows of that index at most: a page costs the same however rare a match is, and says where it stopped.

use super::connection::Db;
use super::error::Result;
use super::listing::{Listing, Order, Position, Seek, Tab};
use super::walk::Walk;
use crate::time::Timestamp;

/// Rows of an index that are looked through for one page.
pub const WINDOW: i64 = 5_000;

/// Who asks, and when.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    pub moderator: i64,
    pub now: Timestamp,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub places: Vec<Position>,
    /// The page before ends before this place.
    pub back: Option<Position>,
    /// The page after begins after this place.
    pub onward: Option<Position>,
    /// The window ended before the page was full: there may be more where it goes on.
    pub cut: bool,
}

/// The comments of a list at its place, at most `most`. One statement, and one more where the window ended it.
///
/// # Errors
/// Those of the engine.
pub fn page(db: &mut Db, list: &Listing, reader: Reader, most: i64) -> Result<Found> {
    let walk = Walk::new(db, list, reader);
    let mut places = walk.run(db, most + 1)?;
    let full = i64::try_from(places.len()).unwrap_or(i64::MAX) > most;
    places.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let (ahead, cut) = match (full, places.last()) {
        (true, last) => (last.copied(), false),
        (false, _) => {
            let end = walk.window_end(db)?;
            (end, end.is_some())
        }
    };
    let behind = places.first().copied().or_else(|| walk.place_itself());
    if walk.backwards {
        places.reverse();
        return Ok(Found {
            back: ahead,
            onward: behind,
            cut,
            places,
        });
    }
    Ok(Found {
        back: behind.filter(|_| walk.place.is_some()),
        onward: ahead,
        cut,
        places,
    })
}

/// The first `most` comments of a tab, for a count.
///
/// # Errors
/// Those of the engine.
pub fn count(db: &mut Db, tab: Tab, most: i64) -> Result<i64> {
    let list = Listing {
        tab,
        order: Some(Order::Oldest),
        ..Listing::default()
    };
    let nobody = Reader {
        moderator: 0,
        now: Timestamp(0),
    };
    Walk::new(db, &list, nobody).count(db, most)
}

/// Where a moderator goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The list, at the page that holds the comment.
    pub list: Listing,
    pub comment: Option<i64>,
}

/// The comment after another one in a list as its page shows it, passing over those that colleagues have claimed; with
/// `onward` false, the comment itself where it is listed again.
///
/// # Errors
/// Those of the engine.
pub fn after(
    db: &mut Db,
    list: &Listing,
    reader: Reader,
    comment: i64,
    onward: bool,
) -> Result<Next> {
    let mut list = list.clone();
    let mut found = page(db, &list, reader, super::queue::ITEMS)?;
    if found.places.is_empty() && list.seek != Seek::First {
        list.seek = Seek::First;
        found = page(db, &list, reader, super::queue::ITEMS)?;
    }
    let ids: Vec<i64> = found.places.iter().map(|place| place.id).collect();
    if !onward {
        let comment = Some(comment).filter(|id| ids.contains(id));
        return Ok(Next { list, comment });
    }
    let claims = super::claims::on(db, &ids, reader.now)?;
    let free = |id: &&i64| {
        **id != comment
            && claims
                .get(id)
                .is_none_or(|claim| claim.moderator == reader.moderator)
    };
    // Where it is listed still, behind it; where it has left a list in order of time, behind its place.
    let place = ids.iter().position(|id| *id == comment);
    let start = place.unwrap_or_else(|| match list.order() {
        Order::Oldest => ids.iter().take_while(|id| **id < comment).count(),
        Order::Newest => ids.iter().take_while(|id| **id > comment).count(),
        Order::Risk => 0,
    });
    let (before, behind) = ids.split_at(start.min(ids.len()));
    if let Some(id) = behind.iter().find(free) {
        return Ok(Next {
            comment: Some(*id),
            list,
        });
    }
    // The page is done: on to the next, or to what was passed over.
    if let Some(place) = found.onward {
        list.seek = Seek::From(place);
        return Ok(Next {
            list,
            comment: None,
        });
    }
    Ok(Next {
        comment: before.iter().find(free).copied(),
        list,
    })
}
