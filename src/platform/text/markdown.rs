//! Markdown to HTML: articles by editors, messages by anybody.

use pulldown_cmark::Options;

use super::budget::{
    ARTICLE_BYTES, ARTICLE_HTML_BYTES, Deadline, MESSAGE_BYTES, MESSAGE_HTML_BYTES, TIME,
    TextError, check_markdown,
};
use super::events;
use super::href::{LinkResolver, NoLinks};
use super::safe_html::SafeHtml;
use super::writer::{Kind, Writer};
use crate::platform::i18n::Lang;

/// Silent reading speed in words a minute. Adults read about 195 words of French
/// (Trauzettel-Klosinski and Dietz, 2012) and 238 of English (Brysbaert, 2019); instructions are
/// read at the slower end.
const WORDS_PER_MINUTE: u32 = 200;

/// A rendered article and what is known about it from its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The article as it is shown. Its first paragraph has the class `lead` when [`Article::lead`]
    /// is present.
    pub html: SafeHtml,
    /// Words of the paragraph that opens the article, before any heading below the title.
    pub lead: Option<String>,
    /// Headings in order, for the table of contents.
    pub headings: Vec<Heading>,
    /// The words without markup, one block a line, for search.
    pub plain: String,
    /// Every link, resolved or not.
    pub links: Vec<Link>,
    /// Every image, found or not.
    pub images: Vec<Image>,
    /// Number of words in [`Article::plain`].
    pub words: u32,
}

/// A heading of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6: the title of the page is the only 1.
    pub level: u8,
    /// Identifier in the page, unique in the article.
    pub id: String,
    /// The words of the heading, set as the article is.
    pub text: String,
}

/// A link of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The target as written.
    pub target: String,
    /// Line of the source, counted from 1.
    pub line: usize,
    /// Where it leads in the page; `None` when it lost its link.
    pub href: Option<String>,
}

/// An image of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The target as written.
    pub target: String,
    /// Line of the source, counted from 1.
    pub line: usize,
    /// What is read when it is not seen.
    pub alt: String,
    /// Whether the resolver knows it; an unknown image is shown as its words.
    pub found: bool,
}

/// Renders an article.
///
/// Tables, footnotes, task lists, strike-through and callouts (`> [!NOTE]`) are understood; HTML in
/// the source is shown as typed. `links` says where targets lead. French prose is set as [`french`]
/// does; code, addresses, anchors and [`Article::plain`] stay as typed.
///
/// [`french`]: super::french
///
/// # Errors
/// When the source, its HTML or the time it takes exceeds the budget of an article.
pub fn render_article(
    source: &str,
    lang: Lang,
    links: &dyn LinkResolver,
) -> Result<Article, TextError> {
    render_article_by(Deadline::after(TIME), source, lang, links)
}

fn render_article_by(
    deadline: Deadline,
    source: &str,
    lang: Lang,
    links: &dyn LinkResolver,
) -> Result<Article, TextError> {
    check_markdown(source, ARTICLE_BYTES)?;
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM;
    let events = events::parse(source, options, deadline)?;
    let page = Writer::new(
        Kind::Article(lang),
        source,
        &events,
        links,
        ARTICLE_HTML_BYTES,
    )
    .write(deadline)?;
    let words = count_words(&page.plain);
    // The sanitiser cannot be stopped: its own limits bound it.
    deadline.check()?;
    Ok(Article {
        html: SafeHtml::sanitise_article(&page.html)?,
        lead: page.lead,
        headings: page.headings,
        plain: page.plain,
        links: page.links,
        images: page.images,
        words,
    })
}

/// Renders a message of a request: everything in it is untrusted.
///
/// A typed line break is kept, bare web addresses become links, headings become bold lines, images
/// become links to them, HTML is shown as typed, and nothing leads into this site.
///
/// # Errors
/// When the source, its HTML or the time it takes exceeds the budget of a message;
/// [`SafeHtml::plain_text`] always shows what this refuses.
pub fn render_message(source: &str) -> Result<SafeHtml, TextError> {
    render_message_by(Deadline::after(TIME), source)
}

fn render_message_by(deadline: Deadline, source: &str) -> Result<SafeHtml, TextError> {
    check_markdown(source, MESSAGE_BYTES)?;
    let events = events::parse(
        source,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
        deadline,
    )?;
    let page = Writer::new(Kind::Message, source, &events, &NoLinks, MESSAGE_HTML_BYTES)
        .write(deadline)?;
    deadline.check()?;
    SafeHtml::sanitise_message(&page.html)
}

/// Minutes it takes to read `words` words, at least one.
pub fn reading_minutes(words: u32) -> u32 {
    words.div_ceil(WORDS_PER_MINUTE).max(1)
}

fn count_words(text: &str) -> u32 {
    let words = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count();
    u32::try_from(words).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
