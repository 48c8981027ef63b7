//! The pages that readers of articles see.

use rocket::http::ContentType;
use rocket::{Route, get, routes};

use super::files::{FolderPath, image_address, image_type};
use super::job::Edition;
use super::model::{Article, ArticleSummary, Audience, Section, article_path, section_path};
use super::pages::{self, ArticlePage, ArticleRow, Entry, Index, Subject, Translation};
use super::queries::{self, SectionContents};
use crate::accounts::{Place, Visitor};
use crate::platform::db::{Conn, StorageError};
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::SafeHtml;
use crate::platform::web::widgets::TextLink;
use crate::platform::web::{Failure, IfNoneMatch, Outcome, Reply};

/// Articles on a page of a section.
const PER_PAGE: usize = 50;
/// Articles offered beside an article.
const RELATED: usize = 4;
/// What a picture may do when it is opened alone: nothing. An SVG could hold a script.
const IMAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                            base-uri 'none'; frame-ancestors 'none'; sandbox";

/// Addresses that begin with a language come after those that begin with a word (rank 20): Rocket
/// takes `/static/<…>/<…>` and `/<lang>/articles/<…>` for rivals.
pub(super) fn routes() -> Vec<Route> {
    routes![unlocalised, index, section, article, picture]
}

impl Visitor {
    /// What this visitor may read.
    pub(super) fn audience(&self) -> Audience {
        Audience::of(self.person.as_ref())
    }
}

/// The same page in the other language, for the switch in the header.
pub(super) fn in_other_languages(lang: Lang, path: impl Fn(Lang) -> String) -> Vec<(Lang, String)> {
    Lang::ALL
        .iter()
        .filter(|other| **other != lang)
        .map(|&other| (other, path(other)))
        .collect()
}

#[get("/articles")]
fn unlocalised(visitor: Visitor) -> Reply {
    Reply::see_other(format!("/{}/articles", visitor.lang))
}

#[get("/<lang>/articles", rank = 20)]
async fn index(lang: &str, visitor: Visitor, known: IfNoneMatch) -> Outcome {
    let visitor = visitor.reading_in(lang)?;
    let edition = visitor.site.part::<Edition>().number();
    if let Some(reply) = visitor.kept_page(edition, &known) {
        return Ok(reply);
    }
    let (lang, reader) = (visitor.lang, visitor.audience());
    let sections = visitor
        .site
        .db
        .read(move |conn| queries::list_sections(conn, lang, reader).map_err(StorageError::from))
        .await?;
    let page = Index {
        article_count: sections
            .iter()
            .map(|s| pages::printed(s.articles.len()))
            .sum(),
        sections: sections.iter().map(Subject::new).collect(),
        new_request_href: "/requests/new".to_owned(),
    };
    let place = Place {
        section: "articles",
        translations: &in_other_languages(lang, |other| format!("/{other}/articles")),
    };
    let reply = visitor.page(place, &page)?;
    visitor.keep_page(edition, &known, reply).await
}

#[get("/<lang>/sections/<key>?<page>", rank = 20)]
async fn section(
    lang: &str,
    key: &str,
    page: Option<usize>,
    visitor: Visitor,
    known: IfNoneMatch,
) -> Outcome {
    let visitor = visitor.reading_in(lang)?;
    let edition = visitor.site.part::<Edition>().number();
    if let Some(reply) = visitor.kept_page(edition, &known) {
        return Ok(reply);
    }
    let (lang, reader) = (visitor.lang, visitor.audience());
    let mut sections = visitor
        .site
        .db
        .read(move |conn| queries::list_sections(conn, lang, reader).map_err(StorageError::from))
        .await?;
    let at = sections.iter().position(|s| s.section.key == key);
    let found = sections.remove(at.ok_or(Failure::NotFound)?);
    let view = section_page(&visitor, &found, &sections, page.unwrap_or(1).max(1));
    let place = Place {
        section: "articles",
        translations: &in_other_languages(lang, |other| format!("/{other}/articles")),
    };
    let reply = visitor.page(place, &view)?;
    visitor.keep_page(edition, &known, reply).await
}

