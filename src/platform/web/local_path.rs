//! Addresses within this site that a request names: where to go back to.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Longest path taken, in bytes.
const MAX: usize = 2_000;

/// A path on this site, with its query. A browser that is sent there stays here: neither a
/// scheme, nor `//host`, nor a spelling of it that browsers mend into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Reads a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = text.bytes();
        let rooted = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
        // Browsers drop tabs and line breaks and take a backslash for a slash.
        let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        (rooted && plain && text.len() <= MAX).then(|| Self(text.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of a parameter.
    #[must_use]
    pub fn encoded(&self) -> String {
        utf8_percent_encode(&self.0, NON_ALPHANUMERIC).to_string()
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_elsewhere_is_no_path_of_ours() {
        for elsewhere in [
            "",
            " ",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r/evil.example",
            " //evil.example",
            "https://evil.example",
            "https:evil.example",
            "HTTPS://evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "evil.example",
            "./requests",
            "../requests",
            "@evil.example",
            ":80",
            "?return_to=/",
            "#x",
            "/requests\r\nSet-Cookie: a=b",
            "/requests\0",
            "/ré",
            "/a b",
            "/a\\b",
        ] {
            assert_eq!(LocalPath::parse(elsewhere), None, "{elsewhere:?}");
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(MAX))), None);
    }

    #[test]
    fn paths_of_ours_stay_as_they_are() {
        for ours in [
            "/",
            "/requests",
            "/articles?q=a%20b&page=2",
            "/%2F%2Fevil.example",
            "/a//b",
        ] {
            let path = LocalPath::parse(ours).map(|path| path.to_string());
            assert_eq!(path.as_deref(), Some(ours));
        }
    }
}
