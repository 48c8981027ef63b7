//! Proof-reading the folder: what is broken, what leads nowhere, what readers would not find.

use std::collections::HashMap;
use std::path::Path;

use super::files::{ArticleFile, FileFault, Folder, Library};
use super::model::Audience;
use super::search::{ArticleChange, ArticleDocument, ArticleSearch, Query};
use crate::platform::i18n::{Lang, Message};
use crate::platform::search::SearchError;
use crate::platform::text::Article;

/// A question of an article should find it among this many.
const FIRST: usize = 3;

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Readers meet something broken.
    Error,
    /// Readers may not find what there is.
    Warning,
    /// Something is left to do.
    Note,
}

/// Something that proof-reading found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where, and what.
    pub fault: FileFault,
}

/// What proof-reading found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Articles that can be read.
    pub articles: usize,
    /// Everything found, by file and line.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether readers would meet something broken.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Error)
    }
}

/// Reads the whole folder.
///
/// # Errors
/// When the sample questions cannot be tried.
pub fn check(root: &Path) -> Result<Report, SearchError> {
    let library = Library::read(root, &Folder::list(root), |_, _| None);
    let mut proof = Proof {
        rendered: HashMap::new(),
        findings: Vec::new(),
        library: &library,
    };
    library
        .faults
        .iter()
        .for_each(|fault| proof.add(Severity::Error, fault.clone()));
    for file in &library.articles {
        match library.render(file) {
            Ok(article) => {
                proof.rendered.insert(file.path.as_str(), article);
            }
            Err(fault) => proof.add(Severity::Error, fault),
        }
    }
    for file in &library.articles {
        proof.links(file);
        proof.images(file);
        if file.is_public_by_omission() {
            proof.note(Severity::Note, file, 0, Message::new("kb-check-audience"));
        }
        if library.counterpart(file).is_none() {
            proof.note(
                Severity::Note,
                file,
                0,
                Message::new("kb-check-translation"),
            );
        }
    }
    proof.questions()?;
    proof.findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.fault.path.clone(), f.fault.line, f.severity);
        key(a).cmp(&key(b))
    });
    Ok(Report {
        articles: proof.rendered.len(),
        findings: proof.findings,
    })
}

struct Proof<'a> {
    library: &'a Library,
    rendered: HashMap<&'a str, Article>,
    findings: Vec<Finding>,
}

impl Proof<'_> {
    fn add(&mut self, severity: Severity, fault: FileFault) {
        self.findings.push(Finding { severity, fault });
    }

    /// `line` is one of the body; 0 is the whole file.
    fn note(&mut self, severity: Severity, file: &ArticleFile, line: usize, reason: Message) {
        let line = if line == 0 {
            0
        } else {
            line + file.body_line - 1
        };
        self.add(severity, FileFault::at(&file.path, line, reason));
    }

    fn links(&mut self, file: &ArticleFile) {
        let Some(article) = self.rendered.get(file.path.as_str()) else {
            return;
        };
        let mut found = Vec::new();
        for link in &article.links {
            let problem = match &link.href {
                None => Some((Severity::Error, "kb-check-link")),
                Some(href) => self.destination(file, article, href),
            };
            found.extend(problem.map(|(severity, key)| {
                (
                    severity,
                    link.line,
                    Message::new(key).text("target", &link.target),
                )
            }));
        }
        for (severity, line, reason) in found {
            self.note(severity, file, line, reason);
        }
    }

    /// What is wrong with a link that leads somewhere.
    fn destination(
        &self,
        file: &ArticleFile,
        article: &Article,
        href: &str,
    ) -> Option<(Severity, &'static str)> {
        let (place, anchor) = href.split_once('#').unwrap_or((href, ""));
        let has = |article: &Article| {
            anchor.is_empty() || article.headings.iter().any(|heading| heading.id == anchor)
        };
        if place.is_empty() {
            return (!has(article)).then_some((Severity::Error, "kb-check-anchor"));
        }
        let (lang, slug) = place.strip_prefix('/')?.split_once("/articles/")?;
        let other = self.library.article(lang.parse().ok()?, slug)?;
        if file.audience < other.audience {
            return Some((Severity::Warning, "kb-check-hidden"));
        }
        let known = self.rendered.get(other.path.as_str()).is_none_or(has);
        (!known).then_some((Severity::Error, "kb-check-anchor"))
    }

    fn images(&mut self, file: &ArticleFile) {
        let images = self
            .rendered
            .get(file.path.as_str())
            .map(|article| article.images.clone());
        for image in images.unwrap_or_default() {
            if !image.found {
                let reason = Message::new("kb-check-image").text("target", &image.target);
                self.note(Severity::Error, file, image.line, reason);
            }
        }
    }

    /// Searches for each sample question as a reader would.
    fn questions(&mut self) -> Result<(), SearchError> {
        let index = ArticleSearch::in_memory()?;
        index.apply(&self.documents(), 1)?;
        let library = self.library;
        for file in &library.articles {
            for question in &file.questions {
                let found = index.search(&Query {
                    text: question.clone(),
                    lang: file.lang.to_string(),
                    audiences: vec![file.audience.to_string()],
                    section: None,
                    limit: FIRST,
                    offset: 0,
                    excerpts: false,
                })?;
                let own = |slug: &str, lang: &str| slug == file.slug && lang == file.lang.as_str();
                if !found.hits.iter().any(|hit| own(&hit.slug, &hit.lang)) {
                    let reason = Message::new("kb-check-question").text("question", question);
                    self.note(Severity::Warning, file, 0, reason);
                }
            }
        }
        Ok(())
    }

    /// The index as it would be, versions in both languages together.
    fn documents(&self) -> Vec<ArticleChange> {
        let sections = self.library.all_sections();
        let mut groups: HashMap<(Option<&str>, i64), Vec<ArticleDocument>> = HashMap::new();
        for (id, file) in (1..).zip(&self.library.articles) {
            let Some(article) = self.rendered.get(file.path.as_str()) else {
                continue;
            };
            let key = file.translation.as_deref();
            let alone = if key.is_none() { id } else { 0 };
            let section = sections.get(&(file.lang, file.section.clone()));
            groups
                .entry((key, alone))
                .or_default()
                .push(ArticleDocument {
                    id,
                    lang: file.lang.to_string(),
                    slug: file.slug.clone(),
                    section: file.section.clone(),
                    section_title: section.map(|s| s.title.clone()).unwrap_or_default(),
                    title: file.title.clone(),
                    summary: file.summary.clone(),
                    headings: article.headings.iter().map(|h| h.text.clone()).collect(),
                    questions: file.questions.clone(),
                    tags: file.tags.clone(),
                    body: article.plain.clone(),
                    audiences: file
                        .audience
                        .readers()
                        .iter()
                        .map(Audience::to_string)
                        .collect(),
                });
        }
        let changes = groups.into_values().filter_map(|versions| {
            let id = versions.first()?.id;
            Some(ArticleChange { id, versions })
        });
        changes.collect()
    }
}

/// A finding on one line, as compilers write them.
#[must_use]
pub fn line(finding: &Finding, lang: Lang) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let FileFault { path, line, reason } = &finding.fault;
    let place = if *line > 0 {
        format!("{path}:{line}")
    } else {
        path.clone()
    };
    format!("{place}: {severity}: {}", reason.render(lang))
}
