//! Taking over articles from elsewhere: a folder of Markdown files, whose front matter may be no
//! more than a title, a slug and a language.
//!
//! A file keeps its slug and, byte for byte, its body. Nothing that is there already is
//! overwritten, unless that is asked for.

mod prepare;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::files::folder::Kind;
use super::files::{ArticleFile, Folder, Library, image_path};
use super::model::Audience;
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::{NoLinks, render_article};

use prepare::Prepared;

/// How to take files over.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Language of files that name none.
    pub lang: Option<Lang>,
    /// Name of the section that all go to; without it, the folder that a file lies in.
    pub section: Option<String>,
    /// Audience of files that name none.
    pub audience: Option<Audience>,
    /// Whether files that differ are overwritten.
    pub replace: bool,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It was written.
    Imported,
    /// It was written over another one, as asked.
    Replaced,
    /// It was there already.
    Unchanged,
    /// Something else is there; nothing was written.
    Conflict,
    /// It cannot be used.
    Refused,
}

/// One file of the report.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its path below the folder it came from.
    pub source: String,
    /// Its path below the folder of the articles.
    pub target: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// Why, when it was not written.
    pub reason: Option<Message>,
}

impl Line {
    fn new(source: &str, target: &str, fate: Fate) -> Self {
        Self {
            source: source.to_owned(),
            target: Some(target.to_owned()),
            fate,
            reason: None,
        }
    }

    fn because(self, reason: Message) -> Self {
        Self {
            reason: Some(reason),
            ..self
        }
    }

    fn refused(source: &str, reason: Message) -> Self {
        Self {
            source: source.to_owned(),
            target: None,
            fate: Fate::Refused,
            reason: Some(reason),
        }
    }
}

/// Takes over the files of a folder. What cannot be taken over is in the report.
///
/// # Errors
/// When a file cannot be written.
pub fn import(from: &Path, kb_dir: &Path, options: &Options) -> io::Result<Vec<Line>> {
    let folder = Folder::list(from);
    let mut import = Import {
        from,
        kb_dir,
        options,
        present: Library::read(kb_dir, &Folder::list(kb_dir), |_, _| None),
        written: HashSet::new(),
        report: Vec::new(),
    };
    for fault in &folder.faults {
        import
            .report
            .push(Line::refused(&fault.path, fault.reason.clone()));
    }
    for entry in folder
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::Article)
    {
        match prepare::article(from, entry, options) {
            Ok(prepared) => import.article(&entry.path, &prepared)?,
            Err(fault) => import.report.push(Line::refused(&entry.path, fault.reason)),
        }
    }
    Ok(import.report)
}

struct Import<'a> {
    from: &'a Path,
    kb_dir: &'a Path,
    options: &'a Options,
    present: Library,
    written: HashSet<String>,
    report: Vec<Line>,
}

impl Import<'_> {
    fn article(&mut self, source: &str, prepared: &Prepared) -> io::Result<()> {
        let file = &prepared.article;
        let holder = self.present.article(file.lang, &file.slug);
        let target = holder.map_or_else(|| file.path.clone(), |holder| holder.path.clone());
        let line = self.place(source, &target, prepared.content.as_bytes())?;
        let stands = !matches!(line.fate, Fate::Conflict | Fate::Refused);
        self.report.push(line);
        if stands {
            self.section_title(prepared)?;
            self.pictures(source, &target, file)?;
        }
        Ok(())
    }

    /// Writes a file where nothing stands in its way.
    fn place(&mut self, source: &str, target: &str, content: &[u8]) -> io::Result<Line> {
        let path = self.kb_dir.join(target);
        let existing = match fs::read(&path) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let twice = !self.written.insert(target.to_owned());
        let fate = match existing {
            Some(existing) if existing == content => Fate::Unchanged,
            // Two files of the same import never overwrite each other.
            Some(_) if twice || !self.options.replace => {
                let reason = Message::new("kb-import-conflict").text("other", target);
                return Ok(Line::new(source, target, Fate::Conflict).because(reason));
            }
            Some(_) => Fate::Replaced,
            None => Fate::Imported,
        };
        if fate != Fate::Unchanged {
            write_whole(&path, content)?;
        }
        Ok(Line::new(source, target, fate))
    }

    /// A section named in words gets them as its title, unless it has one.
    fn section_title(&self, prepared: &Prepared) -> io::Result<()> {
        let Some(title) = &prepared.section_title else {
            return Ok(());
        };
        let ArticleFile { lang, section, .. } = &prepared.article;
        let path = self.kb_dir.join(format!("{lang}/{section}/_section.md"));
        if path.exists() {
            return Ok(());
        }
        let title = serde_json::Value::from(title.as_str());
        write_whole(&path, format!("---\ntitle: {title}\n---\n").as_bytes())
    }

    /// Brings the pictures that an article shows, to where it will look for them.
    fn pictures(&mut self, source: &str, target: &str, file: &ArticleFile) -> io::Result<()> {
        let Ok(article) = render_article(&file.body, file.lang, &NoLinks) else {
            return Ok(());
        };
        for image in article.images {
            let Some(from) = image_path(source, &image.target) else {
                continue;
            };
            match image_path(target, &image.target) {
                Some(to) if is_picture(&to) => self.picture(&from, &to)?,
                _ => {
                    let reason = Message::new("kb-import-picture").text("other", source);
                    self.report.push(Line::refused(&from, reason));
                }
            }
        }
        Ok(())
    }

    fn picture(&mut self, from: &str, to: &str) -> io::Result<()> {
        if self.written.contains(to) {
            return Ok(());
        }
        let inside = super::files::folder::inside(self.from, &self.from.join(from));
        let line = match inside.map(fs::read) {
            Some(Ok(content)) => self.place(from, to, &content)?,
            _ => Line::refused(from, Message::new("kb-import-no-picture")),
        };
        self.report.push(line);
        Ok(())
    }
}

fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.and_then(super::files::image_type).is_some()
}

/// A reader of the folder sees the whole file or none of it.
fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder: PathBuf = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    fs::create_dir_all(&folder)?;
    let mut draft = tempfile::Builder::new()
        .prefix(".import-")
        .tempfile_in(&folder)?;
    draft.write_all(content)?;
    draft.as_file().sync_all()?;
    make_readable(draft.path())?;
    draft.persist(path)?;
    Ok(())
}

/// Temporary files are private; articles are not.
#[cfg(unix)]
fn make_readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &Path) -> io::Result<()> {
    Ok(())
}
