//! `guichet search`: what a reader would find.

use std::time::{Duration, Instant};

use clap::Args;

use super::{CommandError, CommandResult, open_site, say};
use crate::knowledge::api::ranked;
use crate::knowledge::finding::{self, Question};
use crate::knowledge::index::{ArticleIndex, FollowError};
use crate::knowledge::job;
use crate::knowledge::model::{Audience, INDEX};
use crate::platform::db::StorageError;
use crate::platform::i18n::Lang;
use crate::platform::search::changes::get_revision;
use crate::platform::search::parity::Parity;
use crate::platform::search::{Coverage, SearchError};
use crate::platform::web::Site;
use crate::tickets::index::TicketIndex;

/// How long to wait for the running server to bring the index up.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to look for.
#[derive(Args)]
pub(super) struct Search {
    /// The words, as a reader would type them.
    #[arg(required_unless_present = "check")]
    words: Vec<String>,
    /// The reader's language.
    #[arg(long, default_value = "fr")]
    lang: Lang,
    /// Articles wanted.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=50))]
    limit: u16,
    /// What the reader is: public, customers or internal.
    #[arg(long, default_value = "public")]
    audience: Audience,
    /// Print a JSON array of objects with slug, title, lang, url and score.
    #[arg(long)]
    json: bool,
    /// Compare the indexes with the database instead of searching.
    #[arg(long, conflicts_with_all = ["words", "json"])]
    check: bool,
}

pub(super) fn run(search: &Search) -> CommandResult {
    let site = open_site()?;
    if search.check {
        return check(&site);
    }
    job::follow_folder(&site)?;
    let shared = bring_up(&site)?;
    let index = shared
        .as_ref()
        .unwrap_or_else(|| site.part::<ArticleIndex>());
    let question = Question {
        text: search.words.join(" "),
        lang: search.lang,
        reader: search.audience,
        section: None,
        limit: usize::from(search.limit),
        offset: 0,
        now: site.db.now(),
    };
    let answer = site
        .db
        .read_blocking(|conn| finding::find(conn, index, &question))?;
    match answer.coverage {
        Coverage::Whole => {}
        Coverage::Behind => tracing::warn!("the index is behind: what changed last may be missing"),
        Coverage::WithoutIndex => {
            tracing::warn!("the index could not be used: only titles and summaries were compared");
        }
    }
    let ranked = ranked(answer.articles);
    if search.json {
        say!("{}", serde_json::to_string_pretty(&ranked)?);
    } else {
        for article in &ranked {
            say!("{:8.2}  {}  {}", article.score, article.url, article.title);
        }
    }
    Ok(())
}

fn check(site: &Site) -> CommandResult {
    let parities = compare_indexes(site)?;
    for (name, parity) in ["articles", "requests"].into_iter().zip(&parities) {
        say!("{name:<9} {}", told(parity));
    }
    if parities.iter().all(Parity::holds) {
        return Ok(());
    }
    Err(CommandError::Failed(
        "an index does not hold what it should".to_owned(),
    ))
}

/// What the indexes of articles and of requests hold, compared with the database.
pub(super) fn compare_indexes(site: &Site) -> Result<[Parity; 2], CommandError> {
    Ok([
        site.part::<ArticleIndex>().parity(&site.db)?,
        site.part::<TicketIndex>().parity(&site.db)?,
    ])
}

/// A comparison as a line.
pub(super) fn told(parity: &Parity) -> String {
    format!(
        "{} to be found, {} missing, {} gone but found, {} as they were before",
        parity.items, parity.missing, parity.ghosts, parity.stale
    )
}

/// Brings the index up to the database. While a server runs, that is its work: then an index
/// for reading is given back, once the server has done it.
pub(super) fn bring_up(site: &Site) -> Result<Option<ArticleIndex>, CommandError> {
    match site.part::<ArticleIndex>().follow(&site.db) {
        Ok(()) => Ok(None),
        Err(FollowError::Search(SearchError::Busy)) => follow_server(site).map(Some),
        Err(error) => Err(error.into()),
    }
}

fn follow_server(site: &Site) -> Result<ArticleIndex, CommandError> {
    let index = ArticleIndex::open_read_only(&site.settings.data_dir.join("index/articles"))?;
    let wanted = site
        .db
        .read_blocking(|conn| get_revision(conn, INDEX).map_err(StorageError::from))?;
    let begun = Instant::now();
    while index.revision() < Some(wanted) && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(50));
        index.reload()?;
    }
    Ok(index)
}
