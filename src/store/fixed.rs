//! SQL of our own that is prepared once for each connection: a condition as an index has it, to the letter, since what a planner
//! must recognise cannot come as a bound value; and statements that run very often.

use std::marker::PhantomData;

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Bool, HasSqlType, Nullable, SmallInt, Text};

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

/// A value bound to a [`Statement`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Whole(Option<i64>),
    Small(Option<i16>),
    Words(&'a str),
    Bytes(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Whole(Some(number))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

/// A statement written as SQL, with a `?` for each of its values. It is prepared once for each connection, as long as its text is
/// the same: Diesel prepares its own UPDATE anew at every run, which takes SQLite longer than to run it. `Row` is what it returns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement<'a, Row = ()> {
    sql: &'a str,
    values: &'a [Value<'a>],
    row: PhantomData<Row>,
}

/// A statement and its values, in the order of its question marks.
pub(super) fn statement<'a, Row>(sql: &'a str, values: &'a [Value<'a>]) -> Statement<'a, Row> {
    debug_assert_eq!(sql.matches('?').count(), values.len());
    Statement {
        sql,
        values,
        row: PhantomData,
    }
}

impl<Row> QueryId for Statement<'_, Row> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Statement<'_, Row> {
    type SqlType = Row;
}

impl<Row, Connection> RunQueryDsl<Connection> for Statement<'_, Row> {}

impl<Row, DB> QueryFragment<DB> for Statement<'_, Row>
where
    DB: Backend
        + HasSqlType<Nullable<BigInt>>
        + HasSqlType<Nullable<SmallInt>>
        + HasSqlType<Text>
        + HasSqlType<Binary>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
    Option<i16>: ToSql<Nullable<SmallInt>, DB>,
    str: ToSql<Text, DB>,
    [u8]: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (number, part) in self.sql.split('?').enumerate() {
            if number > 0 {
                match values.next() {
                    Some(Value::Whole(value)) => {
                        out.push_bind_param::<Nullable<BigInt>, _>(value)?;
                    }
                    Some(Value::Small(value)) => {
                        out.push_bind_param::<Nullable<SmallInt>, _>(value)?;
                    }
                    Some(Value::Words(value)) => out.push_bind_param::<Text, str>(value)?,
                    Some(Value::Bytes(value)) => out.push_bind_param::<Binary, [u8]>(value)?,
                    None => out.push_sql("NULL"),
                }
            }
            out.push_sql(part);
        }
        Ok(())
    }
}
