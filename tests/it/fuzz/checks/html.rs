//! HTML from a store is reduced to what this program writes, or refused; never believed.

use guichet::platform::text::budget::{ARTICLE_HTML_BYTES, MESSAGE_HTML_BYTES};
use guichet::platform::text::{SafeHtml, TextError};

use super::reader::{Allowed, assert_fine};

const MOST: usize = 72 * 1024;

/// The input is the HTML.
pub fn check(data: &[u8]) {
    let html = super::text(data, MOST);
    judge(
        &html,
        Allowed::Article,
        SafeHtml::sanitise_article,
        ARTICLE_HTML_BYTES,
    );
    judge(
        &html,
        Allowed::Message,
        SafeHtml::sanitise_message,
        MESSAGE_HTML_BYTES,
    );
}

fn judge(
    html: &str,
    allowed: Allowed,
    sanitise: fn(&str) -> Result<SafeHtml, TextError>,
    most: usize,
) {
    let Ok(clean) = sanitise(html) else {
        return;
    };
    assert!(clean.as_str().len() <= most);
    assert_eq!(sanitise(html).as_ref(), Ok(&clean), "{html:?}");
    assert_fine(clean.as_str(), allowed);
    // Whoever stores it and reads it back gets nothing worse: no mutation makes a tag of a text.
    if let Ok(again) = sanitise(&format!("x{clean}")) {
        assert_fine(again.as_str(), allowed);
    }
}
