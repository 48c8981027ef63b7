//! What becomes of the name of a file: harmless to show, to put in a header and to save under; and
//! the other forms that a typed text takes.

use guichet::platform::blobs::{is_picture, known_type};
use guichet::platform::text::{
    FileName, clean_line, clean_text, excerpt, fold, french, initials, slug,
};
use guichet::tickets::Tag;
use guichet::tickets::files::disposition;
use hyper::header::HeaderValue;
use percent_encoding::percent_decode_str;

const MOST: usize = 4 * 1024;

/// The input is what a browser or a mail calls a file.
pub fn check(data: &[u8]) {
    let raw = super::text(data, MOST);
    let name = FileName::new(&raw);
    check_name(&name, &raw);
    check_header(name.as_str());
    check_header(&raw);
    assert!(!known_type(name.as_str()).is_empty());
    let _ = is_picture(&raw);
    check_forms(&raw);
}

fn check_name(name: &FileName, raw: &str) {
    let text = name.as_str();
    assert_eq!(FileName::new(text), *name, "{raw:?}");
    assert!((1..=120).contains(&text.chars().count()), "{text:?}");
    let bad = |c: char| {
        c.is_control()
            || is_unseen(c)
            || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
    };
    assert!(!text.contains(bad), "{text:?}");
    assert!(
        !text.starts_with(['.', ' ']) && !text.ends_with(['.', ' ']),
        "{text:?}"
    );
    assert!(!is_device(text), "{text:?}");
    assert_eq!(clean_line(text), text);
    let joined = std::path::Path::new("/folder").join(text);
    assert_eq!(joined.parent(), Some(std::path::Path::new("/folder")));
    if let Some(extension) = name.extension() {
        assert!(text.ends_with(&format!(".{extension}")) && !extension.contains('.'));
    }
}

/// Characters that reorder others or have no shape.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}')
        || matches!(c, '\u{FEFF}' | '\u{00AD}' | '\u{E0000}'..='\u{E007F}')
}

/// The names that Windows keeps for devices, as Microsoft lists them ("Naming Files, Paths, and
/// Namespaces"), superscript digits included.
fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    let port = |prefix: &str| {
        let digit = stem.strip_prefix(prefix).unwrap_or_default();
        digit.chars().count() == 1 && digit.contains(|c: char| "0123456789¹²³".contains(c))
    };
    matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || port("COM")
        || port("LPT")
}

/// The header is one that can be sent, and says the name in both spellings.
fn check_header(name: &str) {
    for inline in [true, false] {
        let header = disposition(name, inline);
        assert!(
            HeaderValue::from_str(&header).is_ok() && header.is_ascii(),
            "{header:?}"
        );
        let rest = header.strip_prefix(if inline { "inline" } else { "attachment" });
        let rest = rest
            .and_then(|rest| rest.strip_prefix("; filename=\""))
            .expect("a kind and a name");
        let (plain, encoded) = rest
            .split_once("\"; filename*=UTF-8''")
            .expect("both spellings");
        assert!(!plain.contains(['"', '\\']), "{header:?}");
        assert_eq!(plain.chars().count(), name.chars().count());
        assert!(
            encoded
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'%')
        );
        let decoded = percent_decode_str(encoded)
            .decode_utf8()
            .expect("it was text");
        assert_eq!(decoded, name);
    }
}

fn check_forms(raw: &str) {
    let line = clean_line(raw);
    assert_eq!(clean_line(&line), line);
    assert!(
        !line.contains(|c: char| c.is_control() || is_unseen(c)),
        "{line:?}"
    );
    let text = clean_text(raw);
    assert_eq!(clean_text(&text), text);
    let folded = fold(raw);
    assert_eq!(fold(&folded), folded, "{raw:?}");
    let part = slug(raw);
    assert_eq!(slug(&part), part);
    assert!(
        part.len() <= 80
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    );
    for most in [0, 1, 2, 20, 300] {
        assert!(excerpt(raw, most).chars().count() <= most);
    }
    assert!(!initials(raw).is_empty());
    let set = french(raw);
    assert_eq!(french(&set), set, "{raw:?}");
    check_tags(raw);
}

fn check_tags(raw: &str) {
    if let Some(tag) = Tag::parse(raw) {
        assert_eq!(Tag::parse(tag.as_str()).as_ref(), Some(&tag), "{raw:?}");
        assert!((1..=40).contains(&tag.as_str().chars().count()));
        assert_eq!(clean_line(tag.as_str()), tag.as_str());
        // Equal to the eye is equal: accents may come composed or not.
        assert_eq!(Tag::parse(&clean_line(raw)).as_ref(), Some(&tag), "{raw:?}");
    }
    let tags = Tag::parse_list(raw);
    assert!(tags.len() <= 20 && tags.is_sorted());
    let line: Vec<&str> = tags.iter().map(Tag::as_str).collect();
    assert_eq!(Tag::parse_list(&line.join(", ")), tags, "{raw:?}");
}
