//! The policies and calendars in force, as clocks read them.

use std::collections::HashMap;

use diesel::QueryResult;

use super::choice::Choice;
use crate::platform::db::{Conn, Timestamp};
use crate::sla::calendar::Calendar;
use crate::sla::calendars::model::CalendarRow;
use crate::sla::calendars::{CalendarId, queries as calendars};
use crate::sla::policies::model::{PolicyRow, PolicyVersion};
use crate::sla::policies::queries as policies;
use crate::sla::policy::{Policy, PolicyId, choose};
use crate::tickets::conditions::{Evaluation, Facts};

/// What applies now. Versions of the past are read as they are asked for, and kept: they never
/// change.
#[derive(Clone, Debug, Default)]
pub struct Books {
    policies: Vec<(PolicyRow, Policy)>,
    calendars: HashMap<CalendarId, (CalendarRow, Calendar)>,
    past_policies: HashMap<(PolicyId, i64), Policy>,
    past_calendars: HashMap<(CalendarId, i64), Calendar>,
}

/// A policy and its calendar, each in a version.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    /// What is promised.
    pub policy: Policy,
    /// The hours that count.
    pub calendar: Calendar,
}

impl Books {
    /// The policies and calendars in force.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn load(conn: &mut Conn) -> QueryResult<Self> {
        let policies = policies::list_current(conn)?;
        if policies.is_empty() {
            return Ok(Self::default());
        }
        let all = calendars::list_current(conn)?;
        Ok(Self {
            policies: policies
                .into_iter()
                .map(|(row, PolicyVersion { content, .. })| (row, content))
                .collect(),
            calendars: all
                .into_iter()
                .map(|(row, version)| (row.id, (row, version.content)))
                .collect(),
            ..Self::default()
        })
    }

    /// Whether nothing is promised to anybody.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }

    /// What applies to a ticket by the rules, and what became of the policies that were considered.
    #[must_use]
    pub fn choose(&self, facts: &Facts) -> (Option<PolicyId>, Vec<(PolicyId, Evaluation)>) {
        let in_use = self
            .policies
            .iter()
            .filter(|(row, _)| row.archived_at.is_none());
        choose(in_use.map(|(row, policy)| (row.id, policy)), facts)
    }

    /// A policy in its present version, with its calendar in its present version.
    #[must_use]
    pub fn current(&self, id: PolicyId) -> Option<Choice> {
        let (row, policy) = self.policies.iter().find(|(row, _)| row.id == id)?;
        let (calendar, _) = self.calendars.get(&policy.calendar)?;
        Some(Choice {
            policy: row.id,
            policy_version: row.version,
            calendar: calendar.id,
            calendar_version: calendar.version,
        })
    }

    /// What a choice says.
    ///
    /// # Errors
    /// `NotFound`, or when the database refuses.
    pub fn basis(&mut self, conn: &mut Conn, choice: Choice) -> QueryResult<Basis> {
        Ok(Basis {
            policy: self.policy(conn, choice)?,
            calendar: self.calendar(conn, choice)?,
        })
    }

    fn policy(&mut self, conn: &mut Conn, choice: Choice) -> QueryResult<Policy> {
        let Choice {
            policy: id,
            policy_version: number,
            ..
        } = choice;
        let mut present = self.policies.iter();
        if let Some((_, policy)) = present.find(|(row, _)| (row.id, row.version) == (id, number)) {
            return Ok(policy.clone());
        }
        if let Some(policy) = self.past_policies.get(&(id, number)) {
            return Ok(policy.clone());
        }
        let policy = policies::get_version(conn, id, number)?.content;
        self.past_policies.insert((id, number), policy.clone());
        Ok(policy)
    }

    fn calendar(&mut self, conn: &mut Conn, choice: Choice) -> QueryResult<Calendar> {
        let Choice {
            calendar: id,
            calendar_version: number,
            ..
        } = choice;
        if let Some((row, calendar)) = self.calendars.get(&id)
            && row.version == number
        {
            return Ok(calendar.clone());
        }
        if let Some(calendar) = self.past_calendars.get(&(id, number)) {
            return Ok(calendar.clone());
        }
        let calendar = calendars::get_version(conn, id, number)?.content;
        self.past_calendars.insert((id, number), calendar.clone());
        Ok(calendar)
    }

    /// The name of a policy.
    #[must_use]
    pub fn policy_name(&self, id: PolicyId) -> Option<&str> {
        let found = self.policies.iter().find(|(row, _)| row.id == id);
        found.map(|(row, _)| row.name.as_str())
    }

    /// The name of a calendar, and where the clock hangs whose hours it has.
    #[must_use]
    pub fn calendar_name(&self, id: CalendarId) -> Option<String> {
        let (row, calendar) = self.calendars.get(&id)?;
        let zone = calendar.zone.name().replace('_', " ");
        Some(format!("{} ({zone})", row.name))
    }

    /// Policies that can be chosen by hand, in their order.
    pub fn in_use(&self) -> impl Iterator<Item = (PolicyId, &str)> {
        let in_use = self.policies.iter();
        in_use
            .filter(|(row, _)| row.archived_at.is_none())
            .map(|(row, _)| (row.id, row.name.as_str()))
    }

    /// The same books with a calendar that says something else: under a version that does not exist
    /// yet.
    pub fn replace_calendar(&mut self, id: CalendarId, content: Calendar) {
        if let Some((row, calendar)) = self.calendars.get_mut(&id) {
            row.version += 1;
            *calendar = content;
        }
    }

    /// The same books with the policies in another order; those that are not named come last.
    pub fn reorder(&mut self, order: &[PolicyId]) {
        let place = |id: PolicyId| order.iter().position(|other| *other == id);
        self.policies
            .sort_by_key(|(row, _)| place(row.id).unwrap_or(usize::MAX));
    }

    /// The same books with a policy given up, or taken back.
    pub fn archive(&mut self, id: PolicyId, at: Option<Timestamp>) {
        if let Some((row, _)) = self.policies.iter_mut().find(|(row, _)| row.id == id) {
            row.archived_at = at;
        }
        // As they are read: in their order, those that are given up last.
        self.policies
            .sort_by_key(|(row, _)| (row.archived_at.is_some(), row.position, row.id));
    }

    /// The same books with a policy that says something else, or with one more.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn replace_policy(
        &mut self,
        conn: &mut Conn,
        row: PolicyRow,
        content: Policy,
    ) -> QueryResult<()> {
        if self.calendars.is_empty() {
            let all = calendars::list_current(conn)?;
            self.calendars = all
                .into_iter()
                .map(|(row, version)| (row.id, (row, version.content)))
                .collect();
        }
        match self
            .policies
            .iter_mut()
            .find(|(known, _)| known.id == row.id)
        {
            Some((known, policy)) => {
                known.version += 1;
                *policy = content;
            }
            None => self.policies.push((row, content)),
        }
        Ok(())
    }
}
