//! Sending an attachment without letting it act.
//!
//! A browser may show pictures whose content is one; everything else is saved. Whatever it is
//! runs in an empty sandbox, under the type that its content has, never the one that its name
//! claims.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rocket::http::ContentType;

use super::queries::Attachment;
use crate::platform::blobs::{Blobs, Kept, is_picture, known_type};
use crate::platform::web::{Failure, Outcome, Reply, Site};

/// The content of an attachment that its reader may have.
///
/// # Errors
/// `Damaged` when the content is missing or has not the length it should have, which is logged. What
/// was altered without changing its length is found by the scrub.
pub async fn attachment_reply(site: &Site, attachment: Attachment) -> Outcome {
    let content = Kept {
        media_type: known_type(&attachment.media_type),
        sha256: attachment.sha256,
        size: attachment.size,
    };
    send_file(site, &attachment.name, &content).await
}

/// The content of a file that its reader may have, under a name.
///
/// # Errors
/// As [`attachment_reply`].
pub async fn send_file(site: &Site, name: &str, content: &Kept) -> Outcome {
    let path = Blobs::new(&site.settings.data_dir).path(&content.sha256);
    // What its sender called it is nobody's business who reads the log.
    let damaged = |reason: String| Failure::Damaged(format!("{}: {reason}", path.display()));
    let file = tokio::fs::File::open(&path).await;
    let file = file.map_err(|error| damaged(error.to_string()))?;
    let found = file.metadata().await;
    let found = found.map_err(|error| damaged(error.to_string()))?.len();
    if u64::try_from(content.size) != Ok(found) {
        let reason = format!("{found} bytes instead of {}", content.size);
        return Err(damaged(reason));
    }
    let content_type =
        ContentType::parse_flexible(content.media_type).unwrap_or(ContentType::Binary);
    let length = usize::try_from(content.size).map_err(|e| Failure::internal(&e))?;
    Ok(Reply::file(content_type, file, length)
        .with_header(
            "Content-Disposition",
            disposition(name, is_picture(content.media_type)),
        )
        .with_header(
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
        ))
}

/// A `Content-Disposition` (RFC 6266) with the name in both spellings.
#[must_use]
pub fn disposition(name: &str, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            c if c.is_ascii() && !c.is_control() => c,
            _ => '_',
        })
        .collect();
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let header = disposition("a\"b\r\nSet-Cookie: x=é.pdf", false);
        assert!(header.starts_with("attachment; "));
        assert!(!header.contains(['\r', '\n', 'é']));
        assert_eq!(header.matches('"').count(), 2);
    }
}
