//! Taking out of a line what does not belong there.

use std::borrow::Cow;

/// What stands in the place of either part of a mail address.
const BLANK: &str = "…";

/// Begins the colours that the formatter sets for a terminal.
const ESCAPE: char = '\u{1b}';

/// A record as it may be written: one line, without mail addresses.
pub(super) fn line(record: &str) -> Cow<'_, str> {
    let (text, end) = match record.strip_suffix('\n') {
        Some(text) => (text, "\n"),
        None => (record, ""),
    };
    let forged = |c: char| c.is_control() && c != ESCAPE;
    if !text.contains('@') && !text.contains(forged) {
        return Cow::Borrowed(record);
    }
    let text = text.replace(forged, " ");
    Cow::Owned(without_addresses(&text) + end)
}

/// Blanks what stands before and after each `@` and may belong to an address.
fn without_addresses(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let local = before.trim_end_matches(is_local);
        let host = after.trim_start_matches(is_host);
        let is_address = local.len() < before.len() && host.len() < after.len();
        clean.push_str(if is_address { local } else { before });
        if is_address {
            clean.push_str(BLANK);
        }
        clean.push('@');
        if is_address {
            clean.push_str(BLANK);
        }
        rest = if is_address { host } else { after };
    }
    clean.push_str(rest);
    clean
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

fn is_host(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_blanked_and_the_rest_stays() {
        for (record, written) in [
            (
                "550 5.1.1 <claire.fontanel@tilleuls.example>: unknown\n",
                "550 5.1.1 <…@…>: unknown\n",
            ),
            ("to é.b+c@mairie.example, x@y.", "to …@…, …@…"),
            ("smtp://guichet:s3cret@mail.example", "smtp://guichet:…@…"),
            ("postgres://…@db/guichet", "postgres://…@db/guichet"),
            ("a @ b, @home, at@", "a @ b, @home, at@"),
            ("plain\n", "plain\n"),
        ] {
            assert_eq!(line(record), written);
        }
    }

    #[test]
    fn one_record_is_one_line() {
        assert_eq!(line("a\r\nERROR forged\n"), "a  ERROR forged\n");
    }

    proptest! {
        #[test]
        fn no_address_passes(before in "[ -~]{0,20}", local in "[a-z0-9.+-]{1,9}", host in "[a-z0-9-]{1,9}") {
            let address = format!("{local}@{host}");
            let text = format!("{before} <{address}> after");
            prop_assert!(!line(&text).contains(&address));
        }
    }
}
