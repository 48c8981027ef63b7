//! Search among requests.
//!
//! A requester's search knows neither the fields with internal notes and tags nor any request but their
//! own: the first are not in its query, the second are filtered inside it.

use std::path::Path;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocId, Score, SegmentReader, TantivyDocument, Term};

use crate::platform::db::Timestamp;
use crate::platform::search::compile::{compile, unscored};
use crate::platform::search::synonyms::Synonyms;
use crate::platform::search::user_query::{Limits, UserQuery};
use crate::platform::search::{Batch, Language, Rebuild, SearchError, SearchIndex};

mod fields;
#[cfg(test)]
mod tests;

pub use fields::TicketDocument;

use fields::Fields;

const MOST_HITS: usize = 1000;
const DEEPEST: usize = 10_000;

/// What being open adds to the score that a request has by its words, as a share of it. Together
/// with [`RECENT`] it does not outweigh a word, and is nothing beside a reference.
const OPEN: f32 = 0.5;
/// What having been changed just now adds; half of it after [`HALF_LIFE`], and so on.
const RECENT: f32 = 0.4;
/// Thirty days, in seconds.
const HALF_LIFE: f32 = 30.0 * 86_400.0;

/// Whose eyes a search looks through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketScope {
    /// All requests, internal notes included.
    Agent,
    /// The public text of the requests of this person.
    Requester(i64),
}

/// A request that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TicketHit {
    /// Request.
    pub id: i64,
    /// Comparable within one search only.
    pub score: f32,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TicketHits {
    /// Requests found, beyond those listed.
    pub total: usize,
    /// The page asked for: best first, and of equals the latest changed.
    pub hits: Vec<TicketHit>,
}

/// The index of requests. Its methods block on files: call them on a blocking thread.
pub struct TicketSearch {
    index: SearchIndex,
    fields: Fields,
    synonyms: Synonyms,
}

impl TicketSearch {
    /// Opens the index in a directory of its own; see [`SearchIndex::open`].
    ///
    /// # Errors
    /// As [`SearchIndex::open`].
    pub fn open(directory: &Path) -> Result<Self, SearchError> {
        let fields = Fields::new();
        Ok(Self::new(
            SearchIndex::open(directory, fields.spec())?,
            fields,
        ))
    }

    /// Opens it while another process may be writing; see [`SearchIndex::open_read_only`].
    ///
    /// # Errors
    /// As [`SearchIndex::open_read_only`].
    pub fn open_read_only(directory: &Path) -> Result<Self, SearchError> {
        let fields = Fields::new();
        Ok(Self::new(
            SearchIndex::open_read_only(directory, fields.spec())?,
            fields,
        ))
    }

    /// An index that ends with the process.
    ///
    /// # Errors
    /// As [`SearchIndex::in_memory`].
    pub fn in_memory() -> Result<Self, SearchError> {
        let fields = Fields::new();
        Ok(Self::new(SearchIndex::in_memory(fields.spec())?, fields))
    }

    fn new(index: SearchIndex, fields: Fields) -> Self {
        // Agents look for what was written; other wordings would only add noise.
        Self {
            index,
            fields,
            synonyms: Synonyms::default(),
        }
    }

    /// The machinery below: revision, reload, whether a rebuild is needed.
    #[must_use]
    pub fn index(&self) -> &SearchIndex {
        &self.index
    }

    /// Writes requests anew and removes others, visible to searches from now on.
    ///
    /// # Errors
    /// As [`SearchIndex::apply`].
    pub fn apply(
        &self,
        changed: &[TicketDocument],
        removed: &[i64],
        revision: i64,
    ) -> Result<(), SearchError> {
        let ids = changed
            .iter()
            .map(|ticket| ticket.id)
            .chain(removed.iter().copied());
        let batch = Batch {
            deletions: ids
                .map(|id| Term::from_field_i64(self.fields.id, id))
                .collect(),
            additions: changed
                .iter()
                .map(|ticket| self.fields.document(ticket))
                .collect(),
        };
        self.index.apply(batch, revision)
    }

