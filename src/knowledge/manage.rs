//! What managers see of the articles: files that cannot be used, reviews that are due, languages
//! that are missing.

use std::collections::HashSet;

use chrono::NaiveDate;
use rocket::http::Status;
use rocket::{Route, get, routes};
use serde::Serialize;

use super::model::{Audience, article_path};
use super::pages::printed;
use super::queries::{self, StoredFault, Upkeep};
use crate::accounts::Manager;
use crate::platform::db::{Conn, StorageError};
use crate::platform::i18n::{Calendar, Lang, Message};
use crate::platform::web::Outcome;
use crate::platform::web::parts::Parts;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::view::{Sample, View, samples};

/// Rows of each list; beyond it, the count says how many there are.
const MOST_ROWS: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    routes![overview]
}

/// A count with its name.
#[derive(Clone, Debug, Serialize)]
struct Figure {
    label: String,
    value: String,
}

/// A file that cannot be used.
#[derive(Clone, Debug, Serialize)]
struct FaultRow {
    path: String,
    line: Option<i32>,
    reason: String,
}

/// An article that somebody should look at.
#[derive(Clone, Debug, Serialize)]
struct UpkeepRow {
    href: String,
    title: String,
    path: String,
    note: String,
}

/// The state of the articles.
#[derive(Clone, Debug, Serialize)]
struct ManagePage {
    figures: Vec<Figure>,
    folder: String,
    faults: Vec<FaultRow>,
    overdue: Vec<UpkeepRow>,
    untranslated: Vec<UpkeepRow>,
}

impl View for ManagePage {
    const TEMPLATE: &'static str = "knowledge/manage.html";

    fn samples() -> Vec<Self> {
        let row = UpkeepRow {
            href: "/fr/articles/debit".to_owned(),
            title: "Tester son débit".to_owned(),
            path: "fr/internet/debit.md".to_owned(),
            note: "3 novembre 2026".to_owned(),
        };
        let fault = |line| FaultRow {
            path: "fr/internet/debit.md".to_owned(),
            line,
            reason: "Le titre manque.".to_owned(),
        };
        let empty = Self {
            figures: Vec::new(),
            folder: "kb".to_owned(),
            faults: Vec::new(),
            overdue: Vec::new(),
            untranslated: Vec::new(),
        };
        let full = Self {
            figures: vec![Figure {
                label: "Articles".to_owned(),
                value: "12".to_owned(),
            }],
            faults: vec![fault(Some(3)), fault(None)],
            overdue: vec![row.clone()],
            untranslated: vec![row],
            ..empty.clone()
        };
        vec![empty, full]
    }
}

pub(super) fn all_samples() -> Vec<Sample> {
    samples::<ManagePage>()
}

#[get("/manage/articles")]
async fn overview(manager: Manager) -> Outcome {
    let (faults, articles) = manager
        .site
        .db
        .read(|conn| {
            Ok::<_, StorageError>((queries::list_faults(conn)?, queries::list_upkeep(conn)?))
        })
        .await?;
    let today = manager.calendar().date_of(manager.now);
    let page = ManagePage {
        figures: figures(manager.lang, &faults, &articles),
        folder: manager.site.settings.kb_dir.display().to_string(),
        faults: faults
            .into_iter()
            .map(|fault| fault_row(fault, manager.lang))
            .collect(),
        overdue: overdue(&articles, today, &manager.calendar()),
        untranslated: untranslated(&articles, &manager.company.languages),
    };
    manager
        .agent()
        .page(Status::Ok, "manage-articles", &page)
        .await
}

fn figures(lang: Lang, faults: &[StoredFault], articles: &[Upkeep]) -> Vec<Figure> {
    let count = |audience| articles.iter().filter(|a| a.audience == audience).count();
    [
        ("manage-articles-public", count(Audience::Public)),
        ("manage-articles-customers", count(Audience::Customers)),
        ("manage-articles-internal", count(Audience::Internal)),
        ("manage-articles-faults", faults.len()),
    ]
    .into_iter()
    .map(|(key, value)| Figure {
        label: Message::new(key).render(lang),
        value: crate::platform::i18n::integer(lang, printed(value)),
    })
    .collect()
}

