//! One article as it lies in its file.

use chrono::NaiveDate;
use serde::Deserialize;

use super::FileFault;
use crate::knowledge::model::{Audience, GENERAL, is_slug, section_key};
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::{clean_line, fold, front_matter};

/// Longest title and longest question, in characters.
const LINE: usize = 300;
/// Longest summary, in characters.
const SUMMARY: usize = 1_000;
/// Most tags and most questions.
const MANY: usize = 50;

#[derive(Deserialize)]
struct Meta {
    title: String,
    slug: Option<String>,
    lang: Option<Lang>,
    summary: Option<String>,
    description: Option<String>,
    audience: Option<Audience>,
    tags: Option<Vec<String>>,
    questions: Option<Vec<String>>,
    review: Option<NaiveDate>,
    translation: Option<String>,
    aliases: Option<Vec<String>>,
}

/// An article as it lies in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleFile {
    /// Path below the folder of the articles.
    pub path: String,
    /// Its language: the front matter's, else the first folder.
    pub lang: Lang,
    /// Last part of its address: the front matter's, else the file's name.
    pub slug: String,
    /// Key of its section: the folder in the folder of the language.
    pub section: String,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// Who may read it.
    pub audience: Audience,
    /// Whether the file says so itself.
    pub audience_given: bool,
    /// Names that other files may link to it by.
    pub aliases: Vec<String>,
    /// Tags, folded for comparison.
    pub tags: Vec<String>,
    /// How people ask for it.
    pub questions: Vec<String>,
    /// When it is to be read again.
    pub review: Option<NaiveDate>,
    /// Shared by its versions in several languages.
    pub translation: Option<String>,
    /// The Markdown below the front matter.
    pub body: String,
    /// Line of the file on which the body begins, from 1.
    pub body_line: usize,
}

impl ArticleFile {
    /// Reads an article.
    ///
    /// # Errors
    /// What is wrong with it, and on which line.
    pub fn parse(path: &str, source: &str) -> Result<Self, FileFault> {
        let text = |error| FileFault::text(path, 0, &error);
        let (yaml, body, body_line) = front_matter::split(source).map_err(text)?;
        let yaml =
            yaml.ok_or_else(|| FileFault::at(path, 1, Message::new("kb-fault-no-front-matter")))?;
        let meta: Meta = front_matter::parse(yaml).map_err(text)?;
        let place = Place::of(path);
        let key = |name: &str, reason: &str| {
            FileFault::at(path, line_of(yaml, name), Message::new(reason))
        };
        let title = clean_line(&meta.title);
        if title.is_empty() || title.chars().count() > LINE {
            return Err(key("title", "kb-fault-title"));
        }
        let summary = meta.summary.or(meta.description).unwrap_or_default();
        let summary = clean_line(&summary);
        if summary.chars().count() > SUMMARY {
            return Err(key("summary", "kb-fault-summary"));
        }
        let slug = meta.slug.unwrap_or_else(|| place.stem.to_owned());
        if !is_slug(&slug) {
            return Err(key("slug", "kb-fault-slug"));
        }
        let lang = meta.lang.or(place.lang);
        let many = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|l| l.len() > MANY);
        if many(&meta.tags) || many(&meta.questions) || many(&meta.aliases) {
            return Err(FileFault::whole(path, Message::new("kb-fault-too-large")));
        }
        Ok(Self {
            path: path.to_owned(),
            lang: lang.ok_or_else(|| key("lang", "kb-fault-language"))?,
            slug,
            section: place.section,
            title,
            summary,
            audience: meta.audience.unwrap_or(Audience::Public),
            audience_given: meta.audience.is_some(),
            aliases: lines(meta.aliases).collect(),
            // First of all: a folded ligature is longer.
            tags: lines(folded(meta.tags)).collect(),
            questions: lines(meta.questions).collect(),
            review: meta.review,
            translation: meta
                .translation
                .map(|key| clean_line(&key))
                .filter(|key| !key.is_empty()),
            body: body.to_owned(),
            body_line,
        })
    }
}

impl ArticleFile {
    /// Whether anybody may read it because the file does not say who may.
    #[must_use]
    pub fn is_public_by_omission(&self) -> bool {
        self.audience == Audience::Public && !self.audience_given
    }
}

