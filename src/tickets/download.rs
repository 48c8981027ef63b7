//! Sending an attachment to a browser.
//!
//! The type is the one told from the content, and nothing but pictures opens in place: a page
//! or a script that somebody attached is a file to save, in a sandbox besides.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rocket::http::{ContentType, Header, Status};
use rocket::response::{Responder, Response};
use rocket::{Request, tokio};

use super::queries::Attachment;
use crate::platform::blobs::{Blobs, is_picture};
use crate::platform::web::{Failure, Site};

/// What may stand as itself in an extended header value (RFC 5987, `attr-char`).
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// An attachment whose content is open for reading.
pub struct Download {
    attachment: Attachment,
    file: tokio::fs::File,
}

impl Download {
    /// Opens the content of an attachment.
    ///
    /// # Errors
    /// When the content is not where it was kept.
    pub async fn open(site: &Arc<Site>, attachment: Attachment) -> Result<Self, Failure> {
        let path = Blobs::new(&site.settings.data_dir).path(&attachment.sha256);
        let file = tokio::fs::File::open(&path).await.map_err(|error| {
            Failure::Unavailable(format!("{} cannot be read: {error}", path.display()))
        })?;
        Ok(Self { attachment, file })
    }
}

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, request: &'r Request<'_>) -> rocket::response::Result<'static> {
        let Attachment {
            name,
            media_type,
            size,
            sha256,
            ..
        } = self.attachment;
        let tag = format!("\"{sha256}\"");
        let mut response = Response::build();
        response
            .header(Header::new("ETag", tag.clone()))
            .header(Header::new("Cache-Control", "private, no-cache"))
            .header(Header::new("Content-Security-Policy", "sandbox; default-src 'none'"))
            .header(Header::new("X-Content-Type-Options", "nosniff"));
        if request.headers().get("If-None-Match").any(|sent| holds(sent, &tag)) {
            return response.status(Status::NotModified).ok();
        }
        response
            .header(ContentType::parse_flexible(&media_type).unwrap_or(ContentType::Binary))
            .header(Header::new("Content-Disposition", disposition(&name, &media_type)))
            .sized_body(usize::try_from(size).ok(), self.file)
            .ok()
    }
}

fn holds(sent: &str, tag: &str) -> bool {
    sent.split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// How a browser is to treat a file, and its name twice: in ASCII for old browsers, and in full
/// (RFC 6266, section 4.3).
fn disposition(name: &str, media_type: &str) -> String {
    let kind = if is_picture(media_type) {
        "inline"
    } else {
        "attachment"
    };
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let full = utf8_percent_encode(name, EXTENDED);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_in_full_and_in_ascii() {
        assert_eq!(
            disposition("relevé d’été.csv", "text/plain"),
            "attachment; filename=\"relev_ d__t_.csv\"; \
             filename*=UTF-8''relev%C3%A9%20d%E2%80%99%C3%A9t%C3%A9.csv"
        );
        assert_eq!(
            disposition("a\"b.png", "image/png"),
            "inline; filename=\"a_b.png\"; filename*=UTF-8''a%22b.png"
        );
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        assert!(holds("\"a\", W/\"b\"", "\"b\""));
        assert!(!holds("\"ab\"", "\"b\""));
    }
}
