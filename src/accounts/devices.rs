//! Names for the browsers that people are signed in with.

use crate::platform::i18n::{Lang, Message};

/// Words of a `User-Agent` header and what they stand for; the first that occurs counts, since
/// browsers also claim to be the ones they descend from.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// Browser and system in words that every language shares, as well as they can be told from what
/// the browser sends: nothing of that text itself is kept. Empty when nothing can be told.
pub(super) fn recognise(user_agent: &str) -> String {
    let find = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(word, _)| user_agent.contains(word));
        found.map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// What was recognised, for a reader.
pub(super) fn device_name(recognised: &str, lang: Lang) -> String {
    if recognised.is_empty() {
        Message::new("profile-unknown-device").render(lang)
    } else {
        recognised.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_from_the_ones_they_claim_to_be() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                    Gecko) Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(recognise(edge), "Edge, Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 \
                     (KHTML, like Gecko) Version/17.0 Mobile Safari/604.1";
        assert_eq!(recognise(phone), "Safari, iPhone");
        let linux = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0";
        assert_eq!(recognise(linux), "Firefox, Linux");
        assert_eq!(recognise("<b>curl</b>"), "");
        assert_ne!(device_name("", Lang::Fr), device_name("", Lang::En));
    }
}
