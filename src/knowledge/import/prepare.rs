//! One file as it will lie in the folder of the articles.

use std::path::Path;

use super::Options;
use crate::knowledge::files::folder::Entry;
use crate::knowledge::files::{ArticleFile, FileFault, read_text};
use crate::knowledge::model::{Audience, GENERAL, is_slug, section_key};
use crate::platform::i18n::Lang;
use crate::platform::text::front_matter;
use crate::platform::text::slug;

/// A file ready to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// What it says; its path is where it belongs.
    pub article: ArticleFile,
    /// The whole file: the body as it came, below a front matter that may have gained lines.
    pub content: String,
    /// Title of its section, when that was named in words.
    pub section_title: Option<String>,
}

pub(super) fn article(
    from: &Path,
    entry: &Entry,
    options: &Options,
) -> Result<Prepared, FileFault> {
    let source = read_text(from, &entry.path, entry.size)?;
    let place = Place::of(&entry.path);
    let section = match &options.section {
        Some(name) => section_key(name),
        None => place
            .section
            .map_or_else(|| GENERAL.to_owned(), section_key),
    };
    let name = if is_slug(place.stem) {
        place.stem.to_owned()
    } else {
        slug(place.stem)
    };
    let lang = place.lang.or(options.lang);
    let folder = lang.map_or_else(|| section.clone(), |lang| format!("{lang}/{section}"));
    let assumed = format!("{folder}/{name}.md");
    let source = with_title(&source);
    let first = ArticleFile::parse(&assumed, &source)?;
    let content = with_lines(&source, &additions(&first, place.stem, options));
    let read = ArticleFile::parse(&assumed, &content)?;
    let section_title = options.section.as_ref().filter(|name| !is_slug(name));
    Ok(Prepared {
        article: ArticleFile {
            path: format!("{}/{section}/{}.md", read.lang, read.slug),
            section,
            ..read
        },
        content,
        section_title: section_title.cloned(),
    })
}

/// Language, section and name of a file by its place in the folder that it comes from.
struct Place<'a> {
    lang: Option<Lang>,
    section: Option<&'a str>,
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
            section: folders.next(),
            stem: name.rsplit_once('.').map_or(name, |(stem, _)| stem),
        }
    }
}

/// A file without front matter is named by its first heading.
fn with_title(source: &str) -> String {
    if !matches!(front_matter::split(source), Ok((None, _, _))) {
        return source.to_owned();
    }
    let heading = source
        .lines()
        .find_map(|line| line.trim_start_matches('\u{FEFF}').strip_prefix("# "));
    match heading {
        Some(heading) => {
            let title = serde_json::Value::from(heading.trim());
            format!(
                "---\ntitle: {title}\n---\n{}",
                source.trim_start_matches('\u{FEFF}')
            )
        }
        None => source.to_owned(),
    }
}

/// Lines that the front matter lacks: the audience asked for, and the name that other files link
/// to, when the slug is another one.
fn additions(article: &ArticleFile, stem: &str, options: &Options) -> Vec<String> {
    let audience = options
        .audience
        .filter(|audience| *audience != Audience::Public && !article.audience_given)
        .map(|audience| format!("audience: {audience}"));
    let known = article.slug == stem || article.aliases.iter().any(|alias| alias == stem);
    let alias = (!known && article.aliases.is_empty())
        .then(|| format!("aliases: [{}]", serde_json::Value::from(stem)));
    audience.into_iter().chain(alias).collect()
}

/// The file with further lines at the head of its front matter, in its own kind of line ends.
fn with_lines(source: &str, lines: &[String]) -> String {
    let Some(end) = source.find('\n').filter(|_| !lines.is_empty()) else {
        return source.to_owned();
    };
    let (fence, rest) = source.split_at(end + 1);
    let ending = if fence.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let added: String = lines.iter().map(|line| format!("{line}{ending}")).collect();
    format!("{fence}{added}{rest}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_without_front_matter_is_named_by_its_heading() {
        let named = with_title("\u{FEFF}# \"Panne\" : que faire\n\nTexte\n");
        let read = ArticleFile::parse("fr/a/panne.md", &named).unwrap();
        assert_eq!(read.title, "\"Panne\" : que faire");
        assert!(read.body.ends_with("\n\nTexte\n"));
        assert_eq!(with_title("Texte\n"), "Texte\n");
    }

    proptest! {
        #[test]
        fn the_body_is_kept_byte_for_byte(body in any::<String>(), crlf in any::<bool>()) {
            let end = if crlf { "\r\n" } else { "\n" };
            let source = format!("---{end}title: a{end}---{end}{body}");
            let lines = ["audience: internal".to_owned(), "aliases: [\"b\"]".to_owned()];
            let read = ArticleFile::parse("fr/a/c.md", &with_lines(&source, &lines)).unwrap();
            prop_assert_eq!(read.body, body);
            prop_assert_eq!(read.audience, Audience::Internal);
            prop_assert_eq!(read.aliases, ["b"]);
        }
    }
}
