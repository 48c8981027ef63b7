//! HTML that may be put on a page, and the only ways to make it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use ammonia::Builder;
use serde::{Serialize, Serializer};

use super::budget::{ARTICLE_HTML_BYTES, MESSAGE_HTML_BYTES, TextError};
use super::href;
use super::html_budget::{check_html, in_pieces};
use super::sanitised::{Policy, SANITISED};

/// HTML without script, style, form or foreign content.
///
/// Holds either escaped text or the output of this module's allowlist sanitiser; there is no other
/// constructor, and none that trusts its input. What the sanitiser of this process wrote is known
/// by its digest and need not pass twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The text itself, markup shown as typed.
    pub fn escape(text: &str) -> Self {
        let mut html = String::with_capacity(text.len());
        escape_into(&mut html, text);
        Self(html)
    }

    /// A text of several lines without any markup: blank lines part paragraphs, a newline stays one.
    /// What remains of a message that [`super::render_message`] refuses.
    pub fn plain_text(text: &str) -> Self {
        let mut html = String::with_capacity(text.len() + 7);
        let mut open = false;
        for line in text.lines() {
            match (line.trim().is_empty(), open) {
                (true, true) => html.push_str("</p>\n"),
                (true, false) => {}
                (false, true) => html.push_str("<br>\n"),
                (false, false) => html.push_str("<p>"),
            }
            open = !line.trim().is_empty();
            if open {
                escape_into(&mut html, line);
            }
        }
        if open {
            html.push_str("</p>\n");
        }
        Self(html)
    }

    /// Reduces HTML that this module wrote to what an article may contain; a store whose HTML is
    /// read back is not trusted.
    ///
    /// # Errors
    /// When it is too long, nested too deep, or not written as this module writes it.
    pub fn sanitise_article(html: &str) -> Result<Self, TextError> {
        sanitise(Policy::Article, html)
    }

    /// Reduces HTML that this module wrote to what a message may contain: no images, no
    /// identifiers, every link marked as written by a user.
    ///
    /// # Errors
    /// As for [`SafeHtml::sanitise_article`].
    pub fn sanitise_message(html: &str) -> Result<Self, TextError> {
        sanitise(Policy::Message, html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML, to be stored. What is read back from a store has to prove itself again.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for SafeHtml {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Appends `text` so that it reads the same as content and inside a double-quoted attribute.
pub(super) fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\0' => {}
            c => html.push(c),
        }
    }
}

fn sanitise(policy: Policy, html: &str) -> Result<SafeHtml, TextError> {
    SANITISED
        .unless_known(policy, html, || sanitise_anew(policy, html))
        .map(SafeHtml)
}

/// Runs the sanitiser.
pub(super) fn sanitise_anew(policy: Policy, html: &str) -> Result<String, TextError> {
    let (builder, max) = match policy {
        Policy::Article => (&ARTICLE, ARTICLE_HTML_BYTES),
        Policy::Message => (&MESSAGE, MESSAGE_HTML_BYTES),
    };
    check_html(html, max)?;
    let clean = builder.clean(&in_pieces(html)).to_string();
    if clean.len() > max {
        return Err(TextError::OutputTooLong { max });
    }
    Ok(clean)
}

/// Tags that both kinds of text may contain. None of them switches the HTML parser to another mode
/// (raw text, SVG, MathML), which is what mutation attacks need.
const TAGS: [&str; 23] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sub",
    "sup",
    "ul",
    "b",
];
const TABLE_TAGS: [&str; 6] = ["table", "thead", "tbody", "tr", "th", "td"];
const ARTICLE_TAGS: [&str; 2] = ["img", "section"];
/// Tags that go together with what is in them.
const DROPPED: [&str; 10] = [
    "iframe", "math", "noscript", "object", "script", "style", "svg", "template", "textarea",
    "title",
];
/// Every class that rendered text may carry; `language-…` on code comes on top.
const CLASSES: [&str; 14] = [
    "align-center",
    "align-right",
    "anchor",
    "callout",
    "callout-danger",
    "callout-info",
    "callout-tip",
    "callout-title",
    "callout-warning",
    "footnotes",
    "lead",
    "steps",
    "table-scroll",
    "task",
];

static ARTICLE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder(
        TAGS.into_iter()
            .chain(TABLE_TAGS)
            .chain(ARTICLE_TAGS)
            .collect(),
    );
    builder.tag_attributes(HashMap::from([
        (
            "a",
            HashSet::from(["href", "title", "rel", "class", "id", "aria-label"]),
        ),
        (
            "img",
            HashSet::from(["src", "alt", "title", "width", "height", "loading"]),
        ),
        ("ol", HashSet::from(["start", "class"])),
        (
            "div",
            HashSet::from(["class", "tabindex", "role", "aria-label"]),
        ),
        ("section", HashSet::from(["class", "role"])),
        ("li", HashSet::from(["id"])),
        ("th", HashSet::from(["class", "scope"])),
        ("td", HashSet::from(["class"])),
        ("p", HashSet::from(["class"])),
        ("span", HashSet::from(["class"])),
        ("code", HashSet::from(["class"])),
        ("h2", HashSet::from(["id"])),
        ("h3", HashSet::from(["id"])),
        ("h4", HashSet::from(["id"])),
        ("h5", HashSet::from(["id"])),
        ("h6", HashSet::from(["id"])),
    ]));
    builder.attribute_filter(|tag, attribute, value| {
        article_value(tag, attribute, value).then_some(Cow::Borrowed(value))
    });
    builder
});

