//! Reading policies.

use diesel::prelude::*;
use diesel::result::Error as DieselError;

use super::model::{PolicyRow, PolicyVersion, VersionRow};
use crate::accounts::PersonId;
use crate::platform::db::{Conn, Timestamp};
use crate::schema::{sla_policies, sla_policy_versions, tickets};
use crate::sla::policy::PolicyId;
use crate::tickets::conditions::{Condition, filter};

/// All policies in their order of precedence, those that are given up last.
///
/// # Errors
/// When the database refuses.
pub fn list_policies(conn: &mut Conn) -> QueryResult<Vec<PolicyRow>> {
    let mut all: Vec<PolicyRow> = sla_policies::table
        .order((sla_policies::position.asc(), sla_policies::id.asc()))
        .select(PolicyRow::as_select())
        .load(conn)?;
    all.sort_by_key(|policy| policy.archived_at.is_some());
    Ok(all)
}

/// All policies with what they say now, in their order of precedence, those that are given up last.
///
/// # Errors
/// When the database refuses.
pub fn list_current(conn: &mut Conn) -> QueryResult<Vec<(PolicyRow, PolicyVersion)>> {
    // An outer join goes from the few policies to the key of one version each; an inner one may be
    // turned round, and would read all versions that ever were.
    let mut stored: Vec<(PolicyRow, Option<Stored>)> = sla_policies::table
        .left_join(
            sla_policy_versions::table.on(sla_policy_versions::policy_id
                .eq(sla_policies::id)
                .and(sla_policy_versions::number.eq(sla_policies::version))),
        )
        .order((sla_policies::position.asc(), sla_policies::id.asc()))
        .select((PolicyRow::as_select(), COLUMNS.nullable()))
        .load(conn)?;
    stored.sort_by_key(|(policy, _)| policy.archived_at.is_some());
    let current = |(row, stored): (PolicyRow, Option<Stored>)| {
        let version = read(stored.ok_or(DieselError::NotFound)?)?;
        Ok((row, version))
    };
    stored.into_iter().map(current).collect()
}

/// One policy.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_policy(conn: &mut Conn, id: PolicyId) -> QueryResult<PolicyRow> {
    sla_policies::table
        .find(id)
        .select(PolicyRow::as_select())
        .first(conn)
}

type Stored = (i64, String, String, Timestamp, Option<i64>);

const COLUMNS: (
    sla_policy_versions::number,
    sla_policy_versions::name,
    sla_policy_versions::content,
    sla_policy_versions::at,
    sla_policy_versions::author_id,
) = (
    sla_policy_versions::number,
    sla_policy_versions::name,
    sla_policy_versions::content,
    sla_policy_versions::at,
    sla_policy_versions::author_id,
);

fn read((number, name, content, at, author): Stored) -> QueryResult<PolicyVersion> {
    let content = serde_json::from_str(&content)
        .map_err(|error| DieselError::DeserializationError(Box::new(error)))?;
    Ok(PolicyVersion {
        number,
        name,
        content,
        at,
        author: author.map(PersonId),
    })
}

/// What a version of a policy says.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_version(conn: &mut Conn, id: PolicyId, number: i64) -> QueryResult<PolicyVersion> {
    let stored: Stored = sla_policy_versions::table
        .find((id.0, number))
        .select(COLUMNS)
        .first(conn)?;
    read(stored)
}

/// The latest versions of a policy, the latest first.
///
/// # Errors
/// When the database refuses.
pub fn list_versions(conn: &mut Conn, id: PolicyId, most: i64) -> QueryResult<Vec<VersionRow>> {
    sla_policy_versions::table
        .filter(sla_policy_versions::policy_id.eq(id.0))
        .order(sla_policy_versions::number.desc())
        .limit(most)
        .select(VersionRow::as_select())
        .load(conn)
}

/// How many open tickets a condition holds for, whatever stands before it in the order.
///
/// # Errors
/// When the database refuses.
pub fn count_open(conn: &mut Conn, condition: &Condition) -> QueryResult<i64> {
    tickets::table
        .filter(tickets::open.eq(true))
        .filter(filter(condition))
        .count()
        .get_result(conn)
}
