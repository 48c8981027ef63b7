//! Files under `static/`: built into the program, addressed by their content, kept for good
//! by browsers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use rocket::http::{ContentType, Header, Status};
use rocket::response::Responder;
use rocket::{Request, Response, Route, get, routes};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "static"]
struct Files;

/// Name of the stylesheet made of all parts.
const STYLESHEET: &str = "css/guichet.css";

/// The parts of the stylesheet, in order of the cascade.
const STYLESHEET_ORDER: &str = "css/order.txt";

static FINGERPRINTS: LazyLock<HashMap<String, String>> = LazyLock::new(fingerprints);

/// The routes that serve the files.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![file, favicon]
}

/// Address of a file under `static/`, with the fingerprint of its content.
#[must_use]
pub fn url(path: &str) -> Option<String> {
    if cfg!(debug_assertions) {
        // A debug build reads the folder anew each time, so that an edit shows at once.
        return read(path).map(|bytes| format!("/static/{}/{path}", fingerprint(&bytes)));
    }
    FINGERPRINTS
        .get(path)
        .map(|print| format!("/static/{print}/{path}"))
}

fn fingerprints() -> HashMap<String, String> {
    Files::iter()
        .chain(std::iter::once(Cow::Borrowed(STYLESHEET)))
        .filter_map(|path| {
            let bytes = read(&path)?;
            Some((path.into_owned(), fingerprint(&bytes)))
        })
        .collect()
}

fn fingerprint(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..8])
}

fn read(path: &str) -> Option<Cow<'static, [u8]>> {
    if path == STYLESHEET {
        return stylesheet().map(Cow::Owned);
    }
    Files::get(path).map(|file| file.data)
}

/// All parts one after the other: one request instead of twenty.
fn stylesheet() -> Option<Vec<u8>> {
    let order = Files::get(STYLESHEET_ORDER)?;
    let mut whole = Vec::new();
    for part in String::from_utf8_lossy(&order.data).lines() {
        let part = part.trim();
        if !part.is_empty() && !part.starts_with('#') {
            whole.extend_from_slice(&Files::get(&format!("css/{part}"))?.data);
            whole.push(b'\n');
        }
    }
    Some(with_addresses(&String::from_utf8_lossy(&whole)).into_bytes())
}

/// Gives the files that the stylesheet names (`url("../…")`) the addresses that pages use, so
/// that a font preloaded by a page is the one the stylesheet asks for.
fn with_addresses(css: &str) -> String {
    let mut parts = css.split("url(\"../");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once('"').unwrap_or((part, ""));
        let address = read(path).map_or_else(
            || format!("../{path}"),
            |bytes| format!("/static/{}/{path}", fingerprint(&bytes)),
        );
        whole.push_str(&format!("url(\"{address}\"{rest}"));
    }
    whole
}

struct Asset {
    path: String,
    bytes: Cow<'static, [u8]>,
    current: bool,
}

impl<'r> Responder<'r, 'static> for Asset {
    fn respond_to(self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        let extension = self.path.rsplit('.').next().unwrap_or_default();
        let content_type = ContentType::from_extension(extension).unwrap_or(ContentType::Binary);
        // An old fingerprint is answered with what is there now, but not for good.
        let caching = if self.current {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=60"
        };
        Response::build()
            .header(content_type)
            .header(Header::new("Cache-Control", caching))
            .sized_body(self.bytes.len(), std::io::Cursor::new(self.bytes))
            .ok()
    }
}

#[get("/static/<print>/<path..>")]
fn file(print: &str, path: std::path::PathBuf) -> Result<Asset, Status> {
    let path = path.to_str().ok_or(Status::NotFound)?.to_owned();
    let bytes = read(&path).ok_or(Status::NotFound)?;
    Ok(Asset {
        current: fingerprint(&bytes) == print,
        path,
        bytes,
    })
}

#[get("/favicon.ico")]
fn favicon() -> Result<Asset, Status> {
    let path = "favicon.svg".to_owned();
    let bytes = read(&path).ok_or(Status::NotFound)?;
    Ok(Asset {
        path,
        bytes,
        current: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_asks_for_the_fonts_that_pages_preload() {
        let css =
            String::from_utf8(read(STYLESHEET).expect("a stylesheet").into_owned()).expect("text");
        let font = url("vendor/inter/inter-latin-opsz-normal.woff2").expect("the font");
        assert!(css.contains(&format!("url(\"{font}\")")), "{font}");
        assert!(
            !css.contains("url(\"../"),
            "an address is not of a file we have"
        );
    }
}