fn fault_row(fault: StoredFault, lang: Lang) -> FaultRow {
    FaultRow {
        reason: fault.reason.render(lang),
        line: (fault.line > 0).then_some(fault.line),
        path: fault.path,
    }
}

fn row(article: &Upkeep, note: String) -> UpkeepRow {
    UpkeepRow {
        href: article_path(article.language, &article.slug),
        title: article.title.clone(),
        path: article.path.clone(),
        note,
    }
}

/// Articles whose review is due, the oldest first.
fn overdue(articles: &[Upkeep], today: NaiveDate, calendar: &Calendar) -> Vec<UpkeepRow> {
    let mut due: Vec<_> = articles
        .iter()
        .filter_map(|article| Some((article.review()?, article)))
        .filter(|(review, _)| *review < today)
        .collect();
    due.sort_by_key(|(review, _)| *review);
    due.into_iter()
        .take(MOST_ROWS)
        .map(|(review, article)| row(article, calendar.full_date(review)))
        .collect()
}

/// Articles without a version in another language that is offered.
fn untranslated(articles: &[Upkeep], offered: &[Lang]) -> Vec<UpkeepRow> {
    let versions: HashSet<_> = articles
        .iter()
        .filter_map(|article| Some((article.translation.as_deref()?, article.language)))
        .collect();
    articles
        .iter()
        .filter(|article| {
            offered
                .iter()
                .filter(|lang| **lang != article.language)
                .any(|lang| {
                    let key = article.translation.as_deref();
                    key.is_none_or(|key| !versions.contains(&(key, *lang)))
                })
        })
        .take(MOST_ROWS)
        .map(|article| row(article, article.language.endonym().to_owned()))
        .collect()
}

/// The entry in the desk's rail, with the number of files that cannot be used.
pub(super) fn rail(
    conn: &mut Conn,
    _: &Parts,
    viewer: &RailViewer,
    rail: &mut Rail,
) -> diesel::QueryResult<()> {
    if !viewer.is_manager {
        return Ok(());
    }
    let faults = queries::count_faults(conn)?;
    rail.manage.push(RailLink {
        key: "manage-articles".to_owned(),
        label: Message::new("manage-articles-title").render(viewer.lang),
        href: "/manage/articles".to_owned(),
        icon: "book-open".to_owned(),
        hue: 0,
        count: (faults > 0).then_some(faults),
        current: false,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(slug: &str, language: Lang, translation: Option<&str>, review: &str) -> Upkeep {
        Upkeep {
            language,
            slug: slug.to_owned(),
            title: slug.to_owned(),
            audience: Audience::Public,
            review_on: Some(review.to_owned()),
            translation: translation.map(str::to_owned),
            path: format!("{language}/a/{slug}.md"),
        }
    }

    #[test]
    fn what_is_due_and_what_is_missing() {
        let articles = [
            article("un", Lang::Fr, Some("one"), "2026-11-20"),
            article("one", Lang::En, Some("one"), "2026-11-21"),
            article("deux", Lang::Fr, Some("two"), "2026-01-01"),
            article("trois", Lang::Fr, None, "2027-01-01"),
        ];
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let at = crate::platform::db::Timestamp::from_micros(0);
        let calendar = Calendar::new(Lang::Fr, chrono_tz::Tz::UTC, at);
        let titles = |rows: Vec<UpkeepRow>| rows.into_iter().map(|r| r.title).collect::<Vec<_>>();
        assert_eq!(titles(overdue(&articles, today, &calendar)), ["deux", "un"]);
        assert_eq!(
            titles(untranslated(&articles, Lang::ALL)),
            ["deux", "trois"]
        );
    }
}
