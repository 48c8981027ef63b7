//! A copy of everything that is held about a person, for themselves.
//!
//! One zip file: pages to read in the person's language, the same as JSON with its schema, and the
//! files. It holds what the person may see anyway, and nothing of others beyond the conversation:
//! no internal note, no address of an agent. It is written a little at a time, so that its size costs
//! the disk and not memory.

mod account;
mod archive;
mod listing;
mod lists;
pub(super) mod pages;
mod requests;

use std::fs::File;
use std::io::{Seek, SeekFrom};

use crate::accounts::Person;
use crate::platform::db::{Conn, StorageError, Timestamp};
use crate::platform::i18n::{Calendar, Lang, Message};
use crate::platform::web::Site;
use crate::platform::web::templates::TemplateError;
use crate::platform::web::view::View;

use self::archive::Archive;
use self::pages::{Frame, Index, IndexSection};

/// How the pages look.
const STYLE: &str = include_str!("style.css");
/// What the JSON means, as a JSON Schema.
const SCHEMA: &str = include_str!("schema.json");

/// Why a copy could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The disk.
    #[error("the archive cannot be written: {0}")]
    Disk(#[from] std::io::Error),
    /// A page.
    #[error("a page of the archive cannot be made: {0}")]
    Page(#[from] TemplateError),
}

impl From<zip::result::ZipError> for ExportError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Disk(error.into())
    }
}

/// Whose copy is made, and how it speaks.
pub(super) struct Job<'a> {
    pub site: &'a Site,
    pub person: &'a Person,
    pub lang: Lang,
    pub calendar: Calendar,
    pub now: Timestamp,
}

impl Job<'_> {
    fn read<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> diesel::QueryResult<T>,
    ) -> Result<T, ExportError> {
        let read = self
            .site
            .db
            .read_blocking(|conn| work(conn).map_err(StorageError::from));
        Ok(read?)
    }

    fn say(&self, key: &str) -> String {
        Message::new(key).render(self.lang)
    }

    /// A page of the archive, whose files lie `depth` folders above it.
    fn page<V: View>(&self, view: &V) -> Result<String, ExportError> {
        let mut context = tera::Context::from_serialize(view)?;
        context.insert("lang", &self.lang);
        Ok(self.site.templates.render(V::TEMPLATE, &context)?)
    }

    fn frame(&self, title: String, top: &str) -> Frame {
        Frame {
            title,
            top: top.to_owned(),
            portal: self.site.company.get().full_name(),
            made: Message::new("export-made")
                .text("moment", self.calendar.moment(self.now))
                .render(self.lang),
        }
    }
}

/// Writes the copy into an unnamed file and sets it to its beginning; answers its length, too.
/// Blocking, and as long as the disk takes.
///
/// # Errors
/// See [`ExportError`].
pub fn make(site: &Site, person: &Person) -> Result<(File, u64), ExportError> {
    let now = site.db.now();
    let company = site.company.get();
    let lang = company.language_or_default(person.language);
    let copy = Job {
        site,
        person,
        lang,
        calendar: Calendar::new(lang, person.zone_or(company.time_zone), now),
        now,
    };
    let file = tempfile::tempfile_in(site.settings.data_dir.join("tmp"))?;
    let mut archive = Archive::new(file, now);
    let account = account::read(&copy)?;
    archive.add_json("data/account.json", &account)?;
    let mut sections = vec![requests::write(&copy, &mut archive)?];
    sections.extend(lists::write(&copy, &mut archive)?);
    let index = Index {
        frame: copy.frame(copy.say("data-title"), ""),
        facts: account::facts(&copy, &account),
        sections: sections.into_iter().filter(|s| s.count > 0).collect(),
    };
    archive.add("index.html", &copy.page(&index)?)?;
    archive.add("style.css", STYLE)?;
    archive.add("data/schema.json", SCHEMA)?;
    let mut file = archive.finish()?;
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, length))
}

/// What the file is called: the day, and nobody's name.
#[must_use]
pub fn file_name(lang: Lang, now: Timestamp) -> String {
    let day = now.utc().format("%Y-%m-%d").to_string();
    Message::new("export-file-name")
        .text("day", day)
        .render(lang)
}

fn section(copy: &Job<'_>, key: &str, href: &str, count: usize) -> IndexSection {
    IndexSection {
        title: copy.say(key),
        href: href.to_owned(),
        count: i64::try_from(count).unwrap_or(i64::MAX),
    }
}
