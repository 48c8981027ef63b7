//! The first page: greeting, search, what needs the person, subjects.

use rocket::{Route, get, routes};

use super::pages::{Home, UsefulArticle};
use crate::accounts::{Place, Visitor};
use crate::knowledge::job::Edition;
use crate::knowledge::model::{ArticleSummary, Audience, section_path};
use crate::knowledge::pages::Subject;
use crate::knowledge::queries::{SectionContents, list_sections};
use crate::platform::db::StorageError;
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::reading_minutes;
use crate::platform::web::widgets::TextLink;
use crate::platform::web::{IfNoneMatch, Outcome};
use crate::tickets::portal::request_stub;
use crate::tickets::queries::{Scope, count_by_stage, latest_open};
use crate::tickets::{Stage, Ticket};

/// Sections on the page.
const SECTIONS: usize = 6;
/// Articles under each.
const ARTICLES: usize = 3;
/// Articles in the list of useful ones.
const POPULAR: usize = 6;
/// Requests beside the search.
const REQUESTS: usize = 3;

pub(super) fn routes() -> Vec<Route> {
    routes![home, home_in]
}

#[get("/")]
async fn home(visitor: Visitor, known: IfNoneMatch) -> Outcome {
    show(visitor, known).await
}

#[get("/<lang>", rank = 20)]
async fn home_in(visitor: Visitor, lang: &str, known: IfNoneMatch) -> Outcome {
    show(visitor.reading_in(lang)?, known).await
}

struct Contents {
    sections: Vec<SectionContents>,
    requests: Vec<Ticket>,
    open: i64,
}

async fn show(visitor: Visitor, known: IfNoneMatch) -> Outcome {
    let edition = visitor.site.part::<Edition>().number();
    if let Some(reply) = visitor.kept_page(edition, &known) {
        return Ok(reply);
    }
    let (lang, reader) = (visitor.lang, Audience::of(visitor.person.as_ref()));
    let scope = visitor
        .person
        .as_ref()
        .map(|person| Scope::Requester(person.id));
    let contents = visitor
        .site
        .db
        .read(move |conn| {
            let (requests, open) = match scope {
                Some(scope) => {
                    let counts = count_by_stage(conn, scope)?;
                    let open = counts
                        .iter()
                        .filter(|(stage, _)| *stage != Stage::Confirmed)
                        .map(|(_, count)| count)
                        .sum();
                    (latest_open(conn, scope, REQUESTS)?, open)
                }
                None => (Vec::new(), 0),
            };
            Ok::<_, StorageError>(Contents {
                sections: list_sections(conn, lang, reader)?,
                requests,
                open,
            })
        })
        .await?;
    let translations: Vec<_> = Lang::ALL.iter().map(|&l| (l, format!("/{l}"))).collect();
    let place = Place {
        section: "home",
        translations: &translations,
    };
    let reply = visitor.page(place, &present(&visitor, &contents))?;
    visitor.keep_page(edition, &known, reply).await
}

fn present(visitor: &Visitor, contents: &Contents) -> Home {
    let lang = visitor.lang;
    Home {
        first_name: visitor.person.as_ref().map(|person| {
            let first = person.name.split(' ').next();
            first.unwrap_or(&person.name).to_owned()
        }),
        requests: contents
            .requests
            .iter()
            .map(|ticket| request_stub(visitor, ticket))
            .collect(),
        open_requests: contents.open,
        requests_href: "/requests".to_owned(),
        new_request_href: "/requests/new".to_owned(),
        sections: contents
            .sections
            .iter()
            .take(SECTIONS)
            .map(|section| subject(lang, section))
            .collect(),
        article_count: contents
            .sections
            .iter()
            .map(|section| i64::try_from(section.articles.len()).unwrap_or(0))
            .sum(),
        articles_href: format!("/{lang}/articles"),
        popular: contents
            .sections
            .iter()
            .filter_map(|section| useful(lang, section))
            .take(POPULAR)
            .collect(),
    }
}

fn subject(lang: Lang, contents: &SectionContents) -> Subject {
    Subject {
        title: contents.section.title.clone(),
        icon: contents.section.icon.clone(),
        href: section_path(lang, &contents.section.key),
        count: i64::try_from(contents.articles.len()).unwrap_or(0),
        articles: contents
            .articles
            .iter()
            .take(ARTICLES)
            .map(|article| TextLink::new(article.title.clone(), article.href()))
            .collect(),
    }
}

/// The article of a section that was written or revised last. Nothing says yet what is read most,
/// and one of each subject serves more people than the latest six of one.
fn useful(lang: Lang, contents: &SectionContents) -> Option<UsefulArticle> {
    let latest = |article: &&ArticleSummary| (article.updated_at, article.id);
    let article = contents.articles.iter().max_by_key(latest)?;
    let words = u32::try_from(article.words).unwrap_or(0);
    Some(UsefulArticle {
        title: article.title.clone(),
        href: article.href(),
        context: Message::new("portal-article-context")
            .text("section", &contents.section.title)
            .number("minutes", i64::from(reading_minutes(words)))
            .render(lang),
    })
}
