//! What the files are made of: the built-in ones, those of the override folder, and stylesheets
//! that are put together of their parts.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::platform::web::overrides::{self, OverrideFaults, STATIC, list};

#[derive(RustEmbed)]
#[folder = "static"]
struct Files;

/// The stylesheet of every page.
pub(super) const STYLESHEET: &str = "css/guichet.css";

/// The stylesheets, each with the list of its parts in order of the cascade. What the desk has of
/// its own comes apart: a first visit to the portal would wait for a fifth more.
const STYLESHEETS: [(&str, &str); 2] = [
    (STYLESHEET, "css/order.txt"),
    ("css/desk.css", "css/order-desk.txt"),
];

/// A part that there is in override folders only. It stands outside of all layers, so that its
/// rules win.
const CUSTOM_PART: &str = "custom.css";

/// The files as they are at one moment.
pub(super) struct Sources {
    /// Contents of the override folder, by their path below `static/`.
    replaced: HashMap<String, Vec<u8>>,
}

impl Sources {
    /// Reads the override folder.
    ///
    /// # Errors
    /// Its files that cannot be read.
    pub(super) fn list(overrides: Option<&Path>) -> Result<Self, OverrideFaults> {
        let (mut replaced, mut faults) = (HashMap::new(), Vec::new());
        for (name, path) in list(overrides, STATIC)? {
            match std::fs::read(&path) {
                Ok(bytes) => {
                    replaced.insert(name, bytes);
                }
                Err(error) => faults.push(overrides::fault(&path, &error.to_string())),
            }
        }
        if faults.is_empty() {
            Ok(Self { replaced })
        } else {
            Err(OverrideFaults(faults))
        }
    }

    /// The paths of all files below `static/`.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let names = Files::iter().map(Cow::into_owned);
        let names = names.chain(self.replaced.keys().cloned());
        let sheets = STYLESHEETS.iter().map(|(sheet, _)| (*sheet).to_owned());
        names.chain(sheets).collect()
    }

    /// The content of a file.
    pub(super) fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        if let Some(bytes) = self.replaced.get(path) {
            return Some(Cow::Owned(bytes.clone()));
        }
        if let Some((sheet, order)) = STYLESHEETS.iter().find(|(sheet, _)| *sheet == path) {
            return self.stylesheet(sheet, order).map(Cow::Owned);
        }
        Files::get(path).map(|file| file.data)
    }

    /// All parts one after the other: one request instead of twenty.
    fn stylesheet(&self, sheet: &str, order: &str) -> Option<Vec<u8>> {
        let order = self.read(order)?;
        let order = String::from_utf8_lossy(&order);
        let parts = order.lines().map(str::trim);
        let mut whole = Vec::new();
        for part in parts.filter(|part| !part.is_empty() && !part.starts_with('#')) {
            whole.extend_from_slice(&self.read(&format!("css/{part}"))?);
            whole.push(b'\n');
        }
        let custom = self.read(&format!("css/{CUSTOM_PART}"));
        if let Some(custom) = custom.filter(|_| sheet == STYLESHEET) {
            whole.extend_from_slice(&custom);
        }
        let whole = without_comments(&String::from_utf8_lossy(&whole));
        Some(self.with_addresses(&whole).into_bytes())
    }

    /// Gives the files that the stylesheet names (`url("../…")`) the addresses that pages use, so
    /// that a font preloaded by a page is the one the stylesheet asks for.
    fn with_addresses(&self, css: &str) -> String {
        let mut parts = css.split("url(\"../");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (path, rest) = part.split_once('"').unwrap_or((part, ""));
            let address = self.read(path).map_or_else(
                || format!("../{path}"),
                |bytes| format!("/static/{}/{path}", fingerprint(&bytes)),
            );
            whole.push_str(&format!("url(\"{address}\"{rest}"));
        }
        whole
    }
}

/// CSS without what only its authors read: comments and indentation, a tenth of what would be sent.
fn without_comments(css: &str) -> String {
    let mut small = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find(['"', '\'', '/', '\n']) {
        let (before, found) = rest.split_at(at);
        small.push_str(before);
        if let Some(comment) = found.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if found.starts_with('\n') {
            rest = found.trim_start();
            if !small.ends_with('\n') {
                small.push('\n');
            }
        } else {
            let (kept, after) = found.split_at(end_of_text(found));
            small.push_str(kept);
            rest = after;
        }
    }
    small + rest
}

/// Where a quoted text that begins here ends; after one character when none begins.
fn end_of_text(css: &str) -> usize {
    let mut characters = css.char_indices();
    let Some((_, quote @ ('"' | '\''))) = characters.next() else {
        return 1;
    };
    let mut escaped = false;
    let end = characters.find(|&(_, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(css.len(), |(at, _)| at + 1)
}

/// What an address tells one content from another by.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_authors_read_is_not_sent() {
        for (css, sent) in [
            ("/* a */ a {\n    b: c;\n}\n\n", " a {\nb: c;\n}\n"),
            (
                "a { b: \"/* no */\\\"\n  c\" }",
                "a { b: \"/* no */\\\"\n  c\" }",
            ),
            ("a { b: '\"/*' } /* c", "a { b: '\"/*' } "),
            ("a { b: 1/2 }", "a { b: 1/2 }"),
        ] {
            assert_eq!(without_comments(css), sent);
        }
    }
}
