//! The search page.

use std::collections::HashMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rocket::{Route, get, routes};

use super::finding::{self, Answer, Found, Question};
use super::index::ArticleIndex;
use super::model::{Section, section_path};
use super::pages::{self, FilterGroup, Hit, NoResults, Results, parts};
use super::portal::in_other_languages;
use super::queries;
use crate::accounts::{Place, Visitor};
use crate::platform::db::{Conn, StorageError};
use crate::platform::i18n::{Lang, Message};
use crate::platform::search::Coverage;
use crate::platform::text::clean_line;
use crate::platform::web::widgets::{Choice, TextLink};
use crate::platform::web::{Outcome, Reply};

/// Articles on a page of results.
const PER_PAGE: usize = 10;
/// Pages that can be asked for.
const MOST_PAGES: usize = 100;
/// Characters of a question that are kept.
const QUERY: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    routes![unlocalised, results]
}

#[get("/articles/search?<q>")]
fn unlocalised(q: Option<&str>, visitor: Visitor) -> Reply {
    Reply::see_other(search_path(visitor.lang, q.unwrap_or_default(), None))
}

/// Address of a search.
#[must_use]
pub fn search_path(lang: Lang, query: &str, section: Option<&str>) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let narrowed = section.map(|key| format!("&section={}", encode(key)));
    format!(
        "/{lang}/search?q={}{}",
        encode(query),
        narrowed.unwrap_or_default()
    )
}

/// Form of a new request that has these words as its subject already.
#[must_use]
pub fn file_path(words: &str) -> String {
    if words.is_empty() {
        return "/requests/new".to_owned();
    }
    format!(
        "/requests/new?subject={}",
        utf8_percent_encode(words, NON_ALPHANUMERIC)
    )
}

/// A question as typed into an address, made fit to be shown.
pub(super) fn clean_query(text: Option<&str>) -> String {
    clean_line(text.unwrap_or_default())
        .chars()
        .take(QUERY)
        .collect()
}

#[get("/<lang>/search?<q>&<section>&<page>", rank = 20)]
async fn results(
    lang: &str,
    q: Option<&str>,
    section: Option<String>,
    page: Option<usize>,
    visitor: Visitor,
) -> Outcome {
    let visitor = visitor.reading_in(lang)?;
    visitor.count_search()?;
    let page = page.unwrap_or(1).clamp(1, MOST_PAGES);
    let question = Question {
        text: clean_query(q),
        lang: visitor.lang,
        reader: visitor.audience(),
        section: section.filter(|key| !key.is_empty()),
        limit: PER_PAGE,
        offset: (page - 1) * PER_PAGE,
        now: visitor.now,
    };
    let (site, asked) = (visitor.site.clone(), question.clone());
    let (answer, sections) = visitor
        .site
        .db
        .read(move |conn| ask(conn, site.part(), &asked))
        .await?;
    let translations = in_other_languages(visitor.lang, |other| {
        search_path(other, &question.text, None)
    });
    let place = Place {
        section: "articles",
        translations: &translations,
    };
    if answer.articles.is_empty() {
        return visitor.page(place, &nothing_page(&question, &answer, &sections));
    }
    visitor.page(
        place,
        &results_page(&visitor, &question, answer, &sections, page),
    )
}

fn ask(
    conn: &mut Conn,
    index: &ArticleIndex,
    question: &Question,
) -> Result<(Answer, Vec<Section>), StorageError> {
    let sections = queries::list_section_names(conn, question.lang, question.reader)?;
    if question.text.is_empty() {
        return Ok((Answer::default(), sections));
    }
    Ok((finding::find(conn, index, question)?, sections))
}

fn nothing_page(question: &Question, answer: &Answer, sections: &[Section]) -> NoResults {
    let lang = question.lang;
    let everywhere = question.section.is_some().then(|| {
        let label = Message::new("search-everywhere").render(lang);
        TextLink::new(label, search_path(lang, &question.text, None))
    });
    NoResults {
        notices: notices(question, answer),
        suggestions: everywhere.into_iter().collect(),
        sections: sections
            .iter()
            .map(|s| TextLink::new(&s.title, section_path(lang, &s.key)))
            .collect(),
        file_href: file_path(&question.text),
        query: question.text.clone(),
    }
}

fn results_page(
    visitor: &Visitor,
    question: &Question,
    answer: Answer,
    sections: &[Section],
    page: usize,
) -> Results {
    let lang = question.lang;
    let titles: HashMap<&str, &str> = sections
        .iter()
        .map(|s| (s.key.as_str(), s.title.as_str()))
        .collect();
    let here = search_path(lang, &question.text, question.section.as_deref());
    Results {
        count_text: Message::new("search-count")
            .number("count", pages::printed(answer.total))
            .render(lang),
        notices: notices(question, &answer),
        filters: section_filter(question, sections),
        pages: pages::numbered(lang, (page, PER_PAGE, answer.total), |n| {
            format!("{here}&page={n}")
        }),
        hits: answer
            .articles
            .into_iter()
            .map(|found| hit(visitor, found, &titles))
            .collect(),
        file_href: file_path(&question.text),
        query: question.text.clone(),
    }
}

fn hit(visitor: &Visitor, found: Found, titles: &HashMap<&str, &str>) -> Hit {
    let article = &found.article;
    let own = titles
        .get(article.section.as_str())
        .filter(|_| !found.other_language);
    Hit {
        kind: "article".to_owned(),
        context: own.map_or_else(
            || Message::new("search-article").render(visitor.lang),
            |title| (*title).to_owned(),
        ),
        other_lang: found
            .other_language
            .then(|| article.language.endonym().to_owned()),
        meta: pages::meta(article, visitor.lang, &visitor.calendar()),
        href: found.href,
        title_parts: parts(found.title_parts),
        excerpt_parts: parts(found.excerpt_parts),
        stage: None,
        stage_label: None,
    }
}

/// How the question was understood, where it had to be, and what may be missing.
fn notices(question: &Question, answer: &Answer) -> Vec<String> {
    let corrected = answer
        .corrected
        .as_ref()
        .map(|text| Message::new("search-corrected").text("query", text));
    let widened = answer.widened.as_ref().map(|left_out| {
        if left_out.is_empty() {
            Message::new("search-nearest")
        } else {
            Message::new("search-without").text("words", left_out.join(", "))
        }
    });
    let partial = match answer.coverage {
        Coverage::Whole => None,
        Coverage::Behind => Some(Message::new("search-behind")),
        Coverage::WithoutIndex => Some(Message::new("search-degraded")),
    };
    [corrected, widened, partial]
        .into_iter()
        .flatten()
        .map(|message| message.render(question.lang))
        .collect()
}

fn section_filter(question: &Question, sections: &[Section]) -> Vec<FilterGroup> {
    if sections.len() < 2 {
        return Vec::new();
    }
    let option = |label: String, key: Option<&str>| Choice {
        label,
        href: search_path(question.lang, &question.text, key),
        current: question.section.as_deref() == key,
        count: None,
    };
    let everything = option(
        Message::new("search-everywhere").render(question.lang),
        None,
    );
    let each = sections
        .iter()
        .map(|s| option(s.title.clone(), Some(&s.key)));
    vec![FilterGroup {
        title: Message::new("search-subject").render(question.lang),
        options: std::iter::once(everything).chain(each).collect(),
    }]
}
