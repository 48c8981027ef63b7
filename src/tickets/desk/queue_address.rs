//! The address of a list: which one, narrowed how, in which order, from where.
//!
//! An address is all there is to a list: pages, filters and the way back from a ticket are
//! links. A filter value that means nothing (any more) is left out, and the list shown.

use std::fmt::Write;
use std::str::FromStr;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::accounts::PersonId;
use crate::forms::RequestTypeId;
use crate::platform::db::{Cursor, PageRequest, Timestamp};
use crate::platform::text::clean_line;
use crate::platform::web::position::PASSED;
use crate::teams::TeamId;
use crate::tickets::model::{Priority, Stage, Status, Tag};
use crate::tickets::queries::{DeskFilter, DeskView, Owner, Sort};

/// Characters of the words to look for, at most.
const MAX_WORDS: usize = 200;

/// The stored text for "nobody" among assignees.
pub(super) const NOBODY: &str = "none";

/// Where a list lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One of the views that every agent has.
    View(DeskView),
    /// The list of a team.
    Team(TeamId),
}

/// A list with its filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueAddress {
    /// The list.
    pub place: Place,
    /// Only those of a team.
    pub team: Option<TeamId>,
    /// Only those of an agent, or of nobody.
    pub owner: Option<Owner>,
    /// Only those of a status.
    pub status: Option<Status>,
    /// Only those of a priority.
    pub priority: Option<Priority>,
    /// Only those of a kind.
    pub request_type: Option<RequestTypeId>,
    /// Only those with a tag.
    pub tag: Option<Tag>,
    /// Only those of a stage.
    pub stage: Option<Stage>,
    /// Only those with these words.
    pub words: String,
    /// The order.
    pub sort: Sort,
}

impl QueueAddress {
    /// A list without filters.
    pub fn plain(place: Place) -> Self {
        Self {
            place,
            team: None,
            owner: None,
            status: None,
            priority: None,
            request_type: None,
            tag: None,
            stage: None,
            words: String::new(),
            sort: Sort::Activity,
        }
    }

