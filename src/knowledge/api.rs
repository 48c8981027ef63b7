//! What programs ask of the articles. The audience is that of whoever asks: without a session,
//! everybody's.
//!
//! `GET /api/v1/articles/search?lang=fr&q=words&limit=10` answers an array, best first, of
//! `{"slug", "title", "lang", "url", "score"}`. `lang` defaults to the language negotiated with
//! the browser, `limit` (1 to 50) to 10. Scores compare within one answer only. The header
//! `Search-Coverage` says what was looked through: `whole`, `behind` (what changed last may be missing)
//! or `without-index` (titles and summaries only). It is no field of the answer, because that is a list.
//!
//! `GET /api/v1/suggestions?lang=fr&q=beginning` answers `{"items": [{"kind", "title_parts":
//! [{"text", "marked"}], "url", "context"}], "file_url"}`.
//!
//! A parameter that cannot be used is answered with status 400 and
//! `{"error": 400, "parameter", "expected"}`.

use rocket::http::Status;
use rocket::{Route, get, routes};
use serde::Serialize;

use super::finding::{self, Found, Offer, Question};
use super::pages::{Part, parts};
use super::queries::list_section_titles;
use super::results::{clean_query, file_path};
use crate::accounts::Visitor;
use crate::platform::db::StorageError;
use crate::platform::i18n::Lang;
use crate::platform::web::{Outcome, Reply};

/// Articles given when no number is asked for.
pub const LIMIT: usize = 10;
/// Articles given at most.
pub const MOST: usize = 50;
/// Says what a search has looked through.
pub const COVERAGE: &str = "Search-Coverage";
/// Articles offered while somebody types.
const OFFERS: usize = 6;

pub(super) fn routes() -> Vec<Route> {
    routes![search, suggestions]
}

/// An article as programs get it.
#[derive(Debug, Serialize)]
pub struct Ranked {
    /// Last part of its address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Its language.
    pub lang: Lang,
    /// Its page, from the root of the site.
    pub url: String,
    /// As a share of the best in the same answer.
    pub score: f32,
}

/// What was found, in its order. Scores become shares of the best one, in hundredths: as they are
/// counted, they depend on how often a word occurs in all articles, also in those that the reader may
/// not see.
#[must_use]
pub fn ranked(found: Vec<Found>) -> Vec<Ranked> {
    let best = found.iter().map(|found| found.score).fold(0.0, f32::max);
    let share = |score: f32| (100.0 * score / best).round() / 100.0;
    let article = |found: Found| Ranked {
        url: found.article.href(),
        slug: found.article.slug,
        title: found.article.title,
        lang: found.article.language,
        score: if best > 0.0 { share(found.score) } else { 0.0 },
    };
    found.into_iter().map(article).collect()
}

/// A parameter that cannot be used.
#[derive(Serialize)]
struct BadParameter {
    error: u16,
    parameter: &'static str,
    expected: &'static str,
}

impl BadParameter {
    const fn new(parameter: &'static str, expected: &'static str) -> Self {
        Self {
            error: 400,
            parameter,
            expected,
        }
    }

    fn reply(&self) -> Outcome {
        Ok(Reply::json(self)?.with_status(Status::BadRequest))
    }
}

/// Reads what both addresses take.
fn question(
    visitor: &Visitor,
    lang: Option<&str>,
    q: Option<&str>,
    limit: Option<&str>,
) -> Result<Question, BadParameter> {
    let lang = lang.map_or(Ok(visitor.lang), |lang| {
        lang.parse()
            .map_err(|_| BadParameter::new("lang", "fr or en"))
    })?;
    let limit = limit.map_or(Ok(LIMIT), |limit| {
        let number = limit.parse().ok().filter(|n| (1..=MOST).contains(n));
        number.ok_or(BadParameter::new("limit", "a number from 1 to 50"))
    })?;
    Ok(Question {
        text: clean_query(Some(
            q.ok_or(BadParameter::new("q", "the words to look for"))?,
        )),
        lang,
        reader: visitor.audience(),
        section: None,
        limit,
        offset: 0,
        now: visitor.now,
    })
}

#[get("/api/v1/articles/search?<lang>&<q>&<limit>")]
async fn search(
    lang: Option<&str>,
    q: Option<&str>,
    limit: Option<&str>,
    visitor: Visitor,
) -> Outcome {
    visitor.count_search()?;
    let question = match question(&visitor, lang, q, limit) {
        Ok(question) => question,
        Err(bad) => return bad.reply(),
    };
    let site = visitor.site.clone();
    let answer = visitor
        .site
        .db
        .read(move |conn| finding::find(conn, site.part(), &question))
        .await?;
    let coverage = answer.coverage.as_str();
    Ok(Reply::json(&ranked(answer.articles))?.with_header(COVERAGE, coverage))
}

#[derive(Serialize)]
struct Suggestions {
    items: Vec<Item>,
    file_url: String,
}

#[derive(Serialize)]
struct Item {
    kind: &'static str,
    title_parts: Vec<Part>,
    url: String,
    context: String,
}

#[get("/api/v1/suggestions?<lang>&<q>")]
async fn suggestions(lang: Option<&str>, q: Option<&str>, visitor: Visitor) -> Outcome {
    visitor.count_search()?;
    let question = match question(&visitor, lang, q, None) {
        Ok(question) => Question {
            limit: OFFERS,
            ..question
        },
        Err(bad) => return bad.reply(),
    };
    let file_url = file_path(&question.text);
    let site = visitor.site.clone();
    let items = visitor
        .site
        .db
        .read(move |conn| {
            let titles = list_section_titles(conn, question.lang)?;
            let offers = finding::suggest(conn, site.part(), &question)?;
            let item = |offer| item(offer, question.lang, &titles);
            Ok::<_, StorageError>(offers.into_iter().map(item).collect())
        })
        .await?;
    Reply::json(&Suggestions { items, file_url })
}

fn item(offer: Offer, lang: Lang, titles: &std::collections::HashMap<String, String>) -> Item {
    let article = offer.article;
    let context = if article.language == lang {
        titles.get(&article.section).cloned().unwrap_or_default()
    } else {
        article.language.endonym().to_owned()
    };
    Item {
        kind: "article",
        title_parts: parts(offer.title_parts),
        url: offer.href,
        context,
    }
}
