//! Everything that the folder holds, read, and how its parts lead to each other.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::folder::Kind;
use super::links::Links;
use super::picture::Picture;
use super::section::untitled;
use super::{ArticleFile, FileFault, Folder, SectionFile};
use crate::knowledge::model::Section;
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::{Article, budget, render_article};

/// All files, read.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// Articles, each under its own address.
    pub articles: Vec<ArticleFile>,
    /// What `_section.md` files say.
    pub sections: Vec<SectionFile>,
    /// Everything that could not be used.
    pub faults: Vec<FileFault>,
    pictures: BTreeMap<String, Picture>,
    by_address: HashMap<(Lang, String), usize>,
    by_path: HashMap<String, usize>,
    by_alias: HashMap<(Lang, String), usize>,
}

impl Library {
    /// Reads what is listed. `holder` names the file that an address belongs to already: when two
    /// files claim one address, that one keeps it, else the first by name.
    #[must_use]
    pub fn read(
        root: &Path,
        folder: &Folder,
        holder: impl Fn(Lang, &str) -> Option<String>,
    ) -> Self {
        let mut library = Self {
            faults: folder.faults.clone(),
            ..Self::default()
        };
        let mut articles = Vec::new();
        for entry in &folder.entries {
            let read = match entry.kind {
                Kind::Image => {
                    let picture = Picture::read(&root.join(&entry.path));
                    library.pictures.insert(entry.path.clone(), picture);
                    continue;
                }
                _ => read_text(root, &entry.path, entry.size),
            };
            let parsed = read.and_then(|source| {
                if entry.kind == Kind::Section {
                    SectionFile::parse(&entry.path, &source).map(|s| library.sections.push(s))
                } else {
                    ArticleFile::parse(&entry.path, &source).map(|a| articles.push(a))
                }
            });
            library.faults.extend(parsed.err());
        }
        articles.sort_by_key(|a| holder(a.lang, &a.slug).as_ref() != Some(&a.path));
        for article in articles {
            library.add(article);
        }
        library.articles_in_order();
        library
    }

    fn add(&mut self, article: ArticleFile) {
        let address = (article.lang, article.slug.clone());
        if let Some(&first) = self.by_address.get(&address) {
            let reason = Message::new("kb-fault-taken")
                .text("slug", &article.slug)
                .text("other", &self.articles[first].path);
            self.faults.push(FileFault::whole(&article.path, reason));
            return;
        }
        self.by_address.insert(address, self.articles.len());
        self.articles.push(article);
    }

    fn articles_in_order(&mut self) {
        self.articles.sort_by(|a, b| a.path.cmp(&b.path));
        for (at, article) in self.articles.iter().enumerate() {
            self.by_address
                .insert((article.lang, article.slug.clone()), at);
            self.by_path.insert(article.path.clone(), at);
            for alias in &article.aliases {
                let alias = (article.lang, alias.clone());
                self.by_alias.entry(alias).or_insert(at);
            }
        }
    }

    /// Renders an article with its links.
    ///
    /// # Errors
    /// What makes it impossible to render.
    pub fn render(&self, article: &ArticleFile) -> Result<Article, FileFault> {
        render_article(&article.body, article.lang, &Links::new(self, article))
            .map_err(|error| FileFault::text(&article.path, article.body_line - 1, &error))
    }

    /// The article that files link to by a name: its slug, or another one that it answers to.
    #[must_use]
    pub fn named(&self, lang: Lang, name: &str) -> Option<&ArticleFile> {
        let alias = || self.by_alias.get(&(lang, name.to_owned()));
        self.article(lang, name)
            .or_else(|| alias().map(|&at| &self.articles[at]))
    }

    /// The article at an address.
    #[must_use]
    pub fn article(&self, lang: Lang, slug: &str) -> Option<&ArticleFile> {
        self.by_address
            .get(&(lang, slug.to_owned()))
            .map(|&at| &self.articles[at])
    }

    /// The article in a file.
    #[must_use]
    pub fn at_path(&self, path: &str) -> Option<&ArticleFile> {
        self.by_path.get(path).map(|&at| &self.articles[at])
    }

    /// The picture at a path.
    #[must_use]
    pub fn picture(&self, path: &str) -> Option<Picture> {
        self.pictures.get(path).copied()
    }

    /// Whether a file or a folder above it could not be used.
    #[must_use]
    pub fn is_broken(&self, path: &str) -> bool {
        self.faults.iter().any(|fault| {
            fault.path == "."
                || fault.path == path
                || path
                    .strip_prefix(&fault.path)
                    .is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Every section that has a file or an article, by language and key.
    #[must_use]
    pub fn all_sections(&self) -> BTreeMap<(Lang, String), Section> {
        let mut all: BTreeMap<_, _> = self
            .articles
            .iter()
            .map(|a| ((a.lang, a.section.clone()), untitled(a.lang, &a.section)))
            .collect();
        for file in &self.sections {
            let section = &file.section;
            all.insert((section.language, section.key.clone()), section.clone());
        }
        all
    }

    /// The same article in the other language.
    #[must_use]
    pub fn counterpart(&self, article: &ArticleFile) -> Option<&ArticleFile> {
        let key = article.translation.as_ref()?;
        self.articles
            .iter()
            .find(|other| other.lang != article.lang && other.translation.as_ref() == Some(key))
    }
}

/// Reads a file whole.
///
/// # Errors
/// When it is too large, not to be read, or not UTF-8.
pub fn read_text(root: &Path, path: &str, size: u64) -> Result<String, FileFault> {
    // The front matter has a limit of its own; this one keeps a film from being read as text.
    let most = 2 * budget::ARTICLE_BYTES;
    if size > most as u64 {
        let max = i64::try_from(most / 1024).unwrap_or(i64::MAX);
        let reason = Message::new("kb-fault-too-long").number("max", max);
        return Err(FileFault::whole(path, reason));
    }
    let bytes = std::fs::read(root.join(path)).map_err(|error| {
        let reason = Message::new("kb-fault-unreadable").text("what", error.to_string());
        FileFault::whole(path, reason)
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        FileFault::at(path, line, Message::new("kb-fault-encoding"))
    })
}
