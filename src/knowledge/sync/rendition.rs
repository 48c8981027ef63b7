//! An article as it is stored.

use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::knowledge::files::{ArticleFile, Library};
use crate::knowledge::model::{Audience, StoredHeading};
use crate::platform::i18n::Lang;
use crate::platform::text::{Article, french};
use crate::schema::articles;

/// Everything that is stored of an article and that its file decides.
#[derive(Clone, Debug, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = articles, treat_none_as_null = true)]
pub(super) struct Rendition {
    pub language: Lang,
    pub slug: String,
    pub section: String,
    pub title: String,
    pub summary: String,
    pub audience: Audience,
    pub tags: String,
    pub questions: String,
    pub headings: String,
    pub review_on: Option<String>,
    pub translation: Option<String>,
    pub path: String,
    pub html: String,
    pub plain: String,
    pub words: i32,
    /// Of everything above: it changes with the file, and when a link leads elsewhere.
    #[serde(skip)]
    pub content_hash: String,
}

impl Rendition {
    /// Renders every article. Those that cannot be rendered become faults.
    pub(super) fn all(library: &mut Library) -> Vec<Self> {
        let (mut renditions, mut faults) = (Vec::new(), Vec::new());
        for file in &library.articles {
            match library.render(file) {
                Ok(article) => renditions.push(Self::new(file, article)),
                Err(fault) => faults.push(fault),
            }
        }
        library.faults.extend(faults);
        renditions
    }

    fn new(file: &ArticleFile, article: Article) -> Self {
        let headings: Vec<_> = article
            .headings
            .iter()
            .map(|heading| StoredHeading {
                level: heading.level,
                id: heading.id.clone(),
                text: heading.text.clone(),
            })
            .collect();
        let summary = if file.summary.is_empty() {
            article.lead.unwrap_or_default()
        } else {
            set(file.lang, &file.summary)
        };
        let mut rendition = Self {
            language: file.lang,
            slug: file.slug.clone(),
            section: file.section.clone(),
            title: set(file.lang, &file.title),
            summary,
            audience: file.audience,
            tags: json(&file.tags),
            questions: json(&file.questions),
            headings: json(&headings),
            review_on: file.review.map(|date| date.to_string()),
            translation: file.translation.clone(),
            path: file.path.clone(),
            html: article.html.into_string(),
            plain: article.plain,
            words: i32::try_from(article.words).unwrap_or(i32::MAX),
            content_hash: String::new(),
        };
        let digest = Sha256::digest(json(&rendition));
        rendition.content_hash = data_encoding::HEXLOWER.encode(&digest);
        rendition
    }
}

/// A line as its language prints it.
fn set(lang: Lang, line: &str) -> String {
    match lang {
        Lang::Fr => french(line).into_owned(),
        Lang::En => line.to_owned(),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain texts and numbers are always valid JSON")
}
