//! Reads rendered HTML with a real tokeniser and says what must not be in it. Shares neither code
//! nor lists with the renderer.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// What may be in a text.
#[derive(Clone, Copy)]
pub(super) enum Allowed {
    Article,
    Message,
}

/// Everything in `html` that is not allowed, in words.
pub(super) fn violations(html: &str, allowed: Allowed) -> Vec<String> {
    let input = BufferQueue::default();
    input.push_back(html.into());
    let sink = Check {
        allowed,
        found: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.into_inner()
}

struct Check {
    allowed: Allowed,
    found: RefCell<Vec<String>>,
}

impl Check {
    fn tag(&self, tag: &Tag) {
        let name = &*tag.name;
        let in_message = [
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ];
        let in_article = [
            "div", "h2", "h3", "h4", "h5", "h6", "img", "section", "span", "sup",
        ];
        let article = matches!(self.allowed, Allowed::Article);
        let known = in_message.contains(&name) || (article && in_article.contains(&name));
        if !known {
            self.report(format!("tag {name}"));
        }
        if tag.kind == TagKind::EndTag {
            return;
        }
        for attribute in &tag.attrs {
            let (key, value) = (&*attribute.name.local, &*attribute.value);
            if !self.attribute(name, key, value) {
                self.report(format!("{name} {key}={value:?}"));
            }
        }
        let has = |key: &str| {
            tag.attrs
                .iter()
                .any(|attribute| &*attribute.name.local == key)
        };
        if name == "a" && !article && !has("rel") {
            self.report("a without rel".to_owned());
        }
    }

    fn attribute(&self, tag: &str, key: &str, value: &str) -> bool {
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        match (self.allowed, tag, key) {
            (_, "a", "href") => self.leads_well(value),
            (_, "ol", "start") => digits,
            (_, "td" | "th", "class") => value.starts_with("align-"),
            (_, "code", "class") => value.starts_with("language-") && !value.contains(' '),
            (Allowed::Message, "a", "rel") => value == "noopener nofollow ugc",
            (Allowed::Message, ..) => false,
            (Allowed::Article, "a", "rel") => value == "noopener",
            (Allowed::Article, "img", "src") => value.starts_with('/') && !value.starts_with("//"),
            (Allowed::Article, "img", "width" | "height") => digits,
            (Allowed::Article, "img", "loading") => value == "lazy",
            (Allowed::Article, "a" | "img", "title") | (Allowed::Article, "img", "alt") => true,
            (Allowed::Article, "a" | "div", "aria-label") => true,
            (Allowed::Article, _, "id") => {
                !value.is_empty() && value.is_ascii() && !value.contains([' ', '"', '<'])
            }
            (Allowed::Article, _, "class") => !value.is_empty(),
            (Allowed::Article, "div" | "section", "role") => {
                matches!(value, "region" | "note" | "doc-endnotes")
            }
            (Allowed::Article, "div", "tabindex") => value == "0",
            (Allowed::Article, "th", "scope") => value == "col",
            _ => false,
        }
    }

    /// Judges an address as a browser does: white space and controls dropped, case ignored.
    fn leads_well(&self, value: &str) -> bool {
        let bare: String = value
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .collect::<String>()
            .to_lowercase();
        let outside = ["http://", "https://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| bare.starts_with(scheme));
        let inside = bare.starts_with('#')
            || (bare.starts_with('/') && !bare.starts_with("//") && !bare.starts_with("/\\"));
        outside || (inside && matches!(self.allowed, Allowed::Article))
    }

    fn report(&self, what: String) {
        self.found.borrow_mut().push(what);
    }
}

impl TokenSink for Check {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.tag(&tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => {
                self.report("comment or doctype".to_owned())
            }
            Token::ParseError(_)
            | Token::CharacterTokens(_)
            | Token::NullCharacterToken
            | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

#[test]
fn the_checker_sees_what_it_is_there_for() {
    for html in [
        "<script>1</script>",
        "<p onclick=x>",
        "<a href='java&#115;cript:1'>",
        "<a href=' javascript:1'>",
        "<img src=//a>",
        "<img src=x>",
        "<svg>",
        "<!-- -->",
        "<p style=''>",
        "<a href='data:x'>",
        "<iframe>",
        "<h2 id=''>",
    ] {
        assert!(!violations(html, Allowed::Article).is_empty(), "{html}");
    }
    for html in [
        "<a href='/a' rel='noopener nofollow ugc'>",
        "<a href='https://a'>",
        "<img>",
        "<h2>",
        "<p class=lead>",
    ] {
        assert!(!violations(html, Allowed::Message).is_empty(), "{html}");
    }
}
