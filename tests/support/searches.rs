//! Searching the tables themselves, as the desk does.

use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use rejoinder::store::Db;
use rejoinder::text::SearchQuery;

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The comments that are found by what somebody types, oldest first; none when there is nothing to look for.
pub fn find(db: &mut Db, typed: &str) -> Vec<i64> {
    let Some(query) = SearchQuery::of(typed) else {
        return Vec::new();
    };
    let (statement, query) = if db.is_sqlite() {
        let statement =
            "SELECT rowid AS id FROM comments_search WHERE comments_search MATCH ? ORDER BY rowid";
        (statement, query.sqlite())
    } else {
        let statement = "SELECT comment_id AS id FROM comment_terms WHERE vector @@ $1::tsquery ORDER BY comment_id";
        (statement, query.postgres())
    };
    let found: Vec<Found> = diesel::sql_query(statement)
        .bind::<Text, _>(query)
        .load(db)
        .unwrap();
    found.into_iter().map(|row| row.id).collect()
}