static MESSAGE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder(TAGS.into_iter().chain(TABLE_TAGS).collect());
    builder.tag_attributes(HashMap::from([
        ("a", HashSet::from(["href"])),
        ("ol", HashSet::from(["start"])),
        ("th", HashSet::from(["class"])),
        ("td", HashSet::from(["class"])),
        ("code", HashSet::from(["class"])),
    ]));
    builder.set_tag_attribute_value("a", "rel", MESSAGE_REL);
    builder.attribute_filter(|tag, attribute, value| {
        message_value(tag, attribute, value).then_some(Cow::Borrowed(value))
    });
    builder
});

/// Relation of every link that a user wrote: not our recommendation, no handle on our window.
pub(super) const MESSAGE_REL: &str = "noopener nofollow ugc";
/// Relation of an article's links that leave the site.
pub(super) const ARTICLE_REL: &str = "noopener";

fn builder(tags: HashSet<&'static str>) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .clean_content_tags(HashSet::from(DROPPED))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .link_rel(None)
        .strip_comments(true);
    builder
}

/// Whether an article's attribute may keep its value.
fn article_value(tag: &str, attribute: &str, value: &str) -> bool {
    match attribute {
        "href" => href::external(value).is_some() || href::local(value).is_some(),
        "src" => value.starts_with('/') && href::local(value).is_some(),
        "id" => is_id(value),
        "class" => is_class(tag, value),
        "rel" => value == ARTICLE_REL,
        "width" | "height" | "start" => is_number(value),
        "loading" => value == "lazy",
        "tabindex" => value == "0",
        "scope" => value == "col",
        "role" => matches!(
            (tag, value),
            ("div", "region" | "note") | ("section", "doc-endnotes")
        ),
        _ => true,
    }
}

/// Whether a message's attribute may keep its value.
fn message_value(tag: &str, attribute: &str, value: &str) -> bool {
    match attribute {
        "href" => href::external(value).is_some(),
        "class" => is_class(tag, value),
        "start" => is_number(value),
        "rel" => value == MESSAGE_REL,
        _ => false,
    }
}

/// Identifiers are slugs or footnote marks, so that none of them can be a name of the page's own.
fn is_id(value: &str) -> bool {
    let mark = value
        .strip_prefix("fn:")
        .or_else(|| value.strip_prefix("fnref:"));
    match mark {
        Some(number) => is_number(number),
        None => {
            !value.is_empty()
                && value
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        }
    }
}

fn is_class(tag: &str, value: &str) -> bool {
    value.split_ascii_whitespace().all(|class| {
        CLASSES.contains(&class)
            || (tag == "code" && class.strip_prefix("language-").is_some_and(is_language))
    })
}

/// Whether `name` can be the language of a block of code.
pub(super) fn is_language(name: &str) -> bool {
    (1..=20).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-#.".contains(&b))
}

fn is_number(value: &str) -> bool {
    (1..=9).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_allowed_tag_changes_the_parser_mode() {
        let allowed: Vec<_> = TAGS
            .into_iter()
            .chain(TABLE_TAGS)
            .chain(ARTICLE_TAGS)
            .collect();
        for tag in DROPPED.into_iter().chain([
            "form",
            "input",
            "base",
            "link",
            "meta",
            "embed",
            "xmp",
            "plaintext",
        ]) {
            assert!(!allowed.contains(&tag), "{tag}");
        }
    }

    #[test]
    fn escaped_text_reads_as_typed() {
        assert_eq!(
            SafeHtml::escape("a<b> & \"c\" 'd'").as_str(),
            "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"
        );
    }

    #[test]
    fn plain_text_keeps_lines_and_paragraphs() {
        assert_eq!(
            SafeHtml::plain_text("\na\n<b>\n\n\nc").as_str(),
            "<p>a<br>\n&lt;b&gt;</p>\n<p>c</p>\n"
        );
        assert_eq!(SafeHtml::plain_text("").as_str(), "");
    }

    #[test]
    fn foreign_markup_is_reduced() {
        let html = r##"<div id="Main" class="callout x" onclick="x"><svg><g>1</g></svg><img src="//evil.example/p.png">
<img src="/m/1" style="x"><a href="javascript:x">a</a><a href="/b" rel="me">b</a></div>"##;
        assert_eq!(
            SafeHtml::sanitise_article(html).expect("small").as_str(),
            "<div><img>\n<img src=\"/m/1\"><a>a</a><a href=\"/b\">b</a></div>"
        );
        assert_eq!(
            SafeHtml::sanitise_message(
                r#"<a href="https://a.example">a</a><img src="/x"><math>p</math><p id="x">b"#
            )
            .expect("small")
            .as_str(),
            "<a href=\"https://a.example\" rel=\"noopener nofollow ugc\">a</a><p>b</p>"
        );
    }

    #[test]
    fn nothing_sanitised_twice_changes() {
        let html = r#"<p class="lead">a&nbsp;<b>b</b><hr><a href="https://a.example/?a=1&amp;b" title="&lt;&gt;&quot;">c</a>"#;
        let once = sanitise_anew(Policy::Article, html).expect("small");
        assert_eq!(sanitise_anew(Policy::Article, &once), Ok(once));
    }

    #[test]
    fn parting_long_text_leaves_no_trace() {
        let text = "a &amp; b&nbsp;« é » ".repeat(500);
        let html = format!("<p>{text}</p><pre><code>{text}</code></pre>");
        assert_eq!(
            SafeHtml::sanitise_message(&html).expect("small").as_str(),
            html
        );
    }
}
