//! Markdown becomes HTML that is safe, well formed, bounded and always the same.

use guichet::platform::i18n::Lang;
use guichet::platform::text::budget::{ARTICLE_HTML_BYTES, MESSAGE_HTML_BYTES};
use guichet::platform::text::{
    Article, ImageRef, LinkResolver, Resolved, SafeHtml, TextError, render_article, render_message,
};

use super::reader::{Allowed, assert_fine, leads_well};

/// Longest source that is made of an input: more than a message may have.
const MOST: usize = 72 * 1024;

/// The input is the source.
pub fn check(data: &[u8]) {
    let source = super::text(data, MOST);
    let lang = if source.len().is_multiple_of(3) {
        Lang::En
    } else {
        Lang::Fr
    };
    match render_article(&source, lang, &Credulous) {
        Ok(article) => {
            assert_eq!(
                render_article(&source, lang, &Credulous).as_ref(),
                Ok(&article)
            );
            check_article(&source, &article);
        }
        Err(error) => check_error(&source, &error),
    }
    match render_message(&source) {
        Ok(message) => {
            assert_eq!(render_message(&source).as_ref(), Ok(&message));
            assert_fine(message.as_str(), Allowed::Message);
            assert!(message.as_str().len() <= MESSAGE_HTML_BYTES);
            assert_stays(message.as_str(), SafeHtml::sanitise_message);
        }
        Err(error) => check_error(&source, &error),
    }
    check_plain(&source);
}

/// Believes everything it reads, as the worst resolver would.
struct Credulous;

impl LinkResolver for Credulous {
    fn link(&self, target: &str) -> Resolved {
        if target.len().is_multiple_of(2) {
            Resolved::Local(target.to_owned())
        } else {
            Resolved::External(target.to_owned())
        }
    }

    fn image(&self, target: &str) -> Option<ImageRef> {
        let size = target.contains('.').then_some((1, u32::MAX));
        let src = target.to_owned();
        Some(ImageRef { src, size })
    }
}

fn check_article(source: &str, article: &Article) {
    let html = article.html.as_str();
    let read = assert_fine(html, Allowed::Article);
    assert!(html.len() <= ARTICLE_HTML_BYTES);
    assert_stays(html, SafeHtml::sanitise_article);

    let mut ids = read.ids.clone();
    ids.sort_unstable();
    assert!(
        ids.windows(2).all(|pair| pair[0] != pair[1]),
        "{ids:?} in {html:?}"
    );
    for heading in &article.headings {
        assert!((2..=6).contains(&heading.level), "{heading:?}");
        assert!(read.ids.contains(&heading.id), "{heading:?} in {html:?}");
    }
    let lines = source.lines().count().max(1);
    for link in &article.links {
        assert!(
            (1..=lines).contains(&link.line),
            "{link:?} of {lines} in {source:?}"
        );
        if let Some(href) = &link.href {
            assert!(leads_well(href, true), "{href:?}");
        }
    }
    for image in &article.images {
        assert!(
            (1..=lines).contains(&image.line),
            "{image:?} of {lines} in {source:?}"
        );
    }
}

/// Refusals name a line that is there.
fn check_error(source: &str, error: &TextError) {
    if let TextError::NestedTooDeep { line, .. } | TextError::TableTooLarge { line, .. } = error {
        // A fault of the HTML counts the lines of the HTML.
        assert!(*line >= 1, "{error} in {source:?}");
    }
}

/// What the sanitiser wrote passes it again unchanged. It remembers what it wrote, hence the text
/// before it.
fn assert_stays(html: &str, sanitise: fn(&str) -> Result<SafeHtml, TextError>) {
    let again = format!("x{html}");
    match sanitise(&again) {
        Ok(clean) => assert_eq!(clean.as_str(), again),
        Err(TextError::OutputTooLong { .. }) => {}
        Err(error) => panic!("{error}: {html:?}"),
    }
}

/// What is shown without markup is what was typed.
fn check_plain(source: &str) {
    let html = SafeHtml::plain_text(source);
    let read = assert_fine(html.as_str(), Allowed::Plain);
    let shown: Vec<&str> = read
        .text
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .collect();
    let shown = shown.join("\n");
    let typed = as_a_browser_reads(source);
    let typed: Vec<&str> = typed
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .collect();
    assert_eq!(shown, typed.join("\n"));
    let escaped = SafeHtml::escape(source);
    let read = assert_fine(escaped.as_str(), Allowed::Plain);
    assert_eq!(read.text, as_a_browser_reads(source));
}

/// Without NUL, which no page can have, and with the line ends that browsers make of all others.
fn as_a_browser_reads(text: &str) -> String {
    text.replace('\0', "")
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}