    /// Starts a new index beside this one; see [`SearchIndex::rebuild`].
    ///
    /// # Errors
    /// As [`SearchIndex::rebuild`].
    pub fn rebuild(&self) -> Result<TicketRebuild<'_>, SearchError> {
        Ok(TicketRebuild {
            rebuild: self.index.rebuild()?,
            fields: &self.fields,
        })
    }

    /// Finds requests. Any text is a valid query; a reference, or its number alone, finds its request
    /// first. For agents, what is open or was changed shortly before `now` comes before what answers
    /// as well and is over.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(
        &self,
        text: &str,
        scope: TicketScope,
        limit: usize,
        offset: usize,
        now: Timestamp,
    ) -> Result<TicketHits, SearchError> {
        let typed = UserQuery::parse(text, Limits::TYPED);
        if typed.words.is_empty() {
            return Ok(TicketHits::default());
        }
        let searcher = self.index.searcher();
        let language = typed.written_in(Language::Fr);
        let plan = self.fields.plan(scope);
        let filter = self.filter(scope);
        let compiled = compile(
            &searcher,
            &plan,
            &*filter,
            &typed,
            (language, &self.synonyms),
        )?;
        for query in &compiled.attempts {
            let top = TopDocs::with_limit(limit.clamp(1, MOST_HITS))
                .and_offset(offset.min(DEEPEST))
                .tweak_score(move |segment: &SegmentReader| ranking(segment, scope, now));
            let (total, top) = searcher.search(&**query, &(Count, top))?;
            if total == 0 {
                continue;
            }
            let mut hits = Vec::new();
            for ((score, _), address) in top.into_iter().take(limit) {
                let stored: TantivyDocument = searcher.doc(address)?;
                let id = stored.get_first(self.fields.id).and_then(|id| id.as_i64());
                hits.extend(id.map(|id| TicketHit { id, score }));
            }
            return Ok(TicketHits { total, hits });
        }
        Ok(TicketHits::default())
    }

    fn filter(&self, scope: TicketScope) -> Box<dyn Query> {
        unscored(match scope {
            TicketScope::Agent => Box::new(AllQuery),
            TicketScope::Requester(person) => Box::new(TermQuery::new(
                Term::from_field_i64(self.fields.requester, person),
                IndexRecordOption::Basic,
            )),
        })
    }
}

/// A new index of requests being filled.
pub struct TicketRebuild<'a> {
    rebuild: Rebuild<'a>,
    fields: &'a Fields,
}

impl TicketRebuild<'_> {
    /// Adds a request.
    ///
    /// # Errors
    /// As [`Rebuild::add`].
    pub fn add(&mut self, ticket: &TicketDocument) -> Result<(), SearchError> {
        self.rebuild.add(self.fields.document(ticket))
    }

    /// Serves the new index; `revision` was read before the first request was.
    ///
    /// # Errors
    /// As [`Rebuild::finish`].
    pub fn finish(self, revision: i64) -> Result<(), SearchError> {
        self.rebuild.finish(revision)
    }
}

/// The score by which a document is ranked; of equals, the latest changed comes first.
fn ranking(
    segment: &SegmentReader,
    scope: TicketScope,
    now: Timestamp,
) -> Box<dyn Fn(DocId, Score) -> (Score, i64)> {
    let columns = segment.fast_fields();
    match (columns.i64(fields::UPDATED_AT), columns.bool(fields::OPEN)) {
        (Ok(changes), Ok(open)) => Box::new(move |doc, score| {
            let changed = changes.first(doc).unwrap_or_default();
            let factor = match scope {
                TicketScope::Agent => {
                    liveliness(open.first(doc).unwrap_or_default(), now.seconds() - changed)
                }
                TicketScope::Requester(_) => 1.0,
            };
            (score * factor, changed)
        }),
        // The schema has the columns; without them the order is merely less good.
        _ => Box::new(|_, score| (score, 0)),
    }
}

/// The factor of a request that was changed so many seconds ago, from 1 to 1.9.
fn liveliness(open: bool, age: i64) -> f32 {
    let open = if open { OPEN } else { 0.0 };
    1.0 + open + RECENT * (-(age.max(0) as f32) / HALF_LIFE).exp2()
}