/// What the place of a file says about it.
struct Place<'a> {
    lang: Option<Lang>,
    section: String,
    stem: &'a str,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Self {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut folders = folders
            .split('/')
            .filter(|folder| !folder.is_empty())
            .peekable();
        let lang = folders.peek().and_then(|folder| folder.parse().ok());
        if lang.is_some() {
            folders.next();
        }
        Self {
            lang,
            section: folders
                .next()
                .map_or_else(|| GENERAL.to_owned(), section_key),
            stem: name.rsplit_once('.').map_or(name, |(stem, _)| stem),
        }
    }
}

fn folded(list: Option<Vec<String>>) -> Option<Vec<String>> {
    list.map(|list| list.iter().map(|line| fold(line)).collect())
}

fn lines(list: Option<Vec<String>>) -> impl Iterator<Item = String> {
    list.unwrap_or_default()
        .into_iter()
        .map(|line| {
            let cut: String = clean_line(&line).chars().take(LINE).collect();
            // The cut may fall behind a word.
            cut.trim_end().to_owned()
        })
        .filter(|line| !line.is_empty())
}

/// Line of the file on which a key of its front matter stands; the first when it has none.
pub(super) fn line_of(yaml: &str, key: &str) -> usize {
    yaml.lines()
        .position(|line| {
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(':'))
        })
        .map_or(1, |at| at + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(source: &str) -> (i32, String) {
        let fault = ArticleFile::parse("fr/internet/a.md", source).unwrap_err();
        (fault.line, fault.reason.key().to_owned())
    }

    #[test]
    fn the_path_says_what_the_front_matter_leaves_out() {
        let read =
            ArticleFile::parse("fr/internet/debit.md", "---\ntitle: Débit\n---\nTexte\n").unwrap();
        assert_eq!(
            (read.lang, read.slug.as_str(), read.section.as_str()),
            (Lang::Fr, "debit", "internet")
        );
        assert_eq!((read.audience, read.body_line), (Audience::Public, 4));
        let deep = ArticleFile::parse("fr/internet/fibre/x.md", "---\ntitle: X\n---\n").unwrap();
        assert_eq!(deep.section, "internet");
        let bare = ArticleFile::parse("fr/x.md", "---\ntitle: X\n---\n").unwrap();
        assert_eq!(bare.section, GENERAL);
    }

    #[test]
    fn the_front_matter_wins_over_the_path() {
        let source =
            "---\ntitle: Speed\nslug: Speed_Test.2\nlang: en\ndescription: How fast\n---\n";
        let read = ArticleFile::parse("fr/internet/debit.md", source).unwrap();
        assert_eq!((read.lang, read.slug.as_str()), (Lang::En, "Speed_Test.2"));
        assert_eq!(read.summary, "How fast");
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(fault("# Titre\n"), (1, "kb-fault-no-front-matter".into()));
        assert_eq!(fault("---\ntitle: a\n"), (1, "kb-fault-unclosed".into()));
        assert_eq!(
            fault("---\ntitle: \" \"\n---\n"),
            (2, "kb-fault-title".into())
        );
        assert_eq!(
            fault("---\ntitle: a\nslug: a/b\n---\n"),
            (3, "kb-fault-slug".into())
        );
        let (line, key) = fault("---\ntitle: a\naudience: everyone\n---\n");
        assert_eq!((line, key.as_str()), (3, "kb-fault-unknown-value"));
        let elsewhere = ArticleFile::parse("note.md", "---\ntitle: a\n---\n").unwrap_err();
        assert_eq!(elsewhere.reason.key(), "kb-fault-language");
    }

    #[test]
    fn a_question_that_is_cut_off_ends_with_a_word() {
        let question = "a".repeat(LINE - 1) + " b";
        let source = format!("---\ntitle: a\nquestions: [{question}]\n---\n");
        let read = ArticleFile::parse("fr/a/b.md", &source).unwrap();
        assert_eq!(read.questions, ["a".repeat(LINE - 1)]);
    }

    proptest! {
        #[test]
        fn any_file_is_read_or_refused(yaml in "[a-z:\\-\\[\\] \n\"é]{0,60}", body in any::<String>()) {
            let source = format!("---\n{yaml}\n---\n{body}");
            if let Ok(read) = ArticleFile::parse("fr/a/b.md", &source) {
                prop_assert!(is_slug(&read.slug));
                prop_assert!(!read.title.is_empty());
            }
        }
    }
}
