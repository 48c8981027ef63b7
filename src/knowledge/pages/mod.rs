//! What customers see of the articles: values ready to print.

mod printing;
mod sample_values;

use serde::Serialize;

use crate::platform::i18n::Lang;
use crate::platform::text::{Heading, SafeHtml};
use crate::platform::web::view::{self, Sample};
use crate::platform::web::widgets::{Choice, PageLinks, TextLink};

pub(super) use printing::{meta, minutes, numbered, parts, printed};

/// Every page of this slice with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    [
        view::samples::<Index>(),
        view::samples::<Section>(),
        view::samples::<ArticlePage>(),
        view::samples::<Results>(),
        view::samples::<NoResults>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A subject with its first articles.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    /// Name.
    pub title: String,
    /// Icon of the sprite.
    pub icon: String,
    /// Its page.
    pub href: String,
    /// How many articles it holds.
    pub count: i64,
    /// A few of them.
    pub articles: Vec<TextLink>,
}

/// All subjects.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    /// How many articles there are.
    pub article_count: i64,
    /// Subjects in order.
    pub sections: Vec<Subject>,
    /// The form of a new request.
    pub new_request_href: String,
}

/// An article in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleRow {
    /// Title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// What it settles.
    pub summary: String,
    /// When it was checked, how long it takes.
    pub meta: String,
}

/// The articles of a subject.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Where one is.
    pub crumbs: Vec<TextLink>,
    /// Name.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Articles by title.
    pub articles: Vec<ArticleRow>,
    /// Neighbours in a long list.
    pub pages: PageLinks,
    /// The other subjects.
    pub other_sections: Vec<TextLink>,
}

/// A heading in the contents of an article.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Anchor.
    pub id: String,
    /// Text.
    pub title: String,
    /// 2 or 3.
    pub level: u8,
}

impl From<&Heading> for Entry {
    fn from(heading: &Heading) -> Self {
        Self {
            id: heading.id.clone(),
            title: heading.text.clone(),
            level: heading.level,
        }
    }
}

/// The same article in another language.
#[derive(Clone, Debug, Serialize)]
pub struct Translation {
    /// Its language.
    pub lang: Lang,
    /// "Read in English", in that language.
    pub label: String,
    /// Its page.
    pub href: String,
}

/// An article.
#[derive(Clone, Debug, Serialize)]
pub struct ArticlePage {
    /// Where one is.
    pub crumbs: Vec<TextLink>,
    /// Title.
    pub title: String,
    /// For search engines.
    pub summary: String,
    /// The language it is written in, which may not be the page's.
    pub article_lang: Lang,
    /// When it was checked, how long it takes.
    pub facts: Vec<String>,
    /// Headings.
    pub contents: Vec<Entry>,
    /// The text.
    pub html: SafeHtml,
    /// The same in another language.
    pub translation: Option<Translation>,
    /// The form of a new request, with this article noted as read.
    pub file_href: String,
    /// Other articles.
    pub related: Vec<TextLink>,
}

/// A piece of text, marked where it matches what was searched for.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Text.
    pub text: String,
    /// Whether it matches.
    pub marked: bool,
}

/// Something found.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// `article` or `request`.
    pub kind: String,
    /// Subject, or "Votre demande GU-1042".
    pub context: String,
    /// Name of its language when that is not the page's.
    pub other_lang: Option<String>,
    /// Title.
    pub title_parts: Vec<Part>,
    /// Its page.
    pub href: String,
    /// The passage that matches.
    pub excerpt_parts: Vec<Part>,
    /// When it was checked, how long it takes.
    pub meta: String,
    /// Stage of a request.
    pub stage: Option<String>,
    /// The same in words.
    pub stage_label: Option<String>,
}

/// Filters of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct FilterGroup {
    /// What they choose.
    pub title: String,
    /// The choices.
    pub options: Vec<Choice>,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// What was searched for.
    pub query: String,
    /// "23 résultats".
    pub count_text: String,
    /// Filters.
    pub filters: Vec<FilterGroup>,
    /// How the question was understood, where it had to be.
    pub notices: Vec<String>,
    /// What was found, best first.
    pub hits: Vec<Hit>,
    /// Neighbours.
    pub pages: PageLinks,
    /// The form of a new request with these words.
    pub file_href: String,
}

/// Nothing was found, or nothing was asked.
#[derive(Clone, Debug, Serialize)]
pub struct NoResults {
    /// What was searched for.
    pub query: String,
    /// How the question was understood, where it had to be.
    pub notices: Vec<String>,
    /// Other words to try.
    pub suggestions: Vec<TextLink>,
    /// Subjects.
    pub sections: Vec<TextLink>,
    /// The form of a new request with these words.
    pub file_href: String,
}
