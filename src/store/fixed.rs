//! A condition as an index has it, to the letter: what a planner must recognise cannot come as a bound value.

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;

/// A condition that is the same at every run, so that its statement is prepared once for each connection. Diesel's own
/// `dsl::sql` may hold anything, and is prepared anew each time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed(&'static str);

/// A condition in SQL, in parentheses where it has an `OR`.
pub(super) fn fixed(sql: &'static str) -> Fixed {
    Fixed(sql)
}

impl Expression for Fixed {
    type SqlType = Bool;
}

/// Statements with different conditions are of one type, and told apart by their text.
impl QueryId for Fixed {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend> QueryFragment<DB> for Fixed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl<Source> AppearsOnTable<Source> for Fixed {}
impl<Source> SelectableExpression<Source> for Fixed {}

impl<Group> ValidGrouping<Group> for Fixed {
    type IsAggregate = is_aggregate::No;
}