fn section_page(
    visitor: &Visitor,
    found: &SectionContents,
    others: &[SectionContents],
    page: usize,
) -> pages::Section {
    let (lang, calendar) = (visitor.lang, visitor.calendar());
    let Section {
        title,
        summary,
        key,
        ..
    } = found.section.clone();
    let href = section_path(lang, &key);
    let shown = found
        .articles
        .iter()
        .skip((page - 1).saturating_mul(PER_PAGE))
        .take(PER_PAGE);
    pages::Section {
        crumbs: vec![articles_crumb(lang), TextLink::new(&title, &href)],
        articles: shown
            .map(|article| ArticleRow::new(article, lang, &calendar))
            .collect(),
        pages: pages::numbered(lang, (page, PER_PAGE, found.articles.len()), |n| {
            format!("{href}?page={n}")
        }),
        other_sections: others
            .iter()
            .map(|other| {
                TextLink::new(&other.section.title, section_path(lang, &other.section.key))
            })
            .collect(),
        title,
        summary,
    }
}

fn articles_crumb(lang: Lang) -> TextLink {
    let label = Message::new("knowledge-title").render(lang);
    TextLink::new(label, format!("/{lang}/articles"))
}

/// An article and what stands around it.
struct Reading {
    article: Article,
    /// Its text, proven again: up to two megabytes, which no request's thread should read.
    html: SafeHtml,
    section: Option<Section>,
    translation: Option<ArticleSummary>,
    related: Vec<ArticleSummary>,
}

/// What is found at an address.
enum Located {
    Here(Box<Reading>),
    /// The article has a version in the language asked for, at another address.
    Moved(String),
}

fn locate(
    conn: &mut Conn,
    lang: Lang,
    slug: &str,
    reader: Audience,
) -> Result<Option<Located>, Failure> {
    if let Some(article) = queries::find_article(conn, lang, slug, reader)? {
        return Ok(Some(Located::Here(Box::new(reading(
            conn, article, reader,
        )?))));
    }
    for &other in Lang::ALL.iter().filter(|other| **other != lang) {
        if let Some(article) = queries::find_article(conn, other, slug, reader)? {
            return Ok(Some(
                match queries::find_translation(conn, &article, lang, reader)? {
                    Some(translation) => Located::Moved(translation.href()),
                    None => Located::Here(Box::new(reading(conn, article, reader)?)),
                },
            ));
        }
    }
    Ok(None)
}

fn reading(conn: &mut Conn, article: Article, reader: Audience) -> Result<Reading, Failure> {
    let mut translation = None;
    for &other in Lang::ALL.iter().filter(|other| **other != article.language) {
        translation = queries::find_translation(conn, &article, other, reader)?;
    }
    let html = SafeHtml::sanitise_article(&article.html).map_err(|e| Failure::internal(&e))?;
    Ok(Reading {
        html,
        section: queries::find_section(conn, article.language, &article.section)?,
        related: queries::list_related(conn, &article, reader, RELATED)?,
        translation,
        article,
    })
}

#[get("/<lang>/articles/<slug>", rank = 20)]
async fn article(lang: &str, slug: &str, visitor: Visitor, known: IfNoneMatch) -> Outcome {
    let visitor = visitor.reading_in(lang)?;
    let edition = visitor.site.part::<Edition>().number();
    if let Some(reply) = visitor.kept_page(edition, &known) {
        return Ok(reply);
    }
    let (lang, reader, slug) = (visitor.lang, visitor.audience(), slug.to_owned());
    let found = visitor
        .site
        .db
        .read(move |conn| locate(conn, lang, &slug, reader))
        .await?;
    let reading = match found.ok_or(Failure::NotFound)? {
        Located::Moved(href) => return Ok(Reply::see_other(href)),
        Located::Here(reading) => reading,
    };
    let page = article_page(&visitor, &reading);
    let place = Place {
        section: "articles",
        translations: &in_other_languages(lang, |other| elsewhere(&reading, other)),
    };
    let reply = visitor.page(place, &page)?;
    visitor.keep_page(edition, &known, reply).await
}

