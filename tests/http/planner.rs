//! SQLite's planner knows how large the tables are, without anybody asking for it.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use rejoinder::jobs::refresh_planner;
use rejoinder::store::{Db, planner};

use crate::rotating::run;
use crate::support::filled::fill;
use crate::support::{Database, Engine, Server, on_each_engine};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn known(db: &mut Db) -> i64 {
    let statement = "SELECT count(*) AS n FROM pragma_table_list WHERE name = 'sqlite_stat1'";
    let there: Count = diesel::sql_query(statement).get_result(db).unwrap();
    if there.n == 0 {
        return 0;
    }
    // The first word of a figure is how many rows the table has.
    let statement = "SELECT coalesce(max(CAST(stat AS INTEGER)), 0) AS n FROM sqlite_stat1 WHERE tbl = 'comments'";
    diesel::sql_query(statement)
        .get_result::<Count>(db)
        .unwrap()
        .n
}

#[test]
fn a_server_finds_out_by_itself_how_large_the_tables_are() {
    let database = Database::new(Engine::Sqlite);
    let mut db = database.connect();
    fill(&mut db, "loud", 2_000);
    assert_eq!(known(&mut db), 0);
    let server = Server::over(database, &[]);
    run(refresh_planner::round(&server.app)).unwrap();
    assert!(known(&mut db) >= 1_000, "{} are known", known(&mut db));
}

#[test]
fn figures_are_renewed_once_they_are_far_off() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        fill(&mut db, "quiet", 100);
        planner::refresh(&mut db).unwrap();
        fill(&mut db, "loud", 3_000);
        planner::refresh(&mut db).unwrap();
        if engine == Engine::Sqlite {
            assert!(known(&mut db) > 2_000, "{} are known", known(&mut db));
        }
    });
}