    /// Reads the path and query of a list; anything else is none.
    pub fn parse(address: &str) -> Option<(Self, Page)> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let place = match path.strip_prefix("/desk/views/") {
            Some(view) => Place::View(view.parse().ok()?),
            None => Place::Team(path.strip_prefix("/desk/teams/")?.parse().ok()?),
        };
        let (mut list, mut page) = (Self::plain(place), Page::default());
        for (name, value) in pairs(query) {
            match name.as_str() {
                "after" => page.after = Some(value),
                "before" => page.before = Some(value),
                PASSED => page.passed = Some(value),
                _ => list.set(&name, &value),
            }
        }
        Some((list, page))
    }

    fn set(&mut self, name: &str, value: &str) {
        match name {
            "team" => self.team = known(value),
            "assignee" if value == NOBODY => self.owner = Some(Owner::Nobody),
            "assignee" => self.owner = known(value).map(|id: PersonId| Owner::Agent(id)),
            "status" => self.status = known(value),
            "priority" => self.priority = known(value),
            "request_type" => self.request_type = known(value),
            "tag" => self.tag = Tag::parse(value),
            "stage" => self.stage = known(value),
            "sort" => self.sort = known(value).unwrap_or(Sort::Activity),
            "q" => {
                let words: String = clean_line(value).chars().take(MAX_WORDS).collect();
                // The cut may fall behind a word.
                words.trim_end().clone_into(&mut self.words);
            }
            _ => {}
        }
    }

    /// The list without one of its filters.
    pub fn without(&self, name: &str) -> Self {
        let mut rest = self.clone();
        rest.set(name, "");
        rest
    }

    /// The list without any filter.
    pub fn bare(&self) -> Self {
        Self::plain(self.place)
    }

    /// The list narrowed to a stage, or widened again when it already is.
    pub fn at_stage(&self, stage: Stage) -> Self {
        Self {
            stage: (self.stage != Some(stage)).then_some(stage),
            status: None,
            ..self.clone()
        }
    }

    /// The one stage that the list shows, by a filter or because the view is that stage.
    pub fn shown_stage(&self) -> Option<Stage> {
        match (self.stage, self.status, self.place) {
            (Some(stage), ..) => Some(stage),
            (None, Some(status), _) => Some(status.stage()),
            (None, None, Place::View(DeskView::Waiting)) => Some(Stage::Waiting),
            _ => None,
        }
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        self.without("sort") != self.bare()
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self.place {
            Place::View(view) => format!("/desk/views/{view}"),
            Place::Team(id) => format!("/desk/teams/{id}"),
        }
    }

    /// Its path and query.
    pub fn href(&self) -> String {
        let mut href = self.path();
        let mut separator = '?';
        for (name, value) in self.query() {
            // Writing to a string cannot fail.
            let _ = write!(href, "{separator}{name}={}", escape(&value));
            separator = '&';
        }
        href
    }

    /// One of its pages; `told` goes along.
    pub fn page_href(&self, name: &str, cursor: Cursor, told: &str) -> String {
        let href = self.href();
        let separator = if href.contains('?') { '&' } else { '?' };
        format!("{href}{separator}{name}={cursor}{told}")
    }

    fn query(&self) -> impl Iterator<Item = (&'static str, String)> {
        let owner = self.owner.map(|owner| match owner {
            Owner::Nobody => NOBODY.to_owned(),
            Owner::Agent(id) => id.to_string(),
        });
        let words = (!self.words.is_empty()).then(|| self.words.clone());
        let sort = (self.sort != Sort::Activity).then(|| self.sort.to_string());
        [
            ("team", self.team.map(|id| id.to_string())),
            ("assignee", owner),
            ("status", self.status.map(|status| status.to_string())),
            ("priority", self.priority.map(|p| p.to_string())),
            ("request_type", self.request_type.map(|id| id.to_string())),
            ("tag", self.tag.as_ref().map(|tag| tag.as_str().to_owned())),
            ("stage", self.stage.map(|stage| stage.to_string())),
            ("q", words),
            ("sort", sort),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// The same as a condition for the database, words apart.
    pub fn filter(&self, viewer: PersonId, teams: Vec<TeamId>, now: Timestamp) -> DeskFilter {
        let (view, own_team) = match self.place {
            Place::View(view) => (view, None),
            Place::Team(id) => (DeskView::Open, Some(id)),
        };
        DeskFilter {
            team: own_team.or(self.team),
            owner: self.owner,
            stage: self.stage,
            status: self.status,
            priority: self.priority,
            request_type: self.request_type,
            tag: self.tag.clone(),
            ..DeskFilter::view(view, viewer, teams, now)
        }
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    after: Option<String>,
    before: Option<String>,
    /// How many rows come before it, as the link to it said.
    pub passed: Option<String>,
}

impl Page {
    /// What to ask the database for.
    pub fn request(&self, size: i64) -> PageRequest {
        PageRequest::parse(size, self.after.as_deref(), self.before.as_deref())
    }
}

fn known<T: FromStr>(value: &str) -> Option<T> {
    value.parse().ok()
}

/// The names and values of a query, decoded as forms encode them.
pub(super) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((decode(name), decode(value)))
    })
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// A value as a query carries it.
pub(super) fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_means_nothing_is_left_out() {
        let (list, page) = QueueAddress::parse(
            "/desk/views/open?team=x&status=melted&priority=high&q=+PON%20&after=1.2&colour=red",
        )
        .expect("the path is one of a list");
        assert_eq!(list.href(), "/desk/views/open?priority=high&q=PON");
        assert_eq!(page.after.as_deref(), Some("1.2"));
        assert!(QueueAddress::parse("/desk/views/nobody").is_none());
        assert!(QueueAddress::parse("//evil.example/desk/views/open").is_none());
    }

    #[test]
    fn words_that_are_cut_off_behind_a_word_lead_back_to_their_list() {
        let address = format!("/desk/views/open?q={}+more", "a".repeat(MAX_WORDS - 1));
        let (list, _) = QueueAddress::parse(&address).expect("the path is one of a list");
        let (again, _) = QueueAddress::parse(&list.href()).expect("it is one of a list");
        assert_eq!(again, list);
    }

    #[test]
    fn a_stage_is_chosen_and_let_go() {
        let list = QueueAddress::plain(Place::View(DeskView::Open));
        let narrowed = list.at_stage(Stage::Waiting);
        assert_eq!(narrowed.href(), "/desk/views/open?stage=waiting");
        assert_eq!(narrowed.at_stage(Stage::Waiting), list);
        assert!(narrowed.is_narrowed() && !list.is_narrowed());
        assert_eq!(list.shown_stage(), None);
        assert_eq!(narrowed.shown_stage(), Some(Stage::Waiting));
        let waiting = QueueAddress::plain(Place::View(DeskView::Waiting));
        assert_eq!(waiting.shown_stage(), Some(Stage::Waiting));
    }

    proptest! {
        #[test]
        fn an_address_leads_back_to_its_list(words in ".{0,60}", tag in "[a-zé]{1,9}", team in 0..99_i64) {
            let mut list = QueueAddress::plain(Place::Team(TeamId(4)));
            list.set("q", &words);
            list.set("tag", &tag);
            list.set("team", &team.to_string());
            let (again, _) = QueueAddress::parse(&list.href()).expect("it is one of a list");
            prop_assert_eq!(again, list);
        }
    }
}