/// Where the reader of an article goes when they choose another language.
fn elsewhere(reading: &Reading, lang: Lang) -> String {
    let article = &reading.article;
    match &reading.translation {
        _ if article.language == lang => article_path(lang, &article.slug),
        Some(translation) if translation.language == lang => translation.href(),
        _ => format!("/{lang}/articles"),
    }
}

fn article_page(visitor: &Visitor, reading: &Reading) -> ArticlePage {
    let article = &reading.article;
    let path = article_path(article.language, &article.slug);
    let mut crumbs = vec![articles_crumb(visitor.lang)];
    crumbs.extend(reading.section.as_ref().map(|section| {
        TextLink::new(&section.title, section_path(article.language, &section.key))
    }));
    crumbs.push(TextLink::new(&article.title, &path));
    ArticlePage {
        title: article.title.clone(),
        summary: article.summary.clone(),
        article_lang: article.language,
        crumbs,
        contents: contents(article),
        facts: facts(visitor, article),
        html: reading.html.clone(),
        related: reading
            .related
            .iter()
            .map(|other| TextLink::new(&other.title, other.href()))
            .collect(),
        translation: reading.translation.as_ref().map(|translation| Translation {
            lang: translation.language,
            href: translation.href(),
            label: Message::new("knowledge-read-here").render(translation.language),
        }),
        file_href: format!("/requests/new?read={path}"),
    }
}

/// Two levels are enough to find one's way.
fn contents(article: &Article) -> Vec<Entry> {
    let headings = article
        .headings()
        .into_iter()
        .filter(|heading| heading.level <= 3);
    headings
        .map(|heading| Entry {
            level: heading.level,
            id: heading.id,
            title: heading.text,
        })
        .collect()
}

fn facts(visitor: &Visitor, article: &Article) -> Vec<String> {
    let calendar = visitor.calendar();
    let date = calendar.full_date(calendar.date_of(article.updated_at));
    let mut facts = vec![
        Message::new("knowledge-updated").text("date", date),
        Message::new("knowledge-minutes").number("minutes", pages::minutes(article.words)),
    ];
    facts.extend(match article.audience {
        Audience::Public => None,
        Audience::Customers => Some(Message::new("knowledge-for-customers")),
        Audience::Internal => Some(Message::new("knowledge-for-agents")),
    });
    facts.iter().map(|fact| fact.render(visitor.lang)).collect()
}

/// A picture, for whoever may read an article that shows it.
#[get("/<lang>/articles/<slug>/files/<path..>", rank = 20)]
async fn picture(
    lang: &str,
    slug: &str,
    path: FolderPath,
    visitor: Visitor,
    known: IfNoneMatch,
) -> Outcome {
    let visitor = visitor.reading_in(lang)?;
    let (lang, reader) = (visitor.lang, visitor.audience());
    let content_type = path
        .ending()
        .and_then(image_type)
        .ok_or(Failure::NotFound)?;
    let address = format!("src=\"{}\"", image_address(lang, slug, path.as_str()));
    let slug = slug.to_owned();
    let article = visitor
        .site
        .db
        .read(move |conn| {
            queries::find_article(conn, lang, &slug, reader).map_err(StorageError::from)
        })
        .await?;
    if !article.is_some_and(|article| article.html.contains(&address)) {
        return Err(Failure::NotFound);
    }
    let root = visitor.site.settings.kb_dir.clone();
    let bytes = rocket::tokio::task::spawn_blocking(move || path.read(&root))
        .await
        .map_err(|e| Failure::internal(&e))?
        .ok_or(Failure::NotFound)?;
    Ok(image(content_type, bytes).revalidated(&known))
}

fn image(content_type: ContentType, bytes: Vec<u8>) -> Reply {
    Reply::bytes(content_type, bytes)
        .with_header("Content-Security-Policy", IMAGE_POLICY)
        .with_header("Content-Disposition", "inline")
}
