//! What the head of a part of a form says of it (RFC 7578), as browsers write it (WHATWG HTML,
//! "multipart/form-data encoding algorithm"): in a name a quote stands as %22, the ends of lines as
//! %0D and %0A, and everything else for itself, a backslash too.

/// A parameter of a `Content-Disposition`, if there is one of this name.
pub(super) fn parameter(header: &[u8], wanted: &str) -> Option<String> {
    let header = String::from_utf8_lossy(header);
    let (_, mut rest) = header.split_once(';')?;
    while let Some((before, after)) = rest.split_once('=') {
        let (value, behind) = split_value(after);
        let name = before.rsplit(';').next().unwrap_or_default();
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(meant(value));
        }
        rest = behind;
    }
    None
}

/// A value and what stands behind it. A quote ends it where nothing or another parameter follows: the
/// backslash before it belongs to the name. Old programs escape a quote with one, and go on behind.
fn split_value(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, behind) = text.split_at(text.find(';').unwrap_or(text.len()));
        return (value.trim_end(), behind);
    };
    let ends = |at: &usize| {
        let behind = quoted[at + 1..].trim_start();
        behind.is_empty() || behind.starts_with(';')
    };
    let mut quotes = quoted.match_indices('"').map(|(at, _)| at);
    match quotes.find(ends) {
        Some(end) => (&quoted[..end], &quoted[end + 1..]),
        None => (quoted, ""),
    }
}

/// A value without its escapes. No browser leaves a quote in one, so a quote behind a backslash is
/// that of an old program.
fn meant(value: &str) -> String {
    value
        .replace("\\\"", "\"")
        .replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(header: &str) -> [Option<String>; 2] {
        ["name", "filename"].map(|wanted| parameter(header.as_bytes(), wanted))
    }

    #[test]
    fn a_file_is_one_whatever_its_name_ends_with() {
        for (written, name) in [
            (r#""relevé\""#, r"relevé\"),
            (r#""\""#, r"\"),
            (r#""C:\temp\a.txt""#, r"C:\temp\a.txt"),
            (r#""""#, ""),
            (r#""a; filename=b.txt""#, "a; filename=b.txt"),
            (r#""un%22deux%0D%0A%.txt""#, "un\"deux\r\n%.txt"),
            // Old programs, programs in a hurry.
            (r#""un\"deux.txt""#, "un\"deux.txt"),
            (r#""un"deux.txt""#, "un\"deux.txt"),
            ("a b.txt ", "a b.txt"),
            ("\"not closed", "not closed"),
        ] {
            let last = names(&format!("form-data; name=\"files\"; filename={written}"));
            assert_eq!(last, [Some("files".into()), Some(name.into())], "{written}");
            if written.ends_with('"') {
                let first = names(&format!("form-data; FileName = {written} ; name=files"));
                assert_eq!(first, last, "{written}");
            }
        }
        let latin = parameter(
            b"form-data; name=\"files\"; filename=\"\xe9.txt\"",
            "filename",
        );
        assert_eq!(latin.as_deref(), Some("\u{fffd}.txt"));
    }

    #[test]
    fn what_has_no_name_of_a_file_is_none() {
        for header in [
            "form-data; name=\"body\"",
            "form-data; name=\"filename=a.txt\"",
            "form-data; name=\"body\"; filename*=UTF-8''a.txt",
            "form-data; name=\"body\"; other; x=filename",
        ] {
            let [name, file] = names(header);
            assert!(name.is_some() && file.is_none(), "{header}: {file:?}");
        }
        assert_eq!(names("form-data"), [None, None]);
        assert_eq!(names(""), [None, None]);
    }

    proptest! {
        #[test]
        fn names_are_read_as_they_were_written(
            field in any::<String>(),
            file in r#"[\\"; =%02DAéa.]{0,30}"#,
        ) {
            let written = |name: &str| name.replace('"', "%22");
            let header = format!(
                "form-data; name=\"{}\"; filename=\"{}\"",
                written(&field),
                written(&file)
            );
            // What was typed with the letters of an escape cannot be told from one.
            let read = |name: &str| {
                let read = name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
                Some(read)
            };
            prop_assert_eq!(names(&header), [read(&field), read(&file)]);
        }

        #[test]
        fn nothing_that_is_sent_breaks_it(header in any::<Vec<u8>>()) {
            let _ = parameter(&header, "filename");
        }
    }
}
