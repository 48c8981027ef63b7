//! Files under `static/`: built into the program, addressed by their content, kept for good
//! by browsers.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use async_compression::Level;
use rocket::http::{ContentType, Header, Status};
use rocket::request::{self, FromRequest};
use rocket::response::Responder;
use rocket::{Request, Response, Route, State, get, routes};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::compression::{Coding, shrinks};
use super::edits::Edits;
use super::overrides::{self, OverrideFaults, STATIC, list};
use super::site::Site;

#[derive(RustEmbed)]
#[folder = "static"]
struct Files;

/// Files are compressed once: it may take a few milliseconds, not the quarter of a second of the
/// highest level.
const SMALLEST: Level = Level::Precise(9);

/// The stylesheet of every page.
const STYLESHEET: &str = "css/guichet.css";

/// The stylesheets, each with the list of its parts in order of the cascade. What the desk has of
/// its own comes apart: a first visit to the portal would wait for a fifth more.
const STYLESHEETS: [(&str, &str); 2] = [
    (STYLESHEET, "css/order.txt"),
    ("css/desk.css", "css/order-desk.txt"),
];

/// A part that there is in override folders only. It stands outside of all layers, so that its
/// rules win.
const CUSTOM_PART: &str = "custom.css";

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

/// The folder of which a debug build reads them.
const SOURCES: &str = env!("CARGO_MANIFEST_DIR");

/// Every file: the built-in ones, and those of the override folder in their place or beside them.
pub struct Assets {
    /// Files of the override folder, by their path below `static/`.
    replaced: HashMap<String, PathBuf>,
    files: RwLock<HashMap<String, Arc<File>>>,
    /// In a debug build, in which an edit shows at once.
    edits: Option<Edits>,
}

impl Assets {
    /// Reads everything.
    ///
    /// # Errors
    /// The files of the override folder that cannot be read.
    pub fn load(overrides: Option<&Path>) -> Result<Self, OverrideFaults> {
        let replaced: HashMap<_, _> = list(overrides, STATIC)?.into_iter().collect();
        let unreadable = |path: &PathBuf| {
            let error = std::fs::read(path).err()?;
            Some(overrides::fault(path, &error.to_string()))
        };
        let faults: Vec<_> = replaced.values().filter_map(unreadable).collect();
        if !faults.is_empty() {
            return Err(OverrideFaults(faults));
        }
        let edits = cfg!(debug_assertions).then(|| {
            let folders = [Path::new(SOURCES)].into_iter().chain(overrides);
            Edits::of(folders.map(Path::to_owned).collect())
        });
        let assets = Self {
            files: RwLock::default(),
            replaced,
            edits,
        };
        assets.read_all();
        Ok(assets)
    }

    fn read_all(&self) {
        let names = Files::iter().map(Cow::into_owned);
        let names = names.chain(self.replaced.keys().cloned());
        let sheets = STYLESHEETS.iter().map(|(sheet, _)| (*sheet).to_owned());
        let names: BTreeSet<String> = names.chain(sheets).collect();
        let read = |path: String| {
            let file = File::new(self.read(&path)?);
            Some((path, Arc::new(file)))
        };
        let files = names.into_iter().filter_map(read).collect();
        *self.files.write().unwrap_or_else(PoisonError::into_inner) = files;
    }

    fn find(&self, path: &str) -> Option<Arc<File>> {
        if self.edits.as_ref().is_some_and(Edits::are_new) {
            self.read_all();
        }
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        files.get(path).cloned()
    }

    /// Address of a file under `static/`, with the fingerprint of its content.
    #[must_use]
    pub fn url(&self, path: &str) -> Option<String> {
        let file = self.find(path)?;
        Some(format!("/static/{}/{path}", file.fingerprint))
    }

    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        if let Some(file) = self.replaced.get(path) {
            return std::fs::read(file).ok().map(Cow::Owned);
        }
        if let Some((sheet, order)) = STYLESHEETS.iter().find(|(sheet, _)| *sheet == path) {
            return self.stylesheet(sheet, order).map(Cow::Owned);
        }
        Files::get(path).map(|file| file.data)
    }

    /// All parts one after the other: one request instead of twenty.
    fn stylesheet(&self, sheet: &str, order: &str) -> Option<Vec<u8>> {
        let order = self.read(order)?;
        let order = String::from_utf8_lossy(&order);
        let parts = order.lines().map(str::trim);
        let mut whole = Vec::new();
        for part in parts.filter(|part| !part.is_empty() && !part.starts_with('#')) {
            whole.extend_from_slice(&self.read(&format!("css/{part}"))?);
            whole.push(b'\n');
        }
        let custom = self.read(&format!("css/{CUSTOM_PART}"));
        if let Some(custom) = custom.filter(|_| sheet == STYLESHEET) {
            whole.extend_from_slice(&custom);
        }
        let whole = without_comments(&String::from_utf8_lossy(&whole));
        Some(self.with_addresses(&whole).into_bytes())
    }

    /// Gives the files that the stylesheet names (`url("../…")`) the addresses that pages use, so
    /// that a font preloaded by a page is the one the stylesheet asks for.
    fn with_addresses(&self, css: &str) -> String {
        let mut parts = css.split("url(\"../");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (path, rest) = part.split_once('"').unwrap_or((part, ""));
            let address = self.read(path).map_or_else(
                || format!("../{path}"),
                |bytes| format!("/static/{}/{path}", fingerprint(&bytes)),
            );
            whole.push_str(&format!("url(\"{address}\"{rest}"));
        }
        whole
    }
}

