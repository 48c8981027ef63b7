//! Files under `static/`: built into the program, addressed by their content, kept for good
//! by browsers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use async_compression::Level;
use rocket::http::{ContentType, Header, Status};
use rocket::request::{self, FromRequest};
use rocket::response::Responder;
use rocket::{Request, Response, Route, get, routes};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::compression::{Coding, shrinks};

#[derive(RustEmbed)]
#[folder = "static"]
struct Files;

/// Files are compressed once: it may take a few milliseconds, not the quarter of a second of the
/// highest level.
const SMALLEST: Level = Level::Precise(9);

/// Name of the stylesheet made of all parts.
const STYLESHEET: &str = "css/guichet.css";

/// The parts of the stylesheet, in order of the cascade.
const STYLESHEET_ORDER: &str = "css/order.txt";

/// A file, ready to send.
struct File {
    bytes: Cow<'static, [u8]>,
    fingerprint: String,
    /// The same made small, once somebody accepted it so.
    small: [OnceCell<Vec<u8>>; 2],
}

impl File {
    fn new(bytes: Cow<'static, [u8]>) -> Self {
        Self {
            fingerprint: fingerprint(&bytes),
            bytes,
            small: [OnceCell::new(), OnceCell::new()],
        }
    }
}

/// Every file. A debug build reads the folder anew each time, so that an edit shows at once.
static FILES: LazyLock<HashMap<String, Arc<File>>> = LazyLock::new(|| {
    Files::iter()
        .chain(std::iter::once(Cow::Borrowed(STYLESHEET)))
        .filter_map(|path| Some((path.to_string(), Arc::new(File::new(read(&path)?)))))
        .collect()
});

fn find(path: &str) -> Option<Arc<File>> {
    if cfg!(debug_assertions) {
        return read(path).map(|bytes| Arc::new(File::new(bytes)));
    }
    FILES.get(path).cloned()
}

/// The routes that serve the files.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![file, favicon]
}

/// Address of a file under `static/`, with the fingerprint of its content.
#[must_use]
pub fn url(path: &str) -> Option<String> {
    find(path).map(|file| format!("/static/{}/{path}", file.fingerprint))
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
    file: Arc<File>,
    current: bool,
    coding: Option<Coding>,
}

impl Asset {
    async fn find(path: String, print: &str, accepted: Accepted) -> Result<Self, Status> {
        let file = find(&path).ok_or(Status::NotFound)?;
        let mut asset = Self {
            current: file.fingerprint == print,
            coding: None,
            path,
            file,
        };
        if let Some(coding) = accepted.0.filter(|_| shrinks(&asset.content_type())) {
            let made = asset.file.small[coding as usize]
                .get_or_try_init(|| coding.compress(&asset.file.bytes, SMALLEST));
            made.await.map_err(|_| Status::InternalServerError)?;
            asset.coding = Some(coding);
        }
        Ok(asset)
    }

    fn content_type(&self) -> ContentType {
        let extension = self.path.rsplit('.').next().unwrap_or_default();
        ContentType::from_extension(extension).unwrap_or(ContentType::Binary)
    }

    fn bytes(&self) -> &[u8] {
        let small = self.coding.and_then(|c| self.file.small[c as usize].get());
        small.map_or(&self.file.bytes, Vec::as_slice)
    }
}

/// The bytes of an asset, shared with everyone who is sent them.
struct Shared(Asset);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes()
    }
}

impl<'r> Responder<'r, 'static> for Asset {
    fn respond_to(self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        // An old fingerprint is answered with what is there now, but not for good.
        let caching = if self.current {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=60"
        };
        let mut response = Response::build();
        response.header(self.content_type());
        response.header(Header::new("Cache-Control", caching));
        if let Some(coding) = self.coding {
            response.header(Header::new("Content-Encoding", coding.name()));
            response.header(Header::new("Vary", "Accept-Encoding"));
        }
        let size = self.bytes().len();
        response.sized_body(size, std::io::Cursor::new(Shared(self)));
        response.ok()
    }
}

/// How the asker takes files, at its best.
struct Accepted(Option<Coding>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Accepted {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        request::Outcome::Success(Self(Coding::accepted(request)))
    }
}

#[get("/static/<print>/<path..>")]
async fn file(print: &str, path: std::path::PathBuf, accepted: Accepted) -> Result<Asset, Status> {
    let path = path.to_str().ok_or(Status::NotFound)?.to_owned();
    Asset::find(path, print, accepted).await
}

#[get("/favicon.ico")]
async fn favicon(accepted: Accepted) -> Result<Asset, Status> {
    Asset::find("favicon.svg".to_owned(), "", accepted).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_asks_for_the_fonts_that_pages_preload() {
        let css =
            String::from_utf8(read(STYLESHEET).expect("a stylesheet").into_owned()).expect("text");
        let font = url("vendor/inter/inter-latin-normal.woff2").expect("the font");
        assert!(css.contains(&format!("url(\"{font}\")")), "{font}");
        assert!(
            !css.contains("url(\"../"),
            "an address is not of a file we have"
        );
    }
}
