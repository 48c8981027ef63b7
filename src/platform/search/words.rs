//! Cuts text into words. Index, query and highlighting all start here, so they cannot disagree.

use std::ops::Range;

/// Words longer than this many bytes are noise (encoded data, keys) and are not indexed.
const LONGEST_WORD: usize = 60;
/// Compounds of more parts are addresses rather than words; only their parts are kept.
const MOST_PARTS: usize = 6;

/// A run of letters and digits, with what is glued to it: `écran`, `e-mail`, `OR-48213`, `C++`, `802.11`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Bytes of the whole compound in the text.
    pub span: Range<usize>,
    /// Bytes of each part, at least one.
    pub parts: Vec<Range<usize>>,
    /// The parts written as one word, with trailing signs (`c++`); absent for a plain word.
    pub joined: Option<String>,
}

/// The words of a text, in order.
///
/// Apostrophes of either kind separate, so that elision (`l'écran`, `qu’il`) leaves a short stop word
/// behind. A single `-`, `.`, `_`, `/`, `@` or `&` between letters makes a compound.
#[must_use]
pub fn chunks(text: &str) -> Vec<Chunk> {
    let mut found = Vec::new();
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_word_char(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next, c)) = chars.peek() {
            if !is_word_char(c) {
                break;
            }
            end = next + c.len_utf8();
            chars.next();
        }
        parts.push(at..end);
        if !continues_compound(&text[end..]) {
            found.extend(finish(text, std::mem::take(&mut parts)));
        }
    }
    found
}

/// Letters, digits, and the combining marks of decomposed accents.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

fn continues_compound(rest: &str) -> bool {
    let mut chars = rest.chars();
    let connector = matches!(
        chars.next(),
        Some('-' | '\u{2010}' | '\u{2011}' | '.' | '_' | '/' | '@' | '&')
    );
    connector && chars.next().is_some_and(is_word_char)
}

fn finish(text: &str, parts: Vec<Range<usize>>) -> Option<Chunk> {
    let (start, end) = (parts.first()?.start, parts.last()?.end);
    let sign = trailing_sign(&text[end..]);
    let mut joined: String = parts.iter().map(|part| &text[part.clone()]).collect();
    joined.push_str(sign);
    let compound = (parts.len() > 1 || !sign.is_empty())
        && parts.len() <= MOST_PARTS
        && joined.len() <= LONGEST_WORD;
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|part| part.len() <= LONGEST_WORD)
        .collect();
    (!parts.is_empty()).then(|| Chunk {
        span: start..end + sign.len(),
        parts,
        joined: compound.then(|| joined.to_lowercase()),
    })
}

/// `++` and `#` belong to the name before them (`C++`, `C#`) unless a word follows at once.
fn trailing_sign(rest: &str) -> &str {
    ["++", "#"]
        .into_iter()
        .find(|sign| {
            rest.strip_prefix(sign)
                .is_some_and(|after| !after.chars().next().is_some_and(is_word_char))
        })
        .unwrap_or("")
}

/// Lower case without accents or ligatures: `Œuvre` is `oeuvre`. Other scripts are only lower-cased.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        if c.is_ascii() {
            folded.push(c);
        } else if let Some(plain) = fold_char(c) {
            folded.push_str(plain);
        } else {
            folded.push(c);
        }
    }
    folded
}

/// The first two letters of the folded word, as far as there are any.
#[must_use]
pub fn opening(word: &str) -> (Option<char>, Option<char>) {
    if let [first, second, ..] = *word.as_bytes()
        && first.is_ascii()
        && second.is_ascii()
    {
        let lower = |byte: u8| Some(char::from(byte.to_ascii_lowercase()));
        return (lower(first), lower(second));
    }
    let mut letters = word.chars().flat_map(char::to_lowercase).flat_map(|c| {
        let plain = fold_char(c);
        let itself = plain.is_none().then_some(c);
        plain.unwrap_or_default().chars().chain(itself)
    });
    (letters.next(), letters.next())
}

fn fold_char(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{300}'..='\u{36f}' => "",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ª' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'º' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        chunks(text)
            .into_iter()
            .flat_map(|chunk| chunk.parts)
            .map(|part| &text[part])
            .collect()
    }

    fn joined(text: &str) -> Vec<String> {
        chunks(text)
            .into_iter()
            .filter_map(|chunk| chunk.joined)
            .collect()
    }

    #[test]
    fn elision_separates_with_both_apostrophes() {
        assert_eq!(
            parts("L'écran de l’ordinateur"),
            ["L", "écran", "de", "l", "ordinateur"]
        );
    }

    #[test]
    fn compounds_are_kept_split_and_joined() {
        assert_eq!(
            joined("e-mail, OR-48213 et C++ ou C#."),
            ["email", "or48213", "c++", "c#"]
        );
        assert_eq!(parts("e-mail"), ["e", "mail"]);
        assert_eq!(joined("fin. Début - milieu"), Vec::<String>::new());
        assert_eq!(joined("1++2"), Vec::<String>::new());
    }

    #[test]
    fn folding_knows_ligatures_and_decomposed_accents() {
        assert_eq!(
            fold("ŒUVRE Élève e\u{301}te\u{301} naïf"),
            "oeuvre eleve ete naif"
        );
        assert_eq!(fold("Ελλάδα"), "ελλάδα");
    }

    proptest::proptest! {
        #[test]
        fn spans_are_ordered_and_lie_on_character_boundaries(text in ".{0,80}") {
            let mut last = 0;
            for chunk in chunks(&text) {
                for part in &chunk.parts {
                    proptest::prop_assert!(part.start >= last && part.end <= chunk.span.end);
                    proptest::prop_assert!(!text[part.clone()].is_empty());
                    last = part.end;
                }
                proptest::prop_assert!(text.is_char_boundary(chunk.span.end));
            }
        }

        #[test]
        fn folding_twice_changes_nothing_more(text in "\\PC{0,40}") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
