//! Web addresses that stand bare in a text.

use std::ops::Range;

/// Where the first `http://` or `https://` address of `text` stands, without the punctuation of
/// the sentence around it. Linear in what it reads.
pub(super) fn first_address(text: &str) -> Option<Range<usize>> {
    text.match_indices("://").find_map(|(colon, mark)| {
        let start = scheme_start(text, colon)?;
        let rest = colon + mark.len();
        let end = text[rest..]
            .find(ends_address)
            .map_or(text.len(), |at| rest + at);
        let end = rest + trim_sentence(&text[rest..end]).len();
        (end > rest).then_some(start..end)
    })
}

/// Where the scheme that ends at `colon` begins, if it is one of the web and a word of its own.
fn scheme_start(text: &str, colon: usize) -> Option<usize> {
    let start = ["https", "http"].into_iter().find_map(|scheme| {
        let start = colon.checked_sub(scheme.len())?;
        text.get(start..colon)?
            .eq_ignore_ascii_case(scheme)
            .then_some(start)
    })?;
    let joined = text[..start]
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric);
    (!joined).then_some(start)
}

fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '«' | '»' | '“' | '”' | '|')
}

/// Drops what belongs to the sentence: final punctuation, and closing brackets that the address
/// did not open.
fn trim_sentence(address: &str) -> &str {
    let count = |mark: char| address.matches(mark).count();
    let mut round = count(')').saturating_sub(count('('));
    let mut square = count(']').saturating_sub(count('['));
    address.trim_end_matches(|c| match c {
        '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' | '*' | '_' | '~' => true,
        ')' if round > 0 => {
            round -= 1;
            true
        }
        ']' if square > 0 => {
            square -= 1;
            true
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_before_the_sentence_does() {
        for (text, address) in [
            (
                "voir https://a.example/x_y?b=1#c.",
                Some("https://a.example/x_y?b=1#c"),
            ),
            ("(voir HTTP://a.example/x)", Some("HTTP://a.example/x")),
            ("http://a.example/w_(x)", Some("http://a.example/w_(x)")),
            ("é«https://é.example»", Some("https://é.example")),
            ("xhttp://a.example", None),
            ("javascript://a.example", None),
            ("http:// rien, ://, http://...", None),
            ("ftp://a http://b", Some("http://b")),
        ] {
            assert_eq!(
                first_address(text).map(|range| &text[range]),
                address,
                "{text}"
            );
        }
    }
}
