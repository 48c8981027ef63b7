//! Files under `static/`: built into the program, addressed by their content, kept for good
//! by browsers.

mod sources;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use async_compression::Level;
use rocket::http::{ContentType, Header, Status};
use rocket::request::{self, FromRequest};
use rocket::response::Responder;
use rocket::{Request, Response, Route, State, get, routes};
use tokio::sync::OnceCell;

use self::sources::{Sources, fingerprint};
use super::compression::{Coding, shrinks};
use super::edits::Edits;
use super::overrides::{OverrideFaults, STATIC};
use super::site::Site;

/// Files are compressed once: it may take a few milliseconds, not the quarter of a second of the
/// highest level.
const SMALLEST: Level = Level::Precise(9);

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

/// Files by their path below `static/`.
pub(super) struct Table(HashMap<String, Arc<File>>);

impl Table {
    /// Reads everything.
    ///
    /// # Errors
    /// The files of the override folder that cannot be read.
    pub(super) fn read(overrides: Option<&Path>) -> Result<Self, OverrideFaults> {
        let sources = Sources::list(overrides)?;
        let read = |path: String| {
            let file = File::new(sources.read(&path)?);
            Some((path, Arc::new(file)))
        };
        Ok(Self(sources.names().into_iter().filter_map(read).collect()))
    }
}

/// Every file: the built-in ones, and those of the override folder in their place or beside them.
pub struct Assets {
    overrides: Option<PathBuf>,
    table: RwLock<Table>,
    /// In a debug build, in which an edit of a built-in file shows at once.
    edits: Option<Edits>,
}

impl Assets {
    /// Reads everything.
    ///
    /// # Errors
    /// The files of the override folder that cannot be read.
    pub fn load(overrides: Option<&Path>) -> Result<Self, OverrideFaults> {
        let edits = cfg!(debug_assertions).then(|| Edits::of(vec![(SOURCES.into(), STATIC)]));
        Ok(Self {
            overrides: overrides.map(Path::to_owned),
            table: RwLock::new(Table::read(overrides)?),
            edits,
        })
    }

    /// Goes on with other files.
    pub(super) fn take_on(&self, table: Table) {
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = table;
    }

    fn find(&self, path: &str) -> Option<Arc<File>> {
        if self.edits.as_ref().is_some_and(Edits::are_new) {
            match Table::read(self.overrides.as_deref()) {
                Ok(table) => self.take_on(table),
                Err(faults) => tracing::error!(%faults, "what was edited is not shown"),
            }
        }
        let Table(files) = &*self.table.read().unwrap_or_else(PoisonError::into_inner);
        files.get(path).cloned()
    }

    /// Address of a file under `static/`, with the fingerprint of its content.
    #[must_use]
    pub fn url(&self, path: &str) -> Option<String> {
        let file = self.find(path)?;
        Some(format!("/static/{}/{path}", file.fingerprint))
    }
}

/// The routes that serve the files.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![file, favicon]
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
    use super::sources::STYLESHEET;
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
