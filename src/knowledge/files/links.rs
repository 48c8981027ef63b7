//! Where the links and pictures of an article lead.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{ArticleFile, Library};
use crate::knowledge::model::article_path;
use crate::platform::i18n::Lang;
use crate::platform::text::{ImageRef, LinkResolver, Resolved};

/// Everything but what a path may hold as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// Pages of the portal that an article may lead to by their address.
const PAGES: [&str; 5] = ["/requests", "/sign-in", "/sign-up", "/articles", "/profile"];

/// Resolves the targets of one article.
pub(super) struct Links<'a> {
    library: &'a Library,
    from: &'a ArticleFile,
}

impl<'a> Links<'a> {
    pub(super) fn new(library: &'a Library, from: &'a ArticleFile) -> Self {
        Self { library, from }
    }

    /// `other-article`, `other.md`, `../section/other.md`, or an address `/fr/articles/other`.
    fn article(&self, place: &str) -> Option<&'a ArticleFile> {
        if let Some(address) = place.strip_prefix('/') {
            let (lang, slug) = address.split_once("/articles/")?;
            return self.library.article(lang.parse().ok()?, slug);
        }
        let name = place.rsplit('/').next().unwrap_or(place);
        let slug = name.strip_suffix(".md").unwrap_or(name);
        let by_path = || {
            let path = beside(&self.from.path, place)?;
            let with_ending = format!("{path}.md");
            self.library
                .at_path(&path)
                .or_else(|| self.library.at_path(&with_ending))
        };
        let other = Lang::ALL
            .iter()
            .copied()
            .filter(|lang| *lang != self.from.lang);
        by_path()
            .or_else(|| self.library.named(self.from.lang, slug))
            .or_else(|| {
                other
                    .into_iter()
                    .find_map(|lang| self.library.named(lang, slug))
            })
    }

    fn local(&self, target: &str) -> Option<String> {
        let (place, fragment) = match target.split_once('#') {
            Some((place, fragment)) => (place, Some(fragment)),
            None => (target, None),
        };
        let decoded = percent_decode_str(place).decode_utf8().ok()?;
        let found = match self.article(&decoded) {
            Some(article) => article_path(article.lang, &article.slug),
            None => PAGES
                .iter()
                .any(|page| {
                    place
                        .strip_prefix(page)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
                })
                .then(|| place.to_owned())?,
        };
        Some(match fragment {
            Some(fragment) => format!("{found}#{fragment}"),
            None => found,
        })
    }
}

impl LinkResolver for Links<'_> {
    fn link(&self, target: &str) -> Resolved {
        if target.starts_with('#') {
            return Resolved::Local(target.to_owned());
        }
        if has_scheme(target) {
            return Resolved::External(target.to_owned());
        }
        self.local(target)
            .map_or(Resolved::Unknown, Resolved::Local)
    }

    fn image(&self, target: &str) -> Option<ImageRef> {
        let path = image_path(&self.from.path, target)?;
        let picture = self.library.picture(&path)?;
        Some(ImageRef {
            src: image_address(self.from.lang, &self.from.slug, &path),
            size: picture.size,
        })
    }
}

/// Address of a picture of an article, by the picture's path below the folder. It stands below
/// the article's own address, so that whoever may not read the article does not get it either.
pub(in crate::knowledge) fn image_address(lang: Lang, slug: &str, path: &str) -> String {
    let path = utf8_percent_encode(path, PATH);
    format!("{}/files/{path}", article_path(lang, slug))
}

/// Path below the folder of a picture that an article names relative to itself.
pub(in crate::knowledge) fn image_path(from: &str, target: &str) -> Option<String> {
    if has_scheme(target) || target.starts_with('/') {
        return None;
    }
    let place = target.split(['#', '?']).next().unwrap_or_default();
    beside(from, &percent_decode_str(place).decode_utf8().ok()?)
}

/// A path relative to a file, from the root of the folder; none when it leaves the folder.
fn beside(from: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn has_scheme(target: &str) -> bool {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::knowledge::files::Folder;

    fn library(root: &Path, files: &[&str]) -> Library {
        for path in files {
            let file = root.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "---\ntitle: T\n---\n").unwrap();
        }
        Library::read(root, &Folder::list(root), |_, _| None)
    }

    #[test]
    fn articles_are_found_by_slug_path_and_address() {
        let root = tempfile::tempdir().unwrap();
        let library = library(root.path(), &["fr/a/un.md", "fr/b/deux.md", "en/b/two.md"]);
        let links = Links::new(&library, library.at_path("fr/a/un.md").unwrap());
        let to = |target: &str| match links.link(target) {
            Resolved::Local(path) => path,
            other => format!("{other:?}"),
        };
        for target in [
            "deux",
            "deux.md",
            "../b/deux.md",
            "./deux",
            "../elsewhere/deux.md",
            "/fr/articles/deux",
        ] {
            assert_eq!(to(target), "/fr/articles/deux", "{target}");
        }
        assert_eq!(to("../../en/b/two.md#cost"), "/en/articles/two#cost");
        assert_eq!(to("two"), "/en/articles/two");
        assert_eq!(to("#ici"), "#ici");
        assert_eq!(to("/requests/new?subject=x"), "/requests/new?subject=x");
        for target in [
            "trois",
            "/desk",
            "//evil.example",
            "/intune/x.png",
            "/requestsx",
            "",
        ] {
            assert_eq!(links.link(target), Resolved::Unknown, "{target}");
        }
        assert!(matches!(
            links.link("https://example.com"),
            Resolved::External(_)
        ));
    }

    #[test]
    fn pictures_are_served_below_their_article() {
        let root = tempfile::tempdir().unwrap();
        let library = library(
            root.path(),
            &["fr/a/un.md", "fr/a/plan é.svg", "media/x.png"],
        );
        let links = Links::new(&library, library.at_path("fr/a/un.md").unwrap());
        let src = |target: &str| links.image(target).map(|image| image.src);
        assert_eq!(
            src("plan%20%C3%A9.svg").unwrap(),
            "/fr/articles/un/files/fr/a/plan%20%C3%A9.svg"
        );
        assert_eq!(
            src("../../media/x.png").unwrap(),
            "/fr/articles/un/files/media/x.png"
        );
        for target in [
            "../../../etc/x.png",
            "/media/x.png",
            "none.png",
            "https://e.example/x.png",
            "un.md",
        ] {
            assert_eq!(src(target), None, "{target}");
        }
    }

    proptest! {
        #[test]
        fn no_target_leaves_the_folder(target in "(\\.\\./|%2e%2e/|/|a|\\.|\\\\){0,12}") {
            if let Some(path) = image_path("fr/a/x.md", &target) {
                prop_assert!(!path.split('/').any(|part| part == ".."));
                prop_assert!(!path.starts_with('/'));
            }
        }
    }
}
