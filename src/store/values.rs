//! How our own types come out of a column, on either engine.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::sql_types::{BigInt, SmallInt};

use crate::moderation::listed::{Action, EntryKind};
use crate::moderation::{
    About, AppealStatus, HoldMode, ReportStatus, RevisionStatus, Role, Status, Voice,
};
use crate::time::Timestamp;

/// Whether a text can stand in a column on either engine. PostgreSQL takes no NUL, so nothing is stored under such a key.
pub(super) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

macro_rules! column_value {
    ($ours:ty, $sql:ty, $raw:ty) => {
        impl<DB: Backend> FromSql<$sql, DB> for $ours
        where
            $raw: FromSql<$sql, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(<$raw>::from_sql(bytes)?.try_into()?)
            }
        }

        impl<DB: Backend> Queryable<$sql, DB> for $ours
        where
            $raw: FromSql<$sql, DB>,
        {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

column_value!(Timestamp, BigInt, i64);
column_value!(Status, SmallInt, i16);
column_value!(Role, SmallInt, i16);
column_value!(Voice, SmallInt, i16);
column_value!(HoldMode, SmallInt, i16);
column_value!(About, SmallInt, i16);
column_value!(RevisionStatus, SmallInt, i16);
column_value!(AppealStatus, SmallInt, i16);
column_value!(ReportStatus, SmallInt, i16);
column_value!(EntryKind, SmallInt, i16);
column_value!(Action, SmallInt, i16);
