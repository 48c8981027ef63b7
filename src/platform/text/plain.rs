//! Plain text: what is stripped before it is kept, and the forms it takes in lists and addresses.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest slug, in characters; longer titles are cut on a hyphen.
const SLUG_MAX: usize = 80;

/// Cleans the value of a one-line field (a subject, a name).
///
/// Control, bidirectional and zero-width characters are removed, every run of white space
/// (line breaks included) becomes one space, the ends are trimmed and the result is NFC.
/// Idempotent.
pub fn clean_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|&c| c.is_whitespace() || !(c.is_control() || is_invisible(c)))
        .collect();
    let mut line = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.nfc());
    }
    line
}

/// Cleans the value of a field of several lines (a message, an article).
///
/// Line ends become LF; NUL, controls other than newline and tab, and the characters that reverse
/// the reading direction are removed. Spacing is the author's and stays. Idempotent.
pub fn clean_text(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\n' | '\t' => clean.push(c),
            c if c.is_control() || is_bidi_control(c) => {}
            c => clean.push(c),
        }
    }
    clean.nfc().collect()
}

/// Characters that reorder the text around them; they can make `gpj.exe` read as `exe.jpg`.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters without a shape of their own: two strings that differ only by them look the same.
fn is_invisible(c: char) -> bool {
    is_bidi_control(c)
        || matches!(c, '\u{00AD}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}')
        || matches!(c, '\u{206A}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// The text as search compares it: lower case, without accents, ligatures spelt out
/// (`œ` as `oe`, `æ` as `ae`, `ß` as `ss`). Idempotent.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Compatibility forms can decompose to capitals, hence the decomposition before lower case;
    // lower case can leave a combining dot (İ), hence the one after.
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'þ' => folded.push_str("th"),
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// The text as part of an address: [`fold`]ed, everything but ASCII letters and digits turned into
/// single hyphens, at most 80 characters. Empty when no letter or digit is left. Idempotent.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len().min(SLUG_MAX));
    for c in fold(text).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() > SLUG_MAX {
            let cut = slug[..SLUG_MAX].rfind('-').unwrap_or(SLUG_MAX);
            slug.truncate(cut);
            break;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The beginning of a text on one line, of at most `max` characters, cut between two words
/// and closed by an ellipsis when something was left out.
pub fn excerpt(text: &str, max: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let gap = usize::from(length > 0);
        let word_length = word.chars().count();
        if length + gap + word_length > max {
            return cut_short(line, word, max);
        }
        if gap == 1 {
            line.push(' ');
        }
        line.push_str(word);
        length += gap + word_length;
    }
    line
}

/// Ends `line`, which `word` did not fit on, with an ellipsis within `max` characters.
fn cut_short(mut line: String, word: &str, max: usize) -> String {
    if max == 0 {
        return String::new();
    }
    if line.is_empty() {
        line.extend(word.chars().take(max - 1));
    } else if line.chars().count() >= max {
        line.truncate(line.rfind(' ').unwrap_or_else(|| {
            line.char_indices()
                .nth(max - 1)
                .map_or(line.len(), |(at, _)| at)
        }));
    }
    line.truncate(
        line.trim_end_matches([',', ';', ':', '-', '–', '(', '«', ' '])
            .len(),
    );
    line.push('…');
    line
}

/// One or two capitals that stand for a person on an avatar: first and last name, or the one name
/// there is. `"?"` when the name has no letter or digit.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    match first {
        None => "?".to_owned(),
        Some(first) => first
            .to_uppercase()
            .chain(last.into_iter().flat_map(char::to_uppercase))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_keeps_what_is_read_and_nothing_else() {
        assert_eq!(
            clean_line("  Panne\u{0}\r\n de  ligne\u{202E}\u{200B} "),
            "Panne de ligne"
        );
        assert_eq!(clean_line("Cafe\u{301}"), "Café");
        assert_eq!(clean_line("\u{FEFF}\u{2066}\u{7}"), "");
    }

    #[test]
    fn a_text_keeps_its_lines_and_tabs() {
        assert_eq!(
            clean_text("a\r\nb\rc\n\td\u{0}\u{1b}[0m\u{202E}"),
            "a\nb\nc\n\td[0m"
        );
    }

    #[test]
    fn folding_forgets_case_accents_and_ligatures() {
        assert_eq!(
            fold("Œuvre ÆTHER Straße Été İstanbul Łódź ﬁn"),
            "oeuvre aether strasse ete istanbul lodz fin"
        );
    }

    #[test]
    fn slugs_are_ascii_and_short() {
        assert_eq!(slug("L’accès à l'œuvre n° 12 !"), "l-acces-a-l-oeuvre-n-12");
        assert_eq!(slug("日本"), "");
        assert_eq!(
            slug(&"mot ".repeat(40)),
            "mot-".repeat(20).trim_end_matches('-')
        );
    }

    #[test]
    fn excerpts_end_on_a_word() {
        assert_eq!(
            excerpt("Le voyant,\n  reste rouge", 40),
            "Le voyant, reste rouge"
        );
        assert_eq!(excerpt("Le voyant, reste rouge", 12), "Le voyant…");
        assert_eq!(excerpt("Le voyant reste", 9), "Le…");
        assert_eq!(excerpt("anticonstitutionnellement", 5), "anti…");
        assert_eq!(excerpt("mot", 0), "");
    }

    #[test]
    fn initials_take_the_first_and_last_name() {
        assert_eq!(initials("Claire de la Tour"), "CT");
        assert_eq!(initials("élodie"), "É");
        assert_eq!(initials("« Jean-Paul » (Atelier)"), "JA");
        assert_eq!(initials(" … "), "?");
    }

    proptest! {
        #[test]
        fn cleaning_is_idempotent(text in any::<String>()) {
            let line = clean_line(&text);
            prop_assert_eq!(clean_line(&line), line.clone());
            prop_assert!(!line.chars().any(|c| c.is_control() || is_invisible(c)));
            prop_assert!(!line.contains("  "));
            let body = clean_text(&text);
            prop_assert_eq!(clean_text(&body), body);
        }

        #[test]
        fn folding_and_slugs_are_idempotent(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
            let s = slug(&text);
            prop_assert_eq!(slug(&s), s.clone());
            prop_assert!(s.len() <= SLUG_MAX && !s.contains("--"));
            prop_assert!(s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }

        #[test]
        fn excerpts_keep_their_length(text in any::<String>(), max in 0_usize..60) {
            prop_assert!(excerpt(&text, max).chars().count() <= max);
        }
    }
}
