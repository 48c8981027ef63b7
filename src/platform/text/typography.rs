//! French spacing and signs, set when text is shown and never by hand.

use std::borrow::Cow;

/// Narrow no-break space, before `?`, `!` and `;`.
const NARROW: char = '\u{202F}';
/// No-break space, before `:` and inside « ».
const NO_BREAK: char = '\u{00A0}';

/// Whether a space holds the words beside it together.
pub fn is_no_break(c: char) -> bool {
    matches!(c, NARROW | NO_BREAK)
}

/// Sets a French text: no-break spaces before `? ! ; :` and inside « », ’ between letters, and a
/// true minus before a number.
///
/// Addresses, hours (17:00), text between backticks and spaces that are already no-break stay as
/// they are. Works on text, not on HTML. Idempotent; borrows when there is nothing to change.
pub fn french(text: &str) -> Cow<'_, str> {
    if !text.contains(['?', '!', ';', ':', '«', '»', '\'', '-']) {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let kept = verbatim(&chars);
    let mut set = String::with_capacity(text.len() + 16);
    for (at, &c) in chars.iter().enumerate() {
        if kept[at] {
            set.push(c);
            continue;
        }
        let before = at.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(at + 1).copied();
        // A space is decided by what follows it, everything else by its neighbours.
        let space_wanted = after.filter(|_| !kept.get(at + 1).copied().unwrap_or(true));
        match c {
            ' ' => set.push(space(before, space_wanted, chars.get(at + 2).copied())),
            '\'' if is_letter(before) && is_letter(after) => set.push('’'),
            '-' if opens_number(before, after) => set.push('−'),
            '«' => {
                set.push(c);
                if after.is_some_and(|next| !next.is_whitespace()) {
                    set.push(NO_BREAK);
                }
            }
            c => {
                set.extend(missing_space(before, c, after));
                set.push(c);
            }
        }
    }
    if set == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(set)
    }
}

/// The space to set where an ordinary one was typed between `before` and `next`.
fn space(before: Option<char>, next: Option<char>, after_next: Option<char>) -> char {
    match next {
        _ if before == Some('«') => NO_BREAK,
        Some('?' | '!' | ';') => NARROW,
        Some(':') if ends_part(after_next) => NO_BREAK,
        Some('»') => NO_BREAK,
        _ => ' ',
    }
}

/// The space that belongs before `c` and was not typed.
fn missing_space(before: Option<char>, c: char, after: Option<char>) -> Option<char> {
    let before = before.filter(|b| !b.is_whitespace())?;
    let ends_word = before.is_alphanumeric()
        || matches!(
            before,
            '»' | ')' | ']' | '”' | '’' | '"' | '%' | '€' | '…' | '.'
        );
    let closes = after.is_none_or(|next| {
        next.is_whitespace() || matches!(next, '»' | ')' | ']' | '”' | '"' | '?' | '!' | '.' | '…')
    });
    match c {
        '?' | '!' | ';' if ends_word && closes => Some(NARROW),
        ':' if ends_word && ends_part(after) => Some(NO_BREAK),
        '»' if before != '«' => Some(NO_BREAK),
        _ => None,
    }
}

/// Whether a colon before `after` is one of prose: a space follows, or » that will get one.
fn ends_part(after: Option<char>) -> bool {
    after.is_none_or(|c| c.is_whitespace() || c == '»')
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphabetic)
}

/// Whether a hyphen between these stands before a number: not in a range, a date or a word.
fn opens_number(before: Option<char>, after: Option<char>) -> bool {
    after.is_some_and(|c| c.is_ascii_digit())
        && before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '«'))
}

/// Which characters are left alone: those of addresses and those between backticks.
fn verbatim(chars: &[char]) -> Vec<bool> {
    let mut kept = vec![false; chars.len()];
    let mut word_start = 0;
    for at in 0..=chars.len() {
        if chars.get(at).is_none_or(|c| c.is_whitespace()) {
            if is_address(&chars[word_start..at]) {
                kept[word_start..at].fill(true);
            }
            word_start = at + 1;
        }
    }
    let mut ticks = chars
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == '`')
        .map(|(at, _)| at);
    while let (Some(open), Some(close)) = (ticks.next(), ticks.next()) {
        kept[open..=close].fill(true);
    }
    kept
}

/// Whether a word holds a web or mail address, an entity or a path of code (`a::b`).
fn is_address(word: &[char]) -> bool {
    const MARKS: [&str; 4] = ["://", "www.", "@", "::"];
    let entity = word.contains(&'&') && word.contains(&';');
    entity
        || MARKS.iter().any(|mark| {
            word.windows(mark.len())
                .any(|part| mark.chars().eq(part.iter().copied()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spaces_before_high_signs() {
        assert_eq!(french("Que faire ?"), "Que faire\u{202F}?");
        assert_eq!(
            french("Que faire? Rien; attendre!"),
            "Que faire\u{202F}? Rien\u{202F}; attendre\u{202F}!"
        );
        assert_eq!(french("Motif : panne"), "Motif\u{A0}: panne");
        assert_eq!(french("Motif: panne"), "Motif\u{A0}: panne");
        assert_eq!(french("« voyant rouge »"), "«\u{A0}voyant rouge\u{A0}»");
        assert_eq!(french("«voyant»?"), "«\u{A0}voyant\u{A0}»\u{202F}?");
        assert_eq!(french("Vraiment ?!"), "Vraiment\u{202F}?!");
        assert_eq!(
            french("«Motif:» et «Motif :»"),
            "«\u{A0}Motif\u{A0}:\u{A0}» et «\u{A0}Motif\u{A0}:\u{A0}»"
        );
        assert_eq!(french("«»"), "«\u{A0}»");
    }

    #[test]
    fn apostrophes_and_minus() {
        assert_eq!(french("l'été aujourd'hui 'x'"), "l’été aujourd’hui 'x'");
        assert_eq!(
            french("-5 °C, (-3), 10-12, 2026-11-03, porte-clé"),
            "−5 °C, (−3), 10-12, 2026-11-03, porte-clé"
        );
        assert_eq!(french("«-5»"), "«\u{A0}−5\u{A0}»");
    }

    #[test]
    fn what_is_not_prose_stays() {
        for text in [
            "17:00",
            "https://exemple.fr/?a=1;b!",
            "voir www.exemple.fr/x?y",
            "aide@exemple.fr",
            "`a ? b : c`",
            "std::mem",
            "&amp;",
            "déjà\u{202F}? oui\u{A0}: non",
            "a:b",
            "",
        ] {
            assert!(matches!(french(text), Cow::Borrowed(_)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn setting_is_idempotent(text in "([a-z0-9é?!;:«»' \u{A0}\u{202F}`@./&()-]|www\\.|://|\n){0,40}") {
            let once = french(&text).into_owned();
            prop_assert_eq!(french(&once), once.as_str());
        }

        #[test]
        fn setting_only_touches_spaces_and_signs(text in any::<String>()) {
            let bare = |s: &str| -> String {
                s.chars().filter(|c| !matches!(c, ' ' | '\u{A0}' | '\u{202F}')).map(|c| match c {
                    '’' => '\'',
                    '−' => '-',
                    c => c,
                }).collect()
            };
            prop_assert_eq!(bare(&french(&text)), bare(&text));
        }
    }
}
