//! Where a link or an image may lead.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Characters that are written as `%xx` in an address; `%` itself is the author's.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Longest target that is linked, in bytes. Longer ones are no address that a person follows.
const TARGET_MAX: usize = 2 * 1024;

/// Says where the links and images of an article lead. The writer checks the answer again: an
/// address that is not allowed loses its link, whoever gave it.
pub trait LinkResolver {
    /// Where `target`, as written in the source, leads.
    fn link(&self, target: &str) -> Resolved;
    /// The image that `target` names, or `None` when this site does not have it.
    fn image(&self, target: &str) -> Option<ImageRef>;
}

/// What became of a link's target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A place of this site: a path from the root (`/…`) or a heading of the same page (`#…`).
    Local(String),
    /// A place elsewhere: an address in http, https, mailto or tel.
    External(String),
    /// Nowhere: the text stays, without a link.
    Unknown,
}

/// An image of this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef {
    /// Path from the root of the site (`/…`).
    pub src: String,
    /// Width and height in pixels, when known.
    pub size: Option<(u32, u32)>,
}

/// Knows no article and no image: external addresses and headings of the page stay, the rest
/// becomes text.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLinks;

impl LinkResolver for NoLinks {
    fn link(&self, target: &str) -> Resolved {
        if target.starts_with('#') {
            Resolved::Local(target.to_owned())
        } else {
            Resolved::External(target.to_owned())
        }
    }

    fn image(&self, _target: &str) -> Option<ImageRef> {
        None
    }
}

/// The address to write for a target elsewhere, or `None` when it may not be linked.
///
/// Allowed: `http://` and `https://` with a host and without credentials, `mailto:`, `tel:`.
pub(super) fn external(target: &str) -> Option<Cow<'_, str>> {
    // Browsers drop tabs and newlines inside a scheme, so a target with one is never compared.
    if target.len() > TARGET_MAX || target.chars().any(char::is_control) {
        return None;
    }
    let (scheme, rest) = target.split_once(':')?;
    let allowed = match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => {
            rest.strip_prefix("//").is_some_and(starts_host) && is_plain_host(target)
        }
        "mailto" => rest.contains('@'),
        "tel" => {
            !rest.is_empty()
                && rest
                    .chars()
                    .all(|c| c.is_ascii_digit() || "+-.() ".contains(c))
        }
        _ => false,
    };
    allowed.then(|| escape(target))
}

/// Browsers skip extra slashes before a host and take `\\` for one; a plain address has neither.
fn starts_host(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_alphanumeric() || c == '[')
}

/// Credentials in an address only serve to disguise its host.
fn is_plain_host(address: &str) -> bool {
    ammonia::Url::parse(address)
        .is_ok_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none())
}

/// The address to write for a place of this site, or `None` when it could leave it.
pub(super) fn local(target: &str) -> Option<Cow<'_, str>> {
    let rest = target.strip_prefix(['/', '#'])?;
    let leaves = target.starts_with('/') && rest.starts_with(['/', '\\']);
    (!leaves && target.len() <= TARGET_MAX && !target.chars().any(char::is_control))
        .then(|| escape(target))
}

fn escape(target: &str) -> Cow<'_, str> {
    utf8_percent_encode(target, ESCAPED).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_schemes_lead_out() {
        for (target, href) in [
            (
                "https://exemple.fr/a b?c=1&d=é",
                "https://exemple.fr/a%20b?c=1&d=%C3%A9",
            ),
            ("HTTP://exemple.fr", "HTTP://exemple.fr"),
            (
                "mailto:aide@exemple.fr?subject=x",
                "mailto:aide@exemple.fr?subject=x",
            ),
            ("tel:+33 1 99 00 12 34", "tel:+33%201%2099%2000%2012%2034"),
        ] {
            assert_eq!(external(target).as_deref(), Some(href), "{target}");
        }
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "javascript:x//http://",
            "https:exemple.fr",
            "https://",
            "https:///x",
            "http://banque.example@evil.example",
            "https://a:b@evil.example",
            "//evil.example",
            "blob:https://a.example/x",
            "mailto:",
            "tel:javascript",
            "exemple.fr",
            "",
            ":",
            "ftp://exemple.fr",
        ] {
            assert_eq!(external(target), None, "{target}");
        }
    }

    #[test]
    fn local_places_stay_on_the_site() {
        assert_eq!(local("/aide/a").as_deref(), Some("/aide/a"));
        assert_eq!(local("#étape").as_deref(), Some("#%C3%A9tape"));
        for target in [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "aide",
            "",
            "\\\\evil.example",
        ] {
            assert_eq!(local(target), None, "{target}");
        }
    }
}
