//! The tables of the company's settings.

use diesel::prelude::*;

use super::key::{Group, Key};
use super::logo::Logo;
use super::values::Values;
use crate::platform::db::{Conn, Tx};
use crate::schema::{company_logos, company_settings};

/// What was chosen in the browser about one group, and how many times it was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Number of the last event of the group; 0 before the first.
    pub version: i64,
    /// What was chosen.
    pub values: Values,
}

/// Everything that was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    groups: Vec<(Group, Chosen)>,
    pub(super) logo: Option<Logo>,
}

impl Stored {
    /// How many changes there were: grows with each.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.groups.iter().map(|(_, chosen)| chosen.version).sum()
    }

    /// The number of the last change of a group.
    #[must_use]
    pub fn version(&self, group: Group) -> i64 {
        let found = self.groups.iter().find(|(g, _)| *g == group);
        found.map_or(0, |(_, chosen)| chosen.version)
    }

    /// What was chosen in all groups.
    #[must_use]
    pub fn values(&self) -> Values {
        let values = self.groups.iter().map(|(_, chosen)| &chosen.values);
        values.fold(Values::default(), |all, group| all.overlaid(group))
    }
}

/// How many changes there were.
///
/// # Errors
/// When the database refuses.
pub fn get_revision(conn: &mut Conn) -> QueryResult<i64> {
    // PostgreSQL adds up big numbers as numerics, so the few rows are added here.
    let versions: Vec<i64> = company_settings::table
        .select(company_settings::version)
        .load(conn)?;
    Ok(versions.iter().sum())
}

/// What was chosen about one group.
///
/// # Errors
/// When the database refuses.
pub fn get_chosen(conn: &mut Conn, group: Group) -> QueryResult<Chosen> {
    let row: Option<(i64, String)> = company_settings::table
        .find(group)
        .select((company_settings::version, company_settings::chosen))
        .first(conn)
        .optional()?;
    Ok(row.map_or_else(Chosen::default, |(version, json)| Chosen {
        version,
        values: Values::from_stored(&json),
    }))
}

/// Everything that was chosen, with the logo.
///
/// # Errors
/// When the database refuses.
pub fn get_stored(conn: &mut Conn) -> QueryResult<Stored> {
    let mut groups = Vec::with_capacity(Group::ALL.len());
    for &group in Group::ALL {
        groups.push((group, get_chosen(conn, group)?));
    }
    let mut stored = Stored { groups, logo: None };
    if let Some(sha256) = stored.values().get(Key::Logo) {
        stored.logo = find_logo(conn, sha256)?;
    }
    Ok(stored)
}

/// Stores what was chosen about a group. Answers whether it was still at the version before.
///
/// # Errors
/// When the database refuses; a unique violation when somebody else stored the first choice
/// meanwhile.
pub fn put_chosen(tx: &mut Tx<'_>, group: Group, chosen: &Chosen) -> QueryResult<bool> {
    let json = serde_json::to_string(&chosen.values)
        .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
    let before = chosen.version - 1;
    let rows = if before == 0 {
        diesel::insert_into(company_settings::table)
            .values((
                company_settings::name.eq(group),
                company_settings::version.eq(chosen.version),
                company_settings::chosen.eq(json),
            ))
            .execute(tx.conn)?
    } else {
        let still = company_settings::table
            .filter(company_settings::name.eq(group))
            .filter(company_settings::version.eq(before));
        diesel::update(still)
            .set((
                company_settings::version.eq(chosen.version),
                company_settings::chosen.eq(json),
            ))
            .execute(tx.conn)?
    };
    Ok(rows == 1)
}

/// Keeps a logo. One that is kept already stays.
///
/// # Errors
/// When the database refuses.
pub fn put_logo(tx: &mut Tx<'_>, logo: &Logo) -> QueryResult<()> {
    if find_logo(tx.conn, &logo.sha256)?.is_none() {
        diesel::insert_into(company_logos::table)
            .values((
                company_logos::sha256.eq(&logo.sha256),
                company_logos::media_type.eq(&logo.media_type),
                company_logos::width.eq(logo.width),
                company_logos::height.eq(logo.height),
                company_logos::content.eq(logo.content.to_vec()),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn find_logo(conn: &mut Conn, sha256: &str) -> QueryResult<Option<Logo>> {
    let row: Option<(String, String, i32, i32, Vec<u8>)> =
        company_logos::table.find(sha256).first(conn).optional()?;
    Ok(
        row.map(|(sha256, media_type, width, height, content)| Logo {
            sha256,
            media_type,
            width,
            height,
            content: content.into(),
        }),
    )
}