/// The routes that serve the files.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![file, favicon]
}

/// CSS without what only its authors read: comments and indentation, a tenth of what would be sent.
fn without_comments(css: &str) -> String {
    let mut small = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find(['"', '\'', '/', '\n']) {
        let (before, found) = rest.split_at(at);
        small.push_str(before);
        if let Some(comment) = found.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if found.starts_with('\n') {
            rest = found.trim_start();
            if !small.ends_with('\n') {
                small.push('\n');
            }
        } else {
            let (kept, after) = found.split_at(end_of_text(found));
            small.push_str(kept);
            rest = after;
        }
    }
    small + rest
}

/// Where a quoted text that begins here ends; after one character when none begins.
fn end_of_text(css: &str) -> usize {
    let mut characters = css.char_indices();
    let Some((_, quote @ ('"' | '\''))) = characters.next() else {
        return 1;
    };
    let mut escaped = false;
    let end = characters.find(|&(_, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(css.len(), |(at, _)| at + 1)
}

fn fingerprint(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..8])
}

struct Asset {
    path: String,
    file: Arc<File>,
    current: bool,
    coding: Option<Coding>,
}

impl Asset {
    async fn find(
        assets: &Assets,
        path: String,
        print: &str,
        accepted: Accepted,
    ) -> Result<Self, Status> {
        let file = assets.find(&path).ok_or(Status::NotFound)?;
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
async fn file(
    print: &str,
    path: PathBuf,
    accepted: Accepted,
    site: &State<Arc<Site>>,
) -> Result<Asset, Status> {
    let path = path.to_str().ok_or(Status::NotFound)?.to_owned();
    Asset::find(&site.assets, path, print, accepted).await
}

#[get("/favicon.ico")]
async fn favicon(accepted: Accepted, site: &State<Arc<Site>>) -> Result<Asset, Status> {
    Asset::find(&site.assets, "favicon.svg".to_owned(), "", accepted).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn css(assets: &Assets) -> String {
        let file = assets.find(STYLESHEET).expect("a stylesheet");
        String::from_utf8(file.bytes.to_vec()).expect("text")
    }

    #[test]
    fn the_stylesheet_asks_for_the_fonts_that_pages_preload() {
        let assets = Assets::load(None).expect("nothing replaced");
        let css = css(&assets);
        let font = assets
            .url("vendor/inter/inter-latin-normal.woff2")
            .expect("the font");
        assert!(css.contains(&format!("url(\"{font}\")")), "{font}");
        assert!(
            !css.contains("url(\"../"),
            "an address is not of a file we have"
        );
    }

    #[test]
    fn what_only_authors_read_is_not_sent() {
        for (css, sent) in [
            ("/* a */ a {\n    b: c;\n}\n\n", " a {\nb: c;\n}\n"),
            (
                "a { b: \"/* no */\\\"\n  c\" }",
                "a { b: \"/* no */\\\"\n  c\" }",
            ),
            ("a { b: '\"/*' } /* c", "a { b: '\"/*' } "),
            ("a { b: 1/2 }", "a { b: 1/2 }"),
        ] {
            assert_eq!(without_comments(css), sent);
        }
    }

    #[test]
    fn files_of_the_override_folder_replace_and_add() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        write("static/css/stub.css", ".stub { --replaced: 1 }");
        write(
            "static/css/custom.css",
            ".mine { background: url(\"../img/a.png\") }",
        );
        write("static/img/a.png", "png");
        write("static/.git/config", "no");
        let (ours, theirs) = (
            Assets::load(None).expect("nothing replaced"),
            Assets::load(Some(folder.path())).expect("readable"),
        );
        let css = css(&theirs);
        assert!(css.contains("--replaced"));
        let picture = theirs.url("img/a.png").expect("added");
        assert!(css.ends_with(&format!(".mine {{ background: url(\"{picture}\") }}")));
        assert_ne!(
            ours.url(STYLESHEET),
            theirs.url(STYLESHEET),
            "another fingerprint"
        );
        assert_eq!(ours.url("favicon.svg"), theirs.url("favicon.svg"));
        assert_eq!(theirs.url(".git/config"), None);
        assert!(Assets::load(Some(&folder.path().join("absent"))).is_err());
    }
}
