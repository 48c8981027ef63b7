//! Links and images.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use pulldown_cmark::LinkType;

use super::super::autolink::first_address;
use super::super::events::{end_of, words};
use super::super::href::{self, Resolved};
use super::super::markdown::{Image, Link};
use super::super::plain::{excerpt, slug};
use super::super::safe_html::{ARTICLE_REL, MESSAGE_REL, escape_into};
use super::{ATTRIBUTE_MAX, Kind, Writer};

/// A checked address and whether it leaves the site.
struct Destination {
    href: String,
    leaves: bool,
}

impl Writer<'_> {
    /// Opens a link; gives what closes it, nothing when the target may not be linked.
    pub(super) fn start_link(
        &mut self,
        at: usize,
        link_type: LinkType,
        target: &str,
        title: &str,
    ) -> &'static str {
        let target = match link_type {
            LinkType::Email => Cow::Owned(format!("mailto:{target}")),
            _ => Cow::Borrowed(target),
        };
        let destination = self.destination(&target);
        let close = match &destination {
            Some(destination) => {
                self.open_anchor(destination, title);
                self.in_link = true;
                "</a>"
            }
            None => "",
        };
        let line = self.lines.line(self.events[at].1.start);
        let href = destination.map(|destination| destination.href);
        self.page.links.push(Link {
            target: target.into_owned(),
            line,
            href,
        });
        close
    }

    fn destination(&self, target: &str) -> Option<Destination> {
        let outside = |target: &str| {
            let href = href::external(target)?.into_owned();
            Some(Destination { href, leaves: true })
        };
        if self.kind == Kind::Message {
            return outside(target);
        }
        match self.resolver.link(target) {
            Resolved::Local(path) => {
                let href = href::local(&heading_fragment(&path))?.into_owned();
                Some(Destination {
                    href,
                    leaves: false,
                })
            }
            Resolved::External(address) => outside(&address),
            Resolved::Unknown => None,
        }
    }

    fn open_anchor(&mut self, destination: &Destination, title: &str) {
        self.page.html.push_str("<a");
        self.attribute("href", &destination.href);
        if self.kind == Kind::Message {
            self.attribute("rel", MESSAGE_REL);
        } else {
            if destination.leaves {
                self.attribute("rel", ARTICLE_REL);
            }
            if !title.is_empty() {
                self.attribute("title", &excerpt(title, ATTRIBUTE_MAX));
            }
        }
        self.page.html.push('>');
    }

    /// Writes the image at `at`; gives the index after it. An image that is not of this site, or
    /// not allowed here, is written as its words, in a message with a link to it.
    pub(super) fn image(&mut self, at: usize, target: &str, title: &str) -> usize {
        let end = end_of(self.events, at);
        let alt = excerpt(&words(&self.events[at..end]), ATTRIBUTE_MAX);
        self.page.plain.push_str(&alt);
        if self.kind == Kind::Message {
            self.image_as_link(target, &alt);
            return end + 1;
        }
        let image = self.resolver.image(target);
        let src = image
            .as_ref()
            .and_then(|image| href::local(&image.src))
            .filter(|src| src.starts_with('/'));
        match &src {
            Some(src) => {
                self.page.html.push_str("<img");
                self.attribute("src", src);
                self.attribute("alt", &alt);
                if !title.is_empty() {
                    self.attribute("title", &excerpt(title, ATTRIBUTE_MAX));
                }
                if let Some((width, height)) = image.as_ref().and_then(|image| image.size) {
                    self.attribute("width", &width.to_string());
                    self.attribute("height", &height.to_string());
                }
                self.attribute("loading", "lazy");
                self.page.html.push('>');
            }
            None => escape_into(&mut self.page.html, &alt),
        }
        let found = src.is_some();
        let line = self.lines.line(self.events[at].1.start);
        self.page.images.push(Image {
            target: target.to_owned(),
            line,
            alt,
            found,
        });
        end + 1
    }

    fn image_as_link(&mut self, target: &str, alt: &str) {
        let destination = self.destination(target).filter(|_| !self.in_link);
        let label = if alt.is_empty() { target } else { alt };
        if let Some(destination) = &destination {
            self.open_anchor(destination, "");
        }
        escape_into(&mut self.page.html, label);
        if destination.is_some() {
            self.page.html.push_str("</a>");
        }
    }

    /// Writes text, its bare web addresses as links.
    pub(super) fn text_with_addresses(&mut self, mut text: &str) {
        while let Some(found) = first_address(text) {
            escape_into(&mut self.page.html, &text[..found.start]);
            let address = &text[found.clone()];
            match self.destination(address) {
                Some(destination) => {
                    self.open_anchor(&destination, "");
                    escape_into(&mut self.page.html, address);
                    self.page.html.push_str("</a>");
                }
                None => escape_into(&mut self.page.html, address),
            }
            text = &text[found.end..];
        }
        escape_into(&mut self.page.html, text);
    }
}

/// A place whose fragment is spelt like the identifiers of headings, so that `#Étape 2` finds
/// `#etape-2`.
fn heading_fragment(path: &str) -> Cow<'_, str> {
    match path.split_once('#') {
        Some((place, fragment)) => {
            let words = percent_decode_str(fragment).decode_utf8_lossy();
            Cow::Owned(format!("{place}#{}", slug(&words)))
        }
        None => Cow::Borrowed(path),
    }
}
