//! Reads rendered HTML with a tokeniser that a browser's authors wrote, and says what must not be
//! in it. Shares neither code nor lists with the program.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// What may be in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    Article,
    Message,
    /// Plain text in paragraphs.
    Plain,
}

/// What was read.
#[derive(Default)]
pub struct Read {
    /// Everything that is not allowed or not well formed, in words.
    pub faults: Vec<String>,
    /// The text without tags.
    pub text: String,
    /// Every `id`.
    pub ids: Vec<String>,
    open: Vec<String>,
}

const PLAIN: &[&str] = &["p", "br"];
const MESSAGE: &[&str] = &[
    "a",
    "b",
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
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
const ARTICLE: &[&str] = &["img", "section"];
const VOID: &[&str] = &["br", "hr", "img"];

/// Reads a whole text.
pub fn read(html: &str, allowed: Allowed) -> Read {
    let input = BufferQueue::default();
    input.push_back(html.into());
    let reader = Reader {
        allowed,
        found: RefCell::default(),
    };
    let options = TokenizerOpts {
        exact_errors: true,
        discard_bom: false,
        ..TokenizerOpts::default()
    };
    let tokenizer = Tokenizer::new(reader, options);
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut found = tokenizer.sink.found.into_inner();
    if !found.open.is_empty() {
        found.faults.push(format!("left open: {:?}", found.open));
    }
    found
}

/// Panics when something is wrong with a text.
pub fn assert_fine(html: &str, allowed: Allowed) -> Read {
    let found = read(html, allowed);
    assert!(found.faults.is_empty(), "{:?} in {html:?}", found.faults);
    found
}

struct Reader {
    allowed: Allowed,
    found: RefCell<Read>,
}

impl Reader {
    fn tag(&self, tag: &Tag) {
        let mut found = self.found.borrow_mut();
        let name = tag.name.to_string();
        let known = match self.allowed {
            Allowed::Plain => PLAIN.contains(&&*name),
            Allowed::Message => MESSAGE.contains(&&*name),
            Allowed::Article => MESSAGE.contains(&&*name) || ARTICLE.contains(&&*name),
        };
        if !known || tag.self_closing {
            found.faults.push(format!("tag {name}"));
        }
        if tag.kind == TagKind::EndTag {
            if found.open.pop().as_ref() != Some(&name) {
                found
                    .faults
                    .push(format!("</{name}> closes something else"));
            }
            return;
        }
        let mut related = false;
        for attribute in &tag.attrs {
            let (key, value) = (&*attribute.name.local, &*attribute.value);
            related |= key == "rel";
            if !self.may_have(&name, key, value) {
                found.faults.push(format!("{name} {key}={value:?}"));
            }
            if key == "id" {
                found.ids.push(value.to_owned());
            }
        }
        if self.allowed == Allowed::Message && name == "a" && !related {
            found.faults.push("a without rel".to_owned());
        }
        if !VOID.contains(&&*name) {
            found.open.push(name);
        }
    }

    fn may_have(&self, tag: &str, key: &str, value: &str) -> bool {
        let number =
            !value.is_empty() && value.len() <= 9 && value.bytes().all(|b| b.is_ascii_digit());
        let article = self.allowed == Allowed::Article;
        match (tag, key) {
            _ if self.allowed == Allowed::Plain => false,
            ("a", "href") => leads_well(value, article),
            ("ol", "start") => number,
            (_, "class") => value
                .split_ascii_whitespace()
                .all(|class| is_class(tag, class)),
            ("a", "rel") => {
                value
                    == if article {
                        "noopener"
                    } else {
                        "noopener nofollow ugc"
                    }
            }
            _ if !article => false,
            ("img", "src") => value.starts_with('/') && leads_well(value, true),
            ("img", "width" | "height") => number,
            ("img", "loading") => value == "lazy",
            ("img", "alt") | ("a" | "img", "title") | ("a" | "div", "aria-label") => true,
            ("a" | "li" | "h2" | "h3" | "h4" | "h5" | "h6", "id") => {
                !value.is_empty()
                    && value
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b":-".contains(&b))
            }
            ("div" | "section", "role") => matches!(value, "region" | "note" | "doc-endnotes"),
            ("div", "tabindex") => value == "0",
            ("th", "scope") => value == "col",
            _ => false,
        }
    }
}

/// Classes are words of the program's own; on code the name of its language.
fn is_class(tag: &str, class: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let language = |name: &str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-#.".contains(&b))
    };
    plain(class) || (tag == "code" && class.strip_prefix("language-").is_some_and(language))
}

/// Judges an address as a browser does: parsed against the page's own, by the rules of browsers.
pub fn leads_well(address: &str, inside: bool) -> bool {
    let base = ammonia::Url::parse("https://portal.example/requests/1").expect("an address");
    let Ok(url) = base.join(address) else {
        return false;
    };
    let is_ours = url.origin() == base.origin();
    match url.scheme() {
        "http" | "https" => {
            let plain = url.username().is_empty() && url.password().is_none();
            let named = address.to_ascii_lowercase().starts_with("http");
            plain && (named || (inside && is_ours && address.starts_with(['/', '#'])))
        }
        "mailto" | "tel" => true,
        _ => false,
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.tag(&tag),
            Token::CharacterTokens(text) => self.found.borrow_mut().text.push_str(&text),
            Token::EOFToken => {}
            Token::CommentToken(_) | Token::DoctypeToken(_) | Token::NullCharacterToken => {
                let fault = "a comment, a doctype or a NUL".to_owned();
                self.found.borrow_mut().faults.push(fault);
            }
            // Characters that no page should have, but that do no harm.
            Token::ParseError(error) if error.starts_with("Bad character ") => {}
            Token::ParseError(error) => self.found.borrow_mut().faults.push(error.into_owned()),
        }
        TokenSinkResult::Continue
    }
}
